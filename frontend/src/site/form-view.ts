import type { Site } from "./client";
import { styleOf } from "./form-style";
import type { Told } from "./told";

type Attributes = Record<string, string | boolean>;

/** An element; texts go in as texts, so nothing that somebody wrote becomes markup. */
function make<K extends keyof HTMLElementTagNameMap>(name: K, attributes: Attributes = {}, ...inside: (Node | string)[]): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== false) made.setAttribute(key, value === true ? "" : value);
  made.append(...inside);
  return made;
}

/** Draws a form into a box of the page. close: of one that opened over the page, which is a dialog then; it hears whether it was answered. */
export function render(site: Site, told: Told, box: HTMLElement, close?: (answered: boolean) => void): void {
  const root = box.shadowRoot ?? box.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet(); // no style element: a site's policy may forbid those
  sheet.replaceSync(styleOf(told));
  root.adoptedStyleSheets = [sheet];
  let shown = told.shown;
  let answered = false;

  const said = make("p", { class: "said", role: "status" });
  const form = make("form", { novalidate: true }, ...told.fields.map(field), trap(told), ...told.consents.map(agree), make("button", { type: "submit" }, told.button), said);
  const content = [make("h2", {}, told.title), ...(told.text ? [make("p", {}, told.text)] : []), form];
  const inside = make("div", { class: "inside", lang: told.language, dir: told.dir }, ...content);

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void send();
  });

  async function send(): Promise<void> {
    const button = form.querySelector("button")!;
    button.disabled = true;
    said.textContent = "";
    const body = new URLSearchParams([...new FormData(form)].map(([name, value]) => [name, String(value)]));
    body.set("shown", shown);
    body.set("language", told.language);
    for (const [name, value] of Object.entries(site.came())) body.set(name, value);
    if (site.mayKeep()) body.set("anonymous", site.who().anonymousId);
    try {
      const answer = await fetch(`${site.options.server}/f/${told.token}`, { method: "POST", body, headers: { Accept: "application/json" }, credentials: "omit" });
      const heard = await answer.json();
      if (!answer.ok) {
        shown = heard.shown ?? shown;
        mark(heard.faults ?? {}, heard.said ?? told.failed);
      } else {
        answered = true;
        box.dispatchEvent(new Event("answered"));
        inside.replaceChildren(make("p", { role: "status", tabindex: "-1" }, heard.thanks), ...(close ? [closer()] : []));
        inside.querySelector<HTMLElement>("[role=status]")!.focus();
        if (heard.redirect) location.assign(heard.redirect);
      }
    } catch {
      said.textContent = told.failed;
    }
    button.disabled = false;
  }

  function mark(faults: Record<string, string>, text: string): void {
    said.textContent = text;
    for (const input of form.querySelectorAll<HTMLInputElement>("label.field input")) {
      const fault = faults[input.name];
      input.toggleAttribute("aria-invalid", false);
      if (fault) input.setAttribute("aria-invalid", "true");
      input.parentElement!.querySelector("small")!.textContent = fault ?? "";
    }
    form.querySelector<HTMLInputElement>("[aria-invalid=true]")?.focus();
  }

  function closer(): HTMLElement {
    const button = make("button", { type: "button", class: "close", "aria-label": told.close }, "×");
    button.addEventListener("click", () => dialog?.close());
    return button;
  }

  let dialog: HTMLDialogElement | undefined;
  if (close) {
    // A modal dialog of the browser's: it keeps the focus inside, Escape closes it, and the focus goes back.
    dialog = make("dialog", { class: told.place, "aria-label": told.title }, inside);
    dialog.addEventListener("close", () => close(answered));
    inside.append(closer());
    root.replaceChildren(dialog);
    dialog.showModal();
  } else {
    root.replaceChildren(inside);
  }
}

function field({ name, label, required, type, autocomplete }: Told["fields"][number]): HTMLElement {
  const input = make("input", { name, type, autocomplete, required, maxlength: "500", dir: type === "text" ? "auto" : "ltr" });
  return make("label", { class: "field" }, make("span", {}, required ? `${label} *` : label), input, make("small"));
}

function agree(text: string, number: number): HTMLElement {
  return make("label", {}, make("input", { type: "checkbox", name: `consent${number}`, value: "yes" }), make("span", {}, text));
}

/** A field that nobody sees: whoever fills it in is a machine. */
function trap(told: Told): HTMLElement {
  return make("div", { hidden: true }, make("label", {}, told.trap, make("input", { name: told.trap_name, tabindex: "-1", autocomplete: "off" })));
}
