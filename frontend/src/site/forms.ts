// Forms of the website: in a box of a page, or over it. They stand in a shadow root, so that neither the site's styles nor its policy harm them.
import type { Site } from "./client";
import { render } from "./form-view";
import { allowed } from "./mine";
import type { Told } from "./told";

const DAY = 86_400_000;
const NEVER = 8.64e15; // the last moment there is: who has answered is not asked once more

/** Fetch the forms of the key and let each open when it should. */
export async function showForms(site: Site): Promise<void> {
  const { server, key } = site.options;
  const language = (document.documentElement.lang || navigator.language).startsWith("fa") ? "fa" : "en";
  const answer = await fetch(`${server}/site/forms/${key}.json?lang=${document.documentElement.lang ? language : ""}`, { credentials: "omit" });
  if (!answer.ok) return;
  const { forms } = (await answer.json()) as { forms: Told[] };
  for (const form of forms) {
    if (form.kind === "embedded") {
      for (const box of document.querySelectorAll<HTMLElement>(`[data-safar-form="${form.token}"]`)) {
        render(site, form, box);
        whenSeen(box, () => count(site, form, "shown"));
      }
    }
  }
  const due = forms.filter((form) => form.kind === "pop_up" && fits(form.opens.path) && !seenLately(site, form));
  for (const form of await allowed(site, due)) whenDue(form, () => open(site, form));
}

/** Whether the page is among those of a pattern, in which * stands for any letters. */
export function fits(pattern: string, path = location.pathname): boolean {
  if (!pattern) return true;
  const parts = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(path);
}

/** Runs `open` once, at the first of what the form waits for. */
export function whenDue(form: Told, open: () => void): void {
  const { after, scroll, leaving } = form.opens;
  let done = false;
  const once = () => {
    if (done) return;
    done = true;
    removeEventListener("scroll", scrolled);
    document.removeEventListener("mouseout", left);
    open();
  };
  const scrolled = () => {
    const way = document.documentElement.scrollHeight - innerHeight;
    if (way <= 0 || (100 * scrollY) / way >= (scroll ?? 100)) once();
  };
  const left = (event: MouseEvent) => {
    if (!event.relatedTarget && event.clientY <= 0) once();
  };
  if (after !== null) setTimeout(once, after * 1000);
  if (scroll !== null) addEventListener("scroll", scrolled, { passive: true });
  if (leaving) document.addEventListener("mouseout", left);
  if (after === null && scroll === null && !leaving) once();
}

function seenLately(site: Site, form: Told): boolean {
  const seen = site.store.read<Record<string, number>>("forms")?.[form.token];
  return seen !== undefined && Date.now() - seen < form.opens.days * DAY;
}

/** Where consent comes first nothing is written down before it: then it may open once more on the next page. */
function remember(site: Site, form: Told, at: number): void {
  if (site.mayKeep()) site.store.write("forms", { ...site.store.read<Record<string, number>>("forms"), [form.token]: at });
}

let showing = false; // one at a time

function open(site: Site, form: Told): void {
  if (showing) return;
  showing = true;
  remember(site, form, Date.now());
  const box = document.body.appendChild(document.createElement("div"));
  box.addEventListener("answered", () => remember(site, form, NEVER));
  count(site, form, "shown");
  render(site, form, box, (answered) => {
    if (!answered) count(site, form, "closed");
    box.remove();
    showing = false;
  });
}

/** For the figures; of nobody. Where consent comes first, none before it. */
function count(site: Site, form: Told, what: "shown" | "closed"): void {
  if (!site.mayKeep()) return;
  const { server, key } = site.options;
  const body = JSON.stringify({ token: form.token, what, ...site.came() });
  void fetch(`${server}/site/forms/${key}/seen`, { method: "POST", body, headers: { "Content-Type": "text/plain" }, keepalive: true, credentials: "omit" }).catch(() => undefined);
}

/** A form in a page is shown when somebody scrolls to it. */
function whenSeen(box: Element, tell: () => void): void {
  const watcher = new IntersectionObserver((found) => {
    if (!found.some((one) => one.isIntersecting)) return;
    watcher.disconnect();
    tell();
  });
  watcher.observe(box);
}
