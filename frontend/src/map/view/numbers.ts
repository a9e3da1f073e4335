import { isStart, split } from "../model/graph";
import type { Figures, PointFigures, Ref } from "../model/types";

/** The figures of a point; null where the live version has no such point, or there is none yet. */
export function figuresOf(figures: Pick<Figures, "points" | "by_starting_point"> | null, ref: Ref): PointFigures | null {
  if (!figures) return null;
  const key = split(ref)[1];
  if (!isStart(ref)) return figures.points[key] ?? null;
  const entered = figures.by_starting_point[key] ?? 0;
  return { entered, standing: 0, paths: { next: entered }, left: {}, set_aside: 0, moved: 0 };
}

export const sum = (counts: Record<string, number>): number => Object.values(counts).reduce((a, b) => a + b, 0);

/** How many went by the path, and which share of all who went on; null where nobody knows yet. */
export function gone(figures: PointFigures | null, path: string): { count: number; share: number | null } | null {
  if (!figures) return null;
  const count = figures.paths[path] ?? 0;
  const all = sum(figures.paths);
  return { count, share: all ? count / all : null };
}
