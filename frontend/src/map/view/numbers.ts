import { isStart, split, ways, written, type Kinds } from "../model/graph";
import type { Draft, Figures, PointFigures, Ref } from "../model/types";

/** The figures of a point; null where the live version has no such point, or there is none yet. */
export function figuresOf(figures: Pick<Figures, "points" | "by_starting_point"> | null, ref: Ref): PointFigures | null {
  if (!figures) return null;
  const key = split(ref)[1];
  if (!isStart(ref)) return figures.points[key] ?? null;
  const entered = figures.by_starting_point[key] ?? 0;
  return { entered, standing: 0, paths: { next: entered }, left: {}, set_aside: 0, moved: 0 };
}

/** The paths of a point with their figures, in the order of the map; then those that only an older version has. */
export function pathsOf(figures: PointFigures, draft: Draft, kinds: Kinds, ref: Ref): [string, number][] {
  const point = written(draft, ref);
  const order = point ? ways(point, kinds) : [];
  const known = order.filter((path) => path in figures.paths);
  return [...known, ...Object.keys(figures.paths).filter((path) => !order.includes(path))].map((path) => [path, figures.paths[path]!]);
}

export const sum = (counts: Record<string, number>): number => Object.values(counts).reduce((a, b) => a + b, 0);

/** How many went by the path, and which share of all who went on; null where nobody knows yet. */
export function gone(figures: PointFigures | null, path: string): { count: number; share: number | null } | null {
  if (!figures) return null;
  const count = figures.paths[path] ?? 0;
  const all = sum(figures.paths);
  return { count, share: all ? count / all : null };
}
