// The one line of script of a website. It needs nothing, and nothing of the site needs it: whatever fails here fails quietly.
import { Site } from "./client";
import { showForms } from "./forms";
import { takeVisitor } from "./mine";
import { onMoving } from "./moving";
import { readOptions } from "./options";
import { bytesOf, OUTLIVES } from "./queue";

type Call = ArrayLike<unknown>;
interface Safar {
  (...call: unknown[]): unknown;
  q?: Call[];
  loaded?: boolean;
  [name: string]: unknown;
}

const NAMES = ["page", "track", "identify", "alias", "reset", "consent", "visitor"] as const;

function start(script: HTMLScriptElement): void {
  const own = window as unknown as { safar?: Safar };
  if (own.safar?.loaded) return; // the line stands twice in the page
  const options = readOptions(script);
  if (!options.key.startsWith("pk_")) {
    console.warn("safar: data-key has to be a public key, pk_…");
    return;
  }
  const address = `${options.server}/v1/batch`;
  // text/plain needs no asking beforehand (CORS), so it also goes out while a page is closed.
  const type = "text/plain;charset=UTF-8";
  const site = new Site(options, (body) =>
    fetch(address, { method: "POST", body, headers: { "Content-Type": type }, keepalive: bytesOf(body) <= OUTLIVES, credentials: "omit", mode: "cors" }),
  );

  const waiting = own.safar?.q ?? [];
  const safar = ((...call: unknown[]) => run(call)) as Safar;
  const run = ([name, ...given]: unknown[]): unknown => {
    if (!(NAMES as readonly unknown[]).includes(name)) return console.warn(`safar: there is no ${String(name)}`);
    return (site[name as (typeof NAMES)[number]] as (...given: unknown[]) => unknown).apply(site, given);
  };
  for (const name of NAMES) safar[name] = (...given: unknown[]) => run([name, ...given]);
  safar.loaded = true;
  own.safar = safar;

  // Consent that was said before the script came counts for the first page view as well.
  const calls = waiting.map((call) => Array.from(call));
  for (const call of calls.filter(([name]) => name === "consent")) run(call);
  takeVisitor(site);
  if (options.pages) {
    site.page();
    onMoving(() => site.page());
  }
  for (const call of calls.filter(([name]) => name !== "consent")) run(call);

  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") site.queue.leave((body) => navigator.sendBeacon(address, new Blob([body], { type })));
  });
  addEventListener("online", () => void site.queue.flush());
  if (options.forms) {
    const show = () => void showForms(site).catch(() => undefined);
    if (document.readyState === "loading") addEventListener("DOMContentLoaded", show);
    else show();
  }
  if (site.queue.waiting().length) void site.queue.flush(); // what the last page could not hand over
}

const script = document.currentScript;
if (script instanceof HTMLScriptElement) {
  try {
    start(script);
  } catch (error) {
    console.warn("safar:", error);
  }
}
