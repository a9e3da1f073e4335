// Inside the preview's frame: a page as a site might have it, and the form drawn by what draws it there. Nothing is sent.
import type { Site } from "../site/client";
import { render } from "../site/form-view";
import type { Told } from "../site/told";

const PAGE = `body { margin: 0; padding: 6% 8%; background: #fff } .line { block-size: 1rem; margin-block: 1rem; border-radius: .5rem; background: #e6e8eb } .short { inline-size: 55% } .high { block-size: 9rem }`;
// In a page of its own the form is a modal dialog; here it may not take the focus from where somebody types.
const STILL = `dialog { position: fixed; inset: 0; block-size: fit-content; box-shadow: 0 0 0 200vmax rgb(0 0 0 / .45) }`;

function sheet(text: string): CSSStyleSheet {
  const made = new CSSStyleSheet();
  made.replaceSync(text);
  return made;
}

const data = document.getElementById("told");
const box = document.getElementById("box");
if (data && box) {
  document.adoptedStyleSheets = [sheet(PAGE)];
  const told = JSON.parse(data.textContent ?? "{}") as Told;
  HTMLDialogElement.prototype.showModal = function (this: HTMLDialogElement) {
    this.setAttribute("open", "");
  };
  const nobody = { options: { server: "" }, mayKeep: () => false, came: () => ({}) } as unknown as Site;
  render(nobody, told, box, told.kind === "pop_up" ? () => undefined : undefined);
  const root = box.shadowRoot!;
  root.adoptedStyleSheets.push(sheet(STILL));
  root.addEventListener("submit", (event) => (event.preventDefault(), event.stopImmediatePropagation()), true);
}
