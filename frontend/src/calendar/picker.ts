import { dayOf, partsOf, plusDays, plusMonths, readDay, sameDay, weekday, weeksOf, writeDay } from "./days";
import { frame, names, setting, type Setting } from "./setting";

/** The one calendar that is open. A native dialog: it traps the keyboard, Escape closes it, the focus goes back to its button. */
type Open = { dialog: HTMLDialogElement; input: HTMLInputElement; set: Setting; at: Date; chosen: Date | null };
let open: Open | null = null;

/** Buttons with `data-picks="id"` open the calendar for that input. One listener serves what htmx and islands bring later. */
export function listenForCalendars(root: Document): void {
  root.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-picks]") : null;
    const input = button && root.getElementById(button.dataset["picks"] ?? "");
    if (button && input instanceof HTMLInputElement) openCalendar(input, button);
  });
}

export function openCalendar(input: HTMLInputElement, button: HTMLElement): void {
  const dialog = frame()?.content.querySelector("dialog")?.cloneNode(true) as HTMLDialogElement | undefined;
  if (!dialog || input.disabled) return;
  const set = setting();
  const chosen = readDay(input.value);
  const state: Open = { dialog, input, set, at: chosen ?? set.today, chosen };
  open = state;
  dialog.addEventListener("click", (event) => press(state, event.target as Element));
  dialog.addEventListener("keydown", (event) => move(state, event));
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (open === state) open = null;
    button.focus();
  });
  document.body.append(dialog);
  draw(state);
  dialog.showModal();
  place(dialog, button);
  focus(state);
}

function draw({ dialog, set, at, chosen }: Open): void {
  const said = names(set);
  const [year, month, on] = partsOf(at, set.calendar);
  part(dialog, "title").textContent = said.month(at);
  const head = document.createElement("tr");
  const weeks = weeksOf(year, month, set.calendar, set.weekStart);
  const week = Array.from({ length: 7 }, (_, n) => plusDays(MONDAY, (set.weekStart + n) % 7));
  head.append(
    ...week.map((day) => {
      const cell = document.createElement("th");
      cell.scope = "col";
      cell.abbr = said.weekday(day);
      cell.textContent = said.weekdayShort(day);
      return cell;
    }),
  );
  part(dialog, "head").replaceChildren(head);
  part(dialog, "days").replaceChildren(
    ...weeks.map((days) => {
      const row = document.createElement("tr");
      row.append(...days.map((day) => cellOf(day, { set, chosen, tabbed: day !== null && partsOf(day, set.calendar)[2] === on, said })));
      return row;
    }),
  );
}
const MONDAY = new Date(Date.UTC(2024, 0, 1));

type Cell = { set: Setting; chosen: Date | null; tabbed: boolean; said: ReturnType<typeof names> };

function cellOf(day: Date | null, { set, chosen, tabbed, said }: Cell): HTMLTableCellElement {
  const cell = document.createElement("td");
  if (!day) return cell;
  const button = document.createElement("button");
  const on = partsOf(day, set.calendar)[2];
  button.type = "button";
  button.textContent = said.number(on);
  button.dataset["day"] = day.toISOString().slice(0, 10);
  button.tabIndex = tabbed ? 0 : -1;
  button.setAttribute("aria-label", `${said.weekday(day)}${set.persian ? "، " : ", "}${said.number(on)} ${said.month(day)}`);
  button.setAttribute("aria-pressed", String(sameDay(day, chosen)));
  if (sameDay(day, set.today)) button.setAttribute("aria-current", "date");
  if (set.weekend.has(weekday(day))) button.classList.add("calendar-weekend");
  cell.append(button);
  return cell;
}

function press(state: Open, target: Element): void {
  const day = target.closest<HTMLElement>("[data-day]")?.dataset["day"];
  const step = target.closest<HTMLElement>("[data-months]")?.dataset["months"];
  if (day) choose(state, new Date(`${day}T00:00:00Z`));
  else if (step) {
    state.at = within(plusMonths(state.at, Number(step), state.set.calendar), state.at);
    draw(state);
  } else if (target.closest("[data-today]")) choose(state, state.set.today);
}

function choose({ dialog, input, set }: Open, day: Date): void {
  // By the prototype's setter, so that React takes it for typed.
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")?.set?.call(input, writeDay(day, set.calendar, set.persian));
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.dispatchEvent(new Event("change", { bubbles: true }));
  dialog.close();
}

function move(state: Open, event: KeyboardEvent): void {
  if (!(event.target instanceof Element) || !event.target.closest("[data-day]")) return;
  const next = wanted(event, state.at, state.set);
  if (!next) return;
  event.preventDefault();
  state.at = within(next, state.at);
  draw(state);
  focus(state);
}

/** Where a key leads: arrows by days and weeks, Home and End within the week, Page Up and Down by months, with Shift by years. */
export function wanted({ key, shiftKey }: Pick<KeyboardEvent, "key" | "shiftKey">, at: Date, set: Pick<Setting, "calendar" | "weekStart" | "rtl">): Date | null {
  const ahead = set.rtl ? "ArrowLeft" : "ArrowRight";
  const back = set.rtl ? "ArrowRight" : "ArrowLeft";
  const inWeek = (weekday(at) - set.weekStart + 7) % 7;
  if (key === ahead) return plusDays(at, 1);
  if (key === back) return plusDays(at, -1);
  if (key === "ArrowDown") return plusDays(at, 7);
  if (key === "ArrowUp") return plusDays(at, -7);
  if (key === "Home") return plusDays(at, -inWeek);
  if (key === "End") return plusDays(at, 6 - inWeek);
  if (key === "PageDown") return plusMonths(at, shiftKey ? 12 : 1, set.calendar);
  if (key === "PageUp") return plusMonths(at, shiftKey ? -12 : -1, set.calendar);
  return null;
}

const FIRST = dayOf([1250, 1, 1], "jalali");
const LAST = dayOf([1570, 12, 29], "jalali");
const within = (day: Date, before: Date): Date => (day < FIRST || day > LAST ? before : day);

function focus({ dialog, at }: Open): void {
  dialog.querySelector<HTMLElement>(`[data-day="${at.toISOString().slice(0, 10)}"]`)?.focus();
}

const part = (dialog: HTMLElement, name: string): HTMLElement => dialog.querySelector<HTMLElement>(`[data-part="${name}"]`)!;

/** Beside its button where there is room; in the middle of a phone. */
function place(dialog: HTMLDialogElement, button: HTMLElement): void {
  if (window.innerWidth < 576) return;
  const at = button.getBoundingClientRect();
  const { width, height } = dialog.getBoundingClientRect();
  const below = at.bottom + 4 + height <= window.innerHeight;
  const left = document.documentElement.dir === "rtl" ? at.left : at.right - width;
  dialog.style.margin = "0";
  dialog.style.insetBlockStart = `${Math.max(8, below ? at.bottom + 4 : at.top - height - 4)}px`;
  dialog.style.left = `${Math.min(Math.max(8, left), window.innerWidth - width - 8)}px`;
  dialog.style.right = "auto";
}
