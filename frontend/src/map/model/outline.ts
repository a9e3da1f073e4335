import { edges, isStart, refs, type Kinds } from "./graph";
import type { Draft, Ref } from "./types";

/** A point, or a path of a point with several ways; `leads`: a point that stands elsewhere in the list already. */
export type Line = { id: string; ref: Ref; point: boolean; path: string; depth: number; leads: Ref | null };

/** The map as a list read from top to bottom: starting points, then what they lead to; branches one deeper. */
export function outlineOf(draft: Draft, kinds: Kinds): Line[] {
  const out = new Map<Ref, ReturnType<typeof edges>>();
  for (const edge of edges(draft, kinds)) out.set(edge.from, [...(out.get(edge.from) ?? []), edge]);
  const lines: Line[] = [];
  const seen = new Set<Ref>();
  const walk = (ref: Ref, depth: number): void => {
    seen.add(ref);
    lines.push({ id: ref, ref, point: true, path: "", depth, leads: null });
    const ways = out.get(ref) ?? [];
    if (ways.length === 1) {
      const to = ways[0]!.to;
      if (to && !seen.has(to)) walk(to, depth);
      else if (to) lines.push({ id: `${ref} next`, ref, point: false, path: ways[0]!.path, depth, leads: to });
      return;
    }
    for (const way of ways) {
      const again = way.to !== null && (way.back || seen.has(way.to));
      lines.push({ id: `${ref} ${way.path}`, ref, point: false, path: way.path, depth: depth + 1, leads: again ? way.to : null });
      if (way.to && !again) walk(way.to, depth + 1);
    }
  };
  const starts = refs(draft).filter(isStart);
  for (const ref of starts) {
    seen.add(ref);
    lines.push({ id: ref, ref, point: true, path: "", depth: 0, leads: null });
  }
  for (const ref of starts) for (const way of out.get(ref) ?? []) if (way.to && !seen.has(way.to)) walk(way.to, 0);
  for (const ref of refs(draft)) if (!seen.has(ref)) walk(ref, 0);
  return lines;
}
