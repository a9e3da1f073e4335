import { refs, written } from "./graph";
import { writeJson } from "./ordered";
import type { Draft, Json, Ref } from "./types";

export type What = "added" | "removed" | "changed";
const HEAD = ["title", "serves", "settings"] as const;

/** Equal as written, order of keys included: the first match wins. */
export function same(a: unknown, b: unknown): boolean {
  return a === b || writeJson(a ?? null) === writeJson(b ?? null);
}

/** Place → what became of it, from one draft to another: points by their refs, then title, serves and settings. */
export function changes(before: Draft, after: Draft): Map<Ref, What> {
  const found = new Map<Ref, What>();
  for (const ref of refs(after)) {
    const old = written(before, ref);
    if (!old) found.set(ref, "added");
    else if (!same(old, written(after, ref))) found.set(ref, "changed");
  }
  for (const ref of refs(before)) if (!written(after, ref)) found.set(ref, "removed");
  for (const name of HEAD) if (!same(before[name] ?? null, after[name] ?? null)) found.set(name, "changed");
  return found;
}

export type Merge = { draft: Draft; mine: Map<Ref, What>; theirs: Map<Ref, What>; clashes: Ref[] };

/** Both sides' changes put together, from what both began with. Where both touched one place mine stands, and it is named. */
export function merge(base: Draft, mine: Draft, theirs: Draft): Merge {
  const [here, there] = [changes(base, mine), changes(base, theirs)];
  let draft = theirs;
  for (const [place, what] of here) draft = take(draft, mine, place, what);
  const clashes = [...here.keys()].filter((place) => there.has(place) && !same(part(mine, place), part(theirs, place)));
  return { draft, mine: here, theirs: there, clashes };
}

function take(draft: Draft, from: Draft, place: Ref, what: What): Draft {
  const dot = place.indexOf(".");
  if (dot < 0) return { ...draft, [place]: from[place as "title"] ?? null };
  const [section, key] = [place.slice(0, dot) as "start" | "points", place.slice(dot + 1)];
  const { [key]: _, ...rest } = draft[section];
  if (what === "removed") return { ...draft, [section]: rest };
  const entries = Object.entries(draft[section]);
  const value = from[section][key]!;
  if (key in draft[section]) return { ...draft, [section]: Object.fromEntries(entries.map(([k, v]) => [k, k === key ? value : v])) };
  return { ...draft, [section]: { ...draft[section], [key]: value } };
}

function part(draft: Draft, place: Ref): Json | undefined {
  return place.includes(".") ? (written(draft, place) as Json | undefined) : draft[place as "title"];
}
