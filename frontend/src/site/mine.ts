// Who it is, as far as it is sure: which forms that open for some visitors only may open for this one.
import type { Site } from "./client";
import type { Told } from "./told";

const PARAMETER = "safar_visitor"; // safar/website/vouching.py
const KEPT = 600_000; // ms that an answer stands

/** The link of a message says by the address who followed it. It goes out of the address at once, before anybody copies it. */
export function takeVisitor(site: Site): void {
  const url = new URL(location.href);
  const token = url.searchParams.get(PARAMETER);
  if (!token) return;
  url.searchParams.delete(PARAMETER);
  history.replaceState(history.state, "", url);
  site.visitor(token);
}

/** Of the forms that ask who it is, those that may open here. Without consent nobody is asked, and nobody known. */
export async function allowed(site: Site, forms: Told[]): Promise<Told[]> {
  const asking = forms.filter((form) => form.opens.asks);
  if (!asking.length) return forms;
  const show = site.mayKeep() ? await mine(site).catch(() => undefined) : undefined;
  return forms.filter((form) => !form.opens.asks || (show ? show.includes(form.token) : form.opens.otherwise));
}

async function mine(site: Site): Promise<string[] | undefined> {
  const { server, key } = site.options;
  const kept = site.store.read<{ at: number; show: string[] }>("mine");
  if (kept && Date.now() - kept.at < KEPT) return kept.show;
  const body = JSON.stringify({ anonymousId: site.who().anonymousId, visitor: site.store.read("visitor") });
  const answer = await fetch(`${server}/site/forms/${key}/mine`, { method: "POST", body, headers: { "Content-Type": "text/plain" }, credentials: "omit" });
  if (!answer.ok) return undefined;
  const { show } = (await answer.json()) as { show: string[] };
  site.store.write("mine", { at: Date.now(), show });
  return show;
}
