import type { Fault, Language, Media, Person, Shown, Template } from "./types";

export type Asked = { template: Template; language: Language; contact: string | null; phone?: string };
export type Saved = { revision: number } | { overtaken: { revision: number; template: Template } } | { refused: Fault[] };

export const token = (): string => document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "";

function send(method: string, url: string, body: unknown): Promise<Response> {
  const headers = { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": token() };
  return fetch(url, { method, headers, credentials: "same-origin", body: JSON.stringify(body) });
}

const faultsOf = async (answer: Response): Promise<Fault[]> => {
  const found = (await answer.json().catch(() => ({}))) as { faults?: Fault[] };
  return found.faults ?? [{ place: "", message: String(answer.status) }];
};

export async function save(url: string, template: Template, revision: number): Promise<Saved> {
  const answer = await send("PUT", url, { template, revision });
  if (answer.status === 409) return { overtaken: (await answer.json()) as { revision: number; template: Template } };
  return answer.ok ? ((await answer.json()) as { revision: number }) : { refused: await faultsOf(answer) };
}

/** Null where the server could not be asked. */
export async function preview(url: string, asked: Asked): Promise<Shown | null> {
  const answer = await send("POST", url, asked).catch(() => null);
  return answer?.ok ? ((await answer.json()) as Shown) : null;
}

export async function sendTest(url: string, asked: Asked): Promise<{ said: string } | { refused: Fault[] }> {
  const answer = await send("POST", url, asked);
  return answer.ok ? ((await answer.json()) as { said: string }) : { refused: await faultsOf(answer) };
}

/** What the SMS account has left, or why it is not known, in words. */
export async function askLeft(url: string): Promise<string> {
  const answer = await fetch(`${url}?as=json`, { credentials: "same-origin" });
  if (!answer.ok) throw new Error(String(answer.status));
  return ((await answer.json()) as { said: string }).said;
}

export async function people(url: string, typed: string): Promise<Person[]> {
  const answer = await fetch(`${url}?typed=${encodeURIComponent(typed)}`, { credentials: "same-origin" });
  return answer.ok ? ((await answer.json()) as { people: Person[] }).people : [];
}

export async function pictures(url: string): Promise<Media[]> {
  const answer = await fetch(url, { credentials: "same-origin" });
  return answer.ok ? ((await answer.json()) as { media: Media[] }).media : [];
}

export async function bringPicture(url: string, file: File): Promise<Media | { refused: Fault[] }> {
  const body = new FormData();
  body.append("file", file);
  const answer = await fetch(url, { method: "POST", headers: { "X-CSRFToken": token() }, credentials: "same-origin", body });
  return answer.ok ? ((await answer.json()) as Media) : { refused: await faultsOf(answer) };
}
