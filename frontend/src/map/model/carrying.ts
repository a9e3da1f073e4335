import { copyTo, insert, moveTo, type Gap } from "./edits";
import { branchOf, edges, isStart, split, target, ways, written, type Kinds } from "./graph";
import type { Draft, Kind, Ref } from "./types";

/** What somebody has in their hand, to put it into a path: a new point of a kind, or one that stands on the map. */
export type Carried = { kind: Kind } | { ref: Ref; copy: boolean };
type Place = NonNullable<Gap>;

/** Into which paths it can be put. What ends a journey stands at an end only; a point never goes into its own branch or to where it is. */
export function fitting(draft: Draft, kinds: Kinds, carried: Carried): (gap: Place) => boolean {
  const behind = (gap: Place) => target(written(draft, gap.from) ?? { kind: "" }, gap.path);
  if ("kind" in carried) {
    const ends = carried.kind.paths?.length === 0;
    return (gap) => !ends || behind(gap) === null;
  }
  const { ref, copy } = carried;
  const point = written(draft, ref);
  if (!point || isStart(ref)) return () => false;
  const out = ways(point, kinds);
  if (copy) return (gap) => out.length > 0 || behind(gap) === null;
  const key = split(ref)[1];
  const branch = out.length > 1 ? branchOf(draft, kinds, ref) : new Set([ref]);
  // A branch goes on to what stood there by its first open end; one that has none can only stand at an end.
  const open = out.length === 1 || edges(draft, kinds).some((edge) => branch.has(edge.from) && edge.to === null && !edge.back);
  return (gap) => !branch.has(gap.from) && behind(gap) !== key && (open || behind(gap) === null);
}

/** Puts it there; ref: what then stands there. */
export function putDown(draft: Draft, kinds: Kinds, carried: Carried, gap: Place): { draft: Draft; ref: Ref } {
  if ("kind" in carried) return insert(draft, carried.kind, gap, kinds);
  return (carried.copy ? copyTo : moveTo)(draft, carried.ref, gap, kinds);
}
