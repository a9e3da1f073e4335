import { readJson, writeJson } from "./model/ordered";
import type { Draft, Fault, Figures, Told } from "./model/types";

export type Overtaken = { overtaken: Told & { draft: Draft } };
export type Refused = { refused: Fault[]; status: number };
export type Publishing = {
  next: number;
  live: number | null;
  revision: number;
  same: boolean;
  faults: Fault[];
  changes: { what: string; place: string; said: string }[] | null;
};
/** The people of one version, by the point where they stand: who can move to what is published now, and why the others cannot. */
export type Moves = {
  number: number;
  people: number;
  can: number;
  standing: { point: string; people: number; can: number; cannot: { said: string; n: number }[]; at_once: number }[];
};
export type Lack = { channel: string; could: number; unsubscribed: number; no_consent: number; no_address: number; paused: number; suppressed: number; capped: number };
/** Who matches already, whom the starting points could bring, and who of them would get nothing. */
export type Crowd = {
  states: string[];
  at_once: number;
  matching: number;
  been: number;
  asked: number;
  known: boolean;
  lacks: Lack[];
  lacks_already: Lack[];
  whole: boolean;
};
export type People = { crowd: Crowd | null; first: string[] };
export type Wanted = { already: boolean; move: boolean; anew: boolean };

const token = (): string => document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "";

async function ask(method: string, url: string, body?: unknown): Promise<Response> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (body !== undefined) Object.assign(headers, { "Content-Type": "application/json", "X-CSRFToken": token() });
  const answer = await fetch(url, { method, headers, credentials: "same-origin", ...(body === undefined ? {} : { body: writeJson(body) }) });
  if (answer.status >= 500) throw new Error(`the server answered ${answer.status}`);
  return answer;
}

const refusal = async (answer: Response): Promise<Refused> => {
  const found = (await answer.json().catch(() => ({}))) as { faults?: Fault[] };
  return { refused: found.faults ?? [], status: answer.status };
};

/** Throws where the server cannot be reached or fails; whoever saves tries again. */
export async function saveDraft(url: string, draft: Draft, revision: number): Promise<Told | Overtaken | Refused> {
  const answer = await ask("PUT", url, { draft, revision });
  if (answer.status === 409) return { overtaken: readJson<Told & { draft: Draft }>(await answer.text(), ["draft"]) };
  return answer.ok ? ((await answer.json()) as Told) : refusal(answer);
}

export async function loadDraft(url: string): Promise<Told & { draft: Draft }> {
  return readJson<Told & { draft: Draft }>(await (await ask("GET", url)).text(), ["draft"]);
}

export async function parseText(url: string, text: string): Promise<{ draft: Draft; faults: Fault[] } | Refused> {
  const answer = await ask("POST", url, { text });
  return answer.ok ? readJson<{ draft: Draft; faults: Fault[] }>(await answer.text(), ["draft"]) : refusal(answer);
}

export async function writeYaml(url: string, draft: Draft): Promise<string> {
  return ((await (await ask("POST", url, { draft })).json()) as { yaml: string }).yaml;
}

export async function lookAtPublishing(url: string): Promise<Publishing> {
  return (await (await ask("GET", url)).json()) as Publishing;
}

/** What takes longer to find out comes after the rest: who is on the road, and who is not yet. */
export async function lookAtRoad(url: string): Promise<Moves[]> {
  return ((await (await ask("GET", `${url}?about=road`)).json()) as { moves: Moves[] }).moves;
}

/** cost: null where no price of a part is set. left: where to ask what the account has left. */
export type Costs = { sms: { title: string; parts: number; cost: string | null }[]; left: string };

export async function lookAtCosts(url: string): Promise<Costs> {
  return (await (await ask("GET", `${url}?about=cost`)).json()) as Costs;
}

export async function askLeft(url: string): Promise<{ said: string; known: boolean }> {
  return (await (await ask("GET", `${url}?as=json`)).json()) as { said: string; known: boolean };
}

export async function lookAtPeople(url: string): Promise<People> {
  return (await (await ask("GET", `${url}?about=people`)).json()) as People;
}

export async function publish(url: string, revision: number, wanted: Wanted): Promise<{ number: number } | Refused> {
  const answer = await ask("POST", url, { revision, ...wanted });
  return answer.ok ? ((await answer.json()) as { number: number }) : refusal(answer);
}

/** Figures, where they are others than those of the tag; null where they are the same, or where there are none yet. */
export async function loadFigures(url: string, tag: string): Promise<{ figures: Figures; tag: string } | null> {
  const answer = await fetch(url, { headers: tag ? { "If-None-Match": tag } : {}, credentials: "same-origin", cache: "no-store" });
  if (answer.status !== 200) return null;
  return { figures: (await answer.json()) as Figures, tag: answer.headers.get("ETag") ?? "" };
}
