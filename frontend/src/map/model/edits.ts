import { branchOf, edges, isStart, split, target, ways, written, type Kinds } from "./graph";
import { entriesOf, getFrom, isMapping, namesOf, ordered, putInto } from "./ordered";
import type { Draft, Json, Kind, Ordered, Params, Ref, Value, Written } from "./types";

/** A way out of a point: where something can be put in. `null` stands for "a further starting point". */
export type Gap = { from: Ref; path: string } | null;

const RESERVED = ["kind", "paths", "next", "filter"];

/** A key that is free: `wait`, `wait-2`, … in the language of keys (Latin small letters, digits, - and _). */
export function freeKey(draft: Draft, wanted: string): string {
  const stem = wanted.toLowerCase().replace(/[^a-z0-9_-]+/g, "-").replace(/^[^a-z]+/, "").slice(0, 58) || "point";
  const taken = (key: string) => key in draft.points || key in draft.start;
  if (!taken(stem)) return stem;
  for (let n = 2; ; n += 1) if (!taken(`${stem}-${n}`)) return `${stem}-${n}`;
}

/** What a new point begins with: names of paths and times from the kind's example, everything else for the person to say. */
export function beginning(kind: Kind): Params {
  const params: Params = {};
  for (const parameter of kind.parameters) {
    const example = kind.example[parameter.name];
    if (!parameter.required) continue;
    if (parameter.type === "shares" || parameter.type === "duration" || parameter.type === "number") params[parameter.name] = example ?? null;
    if (parameter.type === "branches") params[parameter.name] = { a: null, b: null };
  }
  return params;
}

export function setTarget(point: Written, path: string, to: string | null): Written {
  if (path === "next" && getFrom(point.paths, "next") === undefined) return { ...point, next: to };
  return { ...point, paths: putInto(point.paths, path, to) };
}

export function replacePoint(draft: Draft, ref: Ref, point: Written): Draft {
  const [section, key] = split(ref);
  return { ...draft, [section]: { ...draft[section], [key]: point } };
}

/** Leads a path to another point, or to the end of the map. */
export function lead(draft: Draft, ref: Ref, path: string, to: string | null): Draft {
  const point = written(draft, ref);
  return point ? replacePoint(draft, ref, setTarget(point, path, to)) : draft;
}

/** Puts a new point of the kind into a path; what the path led to comes behind it. */
export function insert(draft: Draft, kind: Kind, gap: Gap, kinds: Kinds): { draft: Draft; ref: Ref } {
  return insertPoint(draft, { kind: kind.kind, ...beginning(kind) }, kind.kind, gap, kinds);
}

function insertPoint(draft: Draft, point: Written, wanted: string, gap: Gap, kinds: Kinds): { draft: Draft; ref: Ref } {
  const key = freeKey(draft, wanted);
  if (gap === null) {
    const first = Object.values(draft.start)[0];
    const next = first ? target(first, "next") : (rootOf(draft, kinds) ?? null);
    return { draft: { ...draft, start: { ...draft.start, [key]: { ...point, next } } }, ref: `start.${key}` };
  }
  const before = written(draft, gap.from);
  const behind = before ? target(before, gap.path) : null;
  const onward = ways(point, kinds).find((path) => !kinds.get(point.kind)?.leadsBack.includes(path));
  const placed = behind !== null && onward !== undefined ? setTarget(point, onward, behind) : point;
  const points = insertedBehind(draft, isStart(gap.from) ? null : split(gap.from)[1], key, placed);
  return { draft: lead({ ...draft, points }, gap.from, gap.path, key), ref: `points.${key}` };
}

/** Points in the order of the file: the new one behind the one that leads to it. */
function insertedBehind(draft: Draft, before: string | null, key: string, point: Written): Record<string, Written> {
  const entries = Object.entries(draft.points);
  const at = before === null ? 0 : entries.findIndex(([each]) => each === before) + 1;
  return Object.fromEntries([...entries.slice(0, at), [key, point], ...entries.slice(at)]);
}

