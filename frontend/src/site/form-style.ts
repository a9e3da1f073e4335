import type { Told } from "./told";

/** Of one form, for its shadow root. Phone first: there a dialog lies at the bottom, as wide as the page. */
export function styleOf({ colour, on_colour }: Told): string {
  return `:host { all: initial }
* { box-sizing: border-box }
.inside { font: 1rem/1.7 Vazirmatn, "Segoe UI", Tahoma, system-ui, sans-serif; color: #222; background: #fff; padding: 1.5rem; position: relative; border-block-start: .35rem solid ${colour} }
h2 { font-size: 1.3rem; margin: 0 0 .5rem; padding-inline-end: 2.5rem } p { margin: 0 0 .75rem }
label { display: flex; gap: .6rem; align-items: baseline; margin-block: .75rem } label.field { flex-direction: column; gap: .25rem; align-items: stretch }
label.field input { font: inherit; color: inherit; background: #fff; padding: .5rem .75rem; border: 1px solid #767676; border-radius: .5rem; inline-size: 100% }
input[type=checkbox] { inline-size: 1.2rem; block-size: 1.2rem; flex: none; accent-color: ${colour}; transform: translateY(.2rem) }
input[aria-invalid=true] { border-color: #b3261e } small, .said { color: #b3261e } .said:empty, small:empty { display: none }
button { font: inherit; min-block-size: 2.75rem; padding: .4rem 1.5rem; border: 0; border-radius: .5rem; background: ${colour}; color: ${on_colour}; cursor: pointer }
button.close { position: absolute; inset-block-start: .5rem; inset-inline-end: .5rem; min-inline-size: 2.75rem; padding: 0; background: none; color: #444; font-size: 1.6rem }
:focus-visible { outline: 3px solid #1d4f91; outline-offset: 2px }
dialog { border: 0; padding: 0; margin: auto 0 0; inline-size: 100%; max-inline-size: none; max-block-size: 90vh; overflow: auto; border-radius: .75rem .75rem 0 0 }
dialog::backdrop { background: rgb(0 0 0 / .45) }
@media (min-width: 40rem) { dialog { inline-size: 26rem; margin: auto; border-radius: .75rem }
dialog.corner { margin: auto 1.5rem 1.5rem auto } dialog.bottom { margin: auto auto 1.5rem; inline-size: 40rem; max-inline-size: 94vw } }`;
}
