import { getFrom, isMapping, namesOf } from "./ordered";
import type { Draft, Kind, Ref, Section, Written } from "./types";

/** Kinds by their word; one that is not known (taken out, or misspelt in a file) has no paths but those written. */
export type Kinds = ReadonlyMap<string, Kind>;

export const kindsOf = (kinds: Kind[]): Kinds => new Map(kinds.map((kind) => [kind.kind, kind]));

export function split(ref: Ref): [Section, string] {
  const dot = ref.indexOf(".");
  return [ref.slice(0, dot) as Section, ref.slice(dot + 1)];
}

export const isStart = (ref: Ref): boolean => ref.startsWith("start.");

export function written(draft: Draft, ref: Ref): Written | undefined {
  const [section, key] = split(ref);
  return draft[section][key];
}

export function refs(draft: Draft): Ref[] {
  return [...Object.keys(draft.start).map((key) => `start.${key}`), ...Object.keys(draft.points).map((key) => `points.${key}`)];
}

/** Where a path leads: a point's key, or null where the map ends. */
export function target(point: Written, path: string): string | null {
  if (path === "next" && point.next !== undefined) return point.next ?? null;
  return getFrom(point.paths, path) ?? null;
}

/** The ways out of a point: its kind's own, or those its parameters name; then whatever else is written. */
export function ways(point: Written, kinds: Kinds): string[] {
  const kind = kinds.get(point.kind);
  const own = kind ? (kind.paths ?? [...named(point, kind), ...kind.rest]) : [];
  const found = [...own];
  const all = [...namesOf(point.paths), ...(point.next !== undefined ? ["next"] : [])];
  for (const path of all) if (!found.includes(path)) found.push(path);
  return found;
}

/** Paths that parameters name: the keys of those that are mappings. */
function named(point: Written, kind: Kind): string[] {
  return kind.parameters
    .map((parameter) => point[parameter.name])
    .filter(isMapping)
    .flatMap(namesOf);
}

export const leadsBack = (point: Written, path: string, kinds: Kinds): boolean =>
  kinds.get(point.kind)?.leadsBack.includes(path) ?? false;

export type Edge = { from: Ref; path: string; to: Ref | null; back: boolean };

/** Every path of the map, in order. A path to a point that is not there counts as an end: its fault stands on the point. */
export function edges(draft: Draft, kinds: Kinds): Edge[] {
  return refs(draft).flatMap((from) => {
    const point = written(draft, from)!;
    return ways(point, kinds).map((path) => {
      const key = target(point, path);
      const to = key !== null && draft.points[key] ? `points.${key}` : null;
      return { from, path, to, back: leadsBack(point, path, kinds) };
    });
  });
}

/** Points that can be reached from there, itself included; paths that lead back are not followed. */
export function reachable(draft: Draft, kinds: Kinds, from: Iterable<Ref>): Set<Ref> {
  const next = new Map<Ref, Ref[]>();
  for (const edge of edges(draft, kinds)) {
    if (edge.to && !edge.back) next.set(edge.from, [...(next.get(edge.from) ?? []), edge.to]);
  }
  const found = new Set<Ref>();
  const waiting = [...from];
  for (let ref = waiting.pop(); ref !== undefined; ref = waiting.pop()) {
    if (found.has(ref)) continue;
    found.add(ref);
    waiting.push(...(next.get(ref) ?? []));
  }
  return found;
}

/** The point and all that only it leads to: what goes when it is deleted with its branch. */
export function branchOf(draft: Draft, kinds: Kinds, ref: Ref): Set<Ref> {
  const below = reachable(draft, kinds, [ref]);
  const without = new Map(edges(draft, kinds).map((edge) => [`${edge.from} ${edge.path}`, edge]));
  const next = new Map<Ref, Ref[]>();
  for (const edge of without.values()) {
    if (edge.to && !edge.back && edge.from !== ref && edge.to !== ref) next.set(edge.from, [...(next.get(edge.from) ?? []), edge.to]);
  }
  // What is reached from any other root stays; points that nothing leads to are roots as well, so a loose end is not lost.
  const led = new Set(edges(draft, kinds).filter((edge) => edge.to && !edge.back).map((edge) => edge.to!));
  const roots = refs(draft).filter((each) => each !== ref && (isStart(each) || !led.has(each)));
  const kept = new Set<Ref>();
  const waiting = [...roots];
  for (let each = waiting.pop(); each !== undefined; each = waiting.pop()) {
    if (kept.has(each)) continue;
    kept.add(each);
    waiting.push(...(next.get(each) ?? []));
  }
  return new Set([...below].filter((each) => each === ref || !kept.has(each)));
}

/** Points a path may be led to: all that do not lead to it themselves (a circle); those that lead back may go anywhere. */
export function possibleTargets(draft: Draft, kinds: Kinds, ref: Ref, path: string): Ref[] {
  const all = Object.keys(draft.points).map((key) => `points.${key}`);
  const point = written(draft, ref);
  if (point && leadsBack(point, path, kinds)) return all.filter((each) => each !== ref);
  return all.filter((each) => each !== ref && !reachable(draft, kinds, [each]).has(ref));
}