/** A point nothing leads to: where the map begins while it has no starting point. */
function rootOf(draft: Draft, kinds: Kinds): string | undefined {
  const led = new Set(edges(draft, kinds).map((edge) => edge.to));
  return Object.keys(draft.points).find((key) => !led.has(`points.${key}`));
}

/** Takes out the point alone: what led to it leads to what came behind it, by its first way that goes on. */
export function remove(draft: Draft, ref: Ref, kinds: Kinds): Draft {
  const point = written(draft, ref);
  if (!point) return draft;
  const [section, key] = split(ref);
  const onward = ways(point, kinds)
    .filter((path) => !kinds.get(point.kind)?.leadsBack.includes(path))
    .map((path) => target(point, path))
    .find((each) => each !== null);
  const { [key]: _, ...rest } = draft[section];
  const without: Draft = { ...draft, [section]: rest };
  if (section === "start") return without;
  // Ways that are lost take what only they led to with them.
  const gone = [...branchOf(draft, kinds, ref)].filter((each) => each !== ref);
  const stays = onward ? branchClosure(draft, kinds, onward) : new Set<Ref>();
  return drop(redirect(without, key, onward ?? null), gone.filter((each) => !stays.has(each)));
}

function branchClosure(draft: Draft, kinds: Kinds, key: string): Set<Ref> {
  const found = new Set<Ref>();
  const waiting = [`points.${key}`];
  for (let ref = waiting.pop(); ref !== undefined; ref = waiting.pop()) {
    if (found.has(ref)) continue;
    found.add(ref);
    const point = written(draft, ref);
    if (point) for (const path of ways(point, kinds)) if (target(point, path)) waiting.push(`points.${target(point, path)}`);
  }
  return found;
}

/** Takes out the point and all that only it led to. */
export function removeBranch(draft: Draft, ref: Ref, kinds: Kinds): Draft {
  return drop(draft, [...branchOf(draft, kinds, ref)]);
}

function drop(draft: Draft, gone: Ref[]): Draft {
  let found = draft;
  for (const ref of gone) {
    const [section, key] = split(ref);
    const { [key]: _, ...rest } = found[section];
    found = { ...found, [section]: rest };
    if (section === "points") found = redirect(found, key, null);
  }
  return found;
}

/** Every path that led to the one leads to the other. */
function redirect(draft: Draft, from: string, to: string | null): Draft {
  const mend = (point: Written): Written => {
    let mended = point;
    if (point.next === from) mended = { ...mended, next: to };
    const paths = entriesOf(point.paths);
    if (paths.some(([, each]) => each === from)) {
      mended = { ...mended, paths: ordered(paths.map(([path, each]) => [path, each === from ? to : each] as const)) };
    }
    return mended;
  };
  const each = (section: Record<string, Written>) => Object.fromEntries(Object.entries(section).map(([key, point]) => [key, mend(point)]));
  return { ...draft, start: each(draft.start), points: each(draft.points) };
}

/** The point by itself, with its parameters and no way on: what is put in elsewhere. */
export function bare(point: Written): Written {
  return Object.fromEntries(Object.entries(point).filter(([name]) => name !== "paths" && name !== "next")) as Written;
}

/** A copy of the point alone in another place. */
export function copyTo(draft: Draft, ref: Ref, gap: Gap, kinds: Kinds): { draft: Draft; ref: Ref } {
  const point = written(draft, ref);
  if (!point) return { draft, ref };
  return insertPoint(draft, bare(point), split(ref)[1].replace(/-\d+$/, ""), gap, kinds);
}

