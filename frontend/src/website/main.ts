// The page on which a form is drawn: what it will look like, drawn anew while one types. Without this the button beside it does the same.
const WIDTHS: Record<string, [number, number]> = { wide: [1280, 860], phone: [390, 760] };
const PAUSE = 500; // ms without typing

const form = document.getElementById("draw");
const stage = document.getElementById("preview");
const screen = document.getElementById("preview-screen");

/** A fresh frame for each drawing: going back does not lead through them, and the old one stands until the new one is there. */
export function preview(form: HTMLFormElement, stage: HTMLElement, number: number): void {
  const old = [...stage.querySelectorAll("iframe")];
  const frame = old[0]!.cloneNode() as HTMLIFrameElement;
  frame.name = `${stage.id}-${number}`;
  frame.hidden = true;
  frame.addEventListener("load", () => {
    if (frame.contentWindow?.location.href === "about:blank") return;
    frame.hidden = false;
    for (const one of old) one.remove();
  });
  stage.append(frame);
  const { action, target } = form;
  form.action = stage.dataset["preview"]!;
  form.target = frame.name;
  form.submit(); // past the page's own checks: what is half written is drawn as it is
  form.action = action;
  form.target = target;
}

/** The frame is as wide as that screen, made smaller until it fits. */
export function fit(stage: HTMLElement, name: string): void {
  const [width, height] = WIDTHS[name] ?? WIDTHS["phone"]!;
  const scale = Math.min(1, stage.clientWidth / width);
  stage.style.blockSize = `${height * scale}px`;
  for (const frame of stage.querySelectorAll("iframe")) {
    Object.assign(frame.style, { inlineSize: `${width}px`, blockSize: `${height}px`, transform: `scale(${scale})` });
    frame.style.transformOrigin = getComputedStyle(stage).direction === "rtl" ? "top right" : "top left";
  }
}

if (form instanceof HTMLFormElement && stage && screen instanceof HTMLSelectElement) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let number = 0;
  const draw = () => {
    preview(form, stage, (number += 1));
    fit(stage, screen.value);
  };
  form.addEventListener("input", (event) => {
    if (event.target === screen) return fit(stage, screen.value);
    clearTimeout(timer);
    timer = setTimeout(draw, PAUSE);
  });
  // Controls that stand outside belong to the form and do not bubble through it.
  for (const outside of document.querySelectorAll<HTMLSelectElement>("select[form=draw]")) outside.addEventListener("change", outside === screen ? () => fit(stage, screen.value) : draw);
  addEventListener("resize", () => fit(stage, screen.value));
  draw();
}