/** Takes the point out and puts it into another path. A point with several ways takes its branch along, its last end open. */
export function moveTo(draft: Draft, ref: Ref, gap: Gap, kinds: Kinds): { draft: Draft; ref: Ref } {
  const point = written(draft, ref);
  if (!point || !gap || gap.from === ref || isStart(ref)) return { draft, ref };
  const key = split(ref)[1];
  if (ways(point, kinds).length > 1) return moveBranch(draft, ref, gap, kinds);
  const taken = remove(draft, ref, kinds);
  const behind = target(written(taken, gap.from)!, gap.path);
  const onward = ways(point, kinds)[0];
  const placed = onward !== undefined ? setTarget(bare(point), onward, behind) : bare(point);
  const points = insertedBehind(taken, isStart(gap.from) ? null : split(gap.from)[1], key, placed);
  return { draft: lead({ ...taken, points }, gap.from, gap.path, key), ref };
}

function moveBranch(draft: Draft, ref: Ref, gap: NonNullable<Gap>, kinds: Kinds): { draft: Draft; ref: Ref } {
  const key = split(ref)[1];
  const branch = branchOf(draft, kinds, ref);
  if (branch.has(gap.from)) return { draft, ref };
  const behind = target(written(draft, gap.from)!, gap.path);
  let found = lead(redirect(draft, key, null), gap.from, gap.path, key);
  if (behind === null || branch.has(`points.${behind}`)) return { draft: found, ref };
  // The first end of the branch goes on to what stood there.
  const end = edges(found, kinds).find((edge) => branch.has(edge.from) && edge.to === null && !edge.back);
  if (end) found = lead(found, end.from, end.path, behind);
  return { draft: found, ref };
}

/** Another key; paths and conditions on its messages follow. */
export function rename(draft: Draft, ref: Ref, to: string): Draft {
  const [section, key] = split(ref);
  if (key === to || !/^[a-z][a-z0-9_-]{0,63}$/.test(to) || to in draft.start || to in draft.points) return draft;
  const renamed = Object.fromEntries(Object.entries(draft[section]).map(([each, point]) => [each === key ? to : each, point]));
  const found = { ...draft, [section]: renamed };
  return section === "start" ? found : (followMessages(redirect(found, key, to), key, to) as Draft);
}

function followMessages(value: Value | Draft, from: string, to: string): Json | Draft {
  if (Array.isArray(value)) return value.map((each) => followMessages(each, from, to) as Json);
  if (!isMapping(value)) return value as Json;
  return ordered(
    entriesOf(value).map(([name, each]) => [name, name === "message" && each === from ? to : followMessages(each, from, to)] as [string, Json]),
  ) as Json;
}

/** Another value of a parameter; undefined takes it out. Paths whose name a parameter no longer says are taken out with it. */
export function setParameter(draft: Draft, ref: Ref, name: string, value: Value | undefined, kinds: Kinds): Draft {
  const point = written(draft, ref);
  if (!point) return draft;
  const { [name]: _, ...rest } = point;
  const changed = (value === undefined ? rest : { ...point, [name]: value }) as Written;
  if (kinds.get(point.kind)?.paths !== null || !changed.paths) return replacePoint(draft, ref, changed);
  const known = ways({ ...changed, paths: null }, kinds);
  const paths = ordered(entriesOf(changed.paths).filter(([path, to]) => known.includes(path) || to !== null));
  return replacePoint(draft, ref, { ...changed, paths });
}

/** A path under another name, in the parameter that names it and in the paths. */
export function renamePath(draft: Draft, ref: Ref, parameter: string, from: string, to: string): Draft {
  const point = written(draft, ref);
  const value = point?.[parameter];
  if (!point || !isMapping(value) || namesOf(value).includes(to)) return draft;
  const swap = <T>(mapping: Ordered<T>) => ordered(entriesOf(mapping).map(([each, part]) => [each === from ? to : each, part] as const));
  const changed = { ...point, [parameter]: swap(value) } as Written;
  if (point.paths) changed.paths = swap(point.paths);
  return replacePoint(draft, ref, changed);
}

export const parametersOf = (point: Written): string[] => Object.keys(point).filter((name) => !RESERVED.includes(name));
