import { edges, isStart, refs, type Edge, type Kinds } from "./graph";
import type { Draft, Ref } from "./types";

/**
 * Where each point stands when the map is drawn from top to bottom.
 *
 * Every path has a lane of its own below its point, in the order of the paths. A point in which several paths meet stands
 * below all that lies between it and the last point that all of them come through (its immediate dominator), as on the
 * map in the terminal (safar/journeys/definition/layout.py). So no lane crosses another, and nothing moves sideways when
 * something is put into a path: general graph layouts (dagre, elk) keep neither the order of paths nor their lanes.
 */
export const POINT = { width: 248, height: 104 };
/** step: between a point and what follows it; named: where the path's name stands between them. lonely: width of an empty lane. */
export const GAP = { lane: 40, step: 60, named: 92, lonely: 148 };

export type Box = { x: number; y: number };
/** A path as it is drawn: down out of its point, sideways into its lane, down the lane, sideways to where it leads. */
export type Drawn = Edge & { id: string; start: Box; lane: number; end: Box; alone: boolean; named: boolean };
export type Layout = { points: Map<Ref, Box>; paths: Drawn[]; width: number; height: number };

type Block = { width: number; height: number; anchor: number; place: (x: number, y: number) => void };

export function layOut(draft: Draft, kinds: Kinds, rtl: boolean): Layout {
  const all = edges(draft, kinds);
  const out = new Map<Ref, Edge[]>();
  for (const edge of all) out.set(edge.from, [...(out.get(edge.from) ?? []), edge]);
  const { above, below, roots } = dominate(draft, all, out);
  const points = new Map<Ref, Box>();
  const lanes = new Map<Edge, { x: number; y: number }>();
  const placed = new Set<Ref>();

  function block(ref: Ref): Block {
    placed.add(ref);
    const ways = out.get(ref) ?? [];
    const step = ways.length > 1 ? GAP.named : GAP.step;
    const columns = ways.map((edge) => column(edge, ref, step));
    const joins = (below.get(ref) ?? []).filter((each) => !placed.has(each)).map(block);
    const row = beside(columns, GAP.lane);
    const anchor = Math.max(columns.length ? (columns[0]!.anchor + row.at.at(-1)! + columns.at(-1)!.anchor) / 2 : 0, 0);
    const left = Math.max(anchor, POINT.width / 2, ...joins.map((each) => each.anchor));
    const right = Math.max(row.width - anchor, POINT.width / 2, ...joins.map((each) => each.width - each.anchor));
    const height = POINT.height + row.height + joins.reduce((sum, each) => sum + each.height, 0);
    return {
      width: left + right,
      height,
      anchor: left,
      place(x, y) {
        points.set(ref, { x: x + left - POINT.width / 2, y });
        columns.forEach((each, n) => each.place(x + left - anchor + row.at[n]!, y + POINT.height));
        let bottom = y + POINT.height + row.height;
        for (const each of joins) {
          each.place(x + left - each.anchor, bottom);
          bottom += each.height;
        }
      },
    };
  }

  /** A path's lane with what stands in it. */
  function column(edge: Edge, from: Ref, step: number): Block {
    const child = edge.to && !edge.back && above.get(edge.to) === from && !(below.get(from) ?? []).includes(edge.to) ? edge.to : null;
    const inner = child && !placed.has(child) ? block(child) : null;
    const width = Math.max(inner?.width ?? 0, GAP.lonely);
    const anchor = inner ? inner.anchor + (width - inner.width) / 2 : width / 2;
    return {
      width,
      height: step + (inner?.height ?? 0),
      anchor,
      place(x, y) {
        lanes.set(edge, { x: x + anchor, y });
        inner?.place(x + anchor - inner.anchor, y + step);
      },
    };
  }

  const tops = roots.filter(isStart).map(block);
  const meeting = (below.get(ROOT) ?? []).filter((each) => !placed.has(each)).map(block);
  // What nothing leads to, or what stands in a circle, is drawn all the same: beside the map, where its fault can be seen.
  const loose = refs(draft).filter((ref) => !placed.has(ref)).flatMap((ref) => (placed.has(ref) ? [] : [block(ref)]));
  const first = beside(tops, GAP.lane);
  const wide = Math.max(first.width, ...meeting.map((each) => each.width), 0);
  tops.forEach((each, n) => each.place((wide - first.width) / 2 + first.at[n]!, 0));
  let bottom = first.height;
  for (const each of meeting) {
    each.place((wide - each.width) / 2, bottom);
    bottom += each.height;
  }
  let side = wide + (wide ? 2 * GAP.lane : 0);
  let height = bottom;
  for (const each of loose) {
    each.place(side, 0);
    side += each.width + GAP.lane;
    height = Math.max(height, each.height);
  }
  const width = Math.max(side - (loose.length ? GAP.lane : wide ? 2 * GAP.lane : 0), wide);
  const paths = all.map((edge) => drawn(edge, points, lanes, (out.get(edge.from) ?? []).length > 1));
  return rtl ? mirrored({ points, paths, width, height }) : { points, paths, width, height };
}

function beside(blocks: Block[], gap: number): { width: number; height: number; at: number[] } {
  const at: number[] = [];
  let width = 0;
  for (const each of blocks) {
    at.push(width);
    width += each.width + gap;
  }
  return { width: Math.max(width - gap, 0), height: Math.max(0, ...blocks.map((each) => each.height)), at };
}

function drawn(edge: Edge, points: Map<Ref, Box>, lanes: Map<Edge, Box>, named: boolean): Drawn {
  const from = points.get(edge.from)!;
  const start = { x: from.x + POINT.width / 2, y: from.y + POINT.height };
  const lane = lanes.get(edge) ?? start;
  const to = edge.to && !edge.back ? points.get(edge.to) : undefined;
  const end = to ? { x: to.x + POINT.width / 2, y: to.y } : { x: lane.x, y: lane.y + (named ? GAP.named - 20 : GAP.step - 24) };
  return { ...edge, id: `${edge.from} ${edge.path}`, start, lane: lane.x, end, alone: !to, named };
}

function mirrored({ points, paths, width, height }: Layout): Layout {
  const box = ({ x, y }: Box): Box => ({ x: width - x, y });
  return {
    points: new Map([...points].map(([ref, { x, y }]) => [ref, { x: width - x - POINT.width, y }])),
    paths: paths.map((path) => ({ ...path, start: box(path.start), lane: width - path.lane, end: box(path.end) })),
    width,
    height,
  };
}

const ROOT = "";

/** above: point → its immediate dominator. below: dominator → points in which several of its paths meet, in order. */
function dominate(draft: Draft, all: Edge[], out: Map<Ref, Edge[]>) {
  const incoming = new Map<Ref, Ref[]>();
  for (const edge of all) if (edge.to && !edge.back) incoming.set(edge.to, [...(incoming.get(edge.to) ?? []), edge.from]);
  const roots = refs(draft).filter((ref) => isStart(ref));
  const above = new Map<Ref, Ref>(roots.map((ref) => [ref, ROOT]));
  const depth = new Map<Ref, number>([[ROOT, 0], ...roots.map((ref) => [ref, 1] as const)]);
  const below = new Map<Ref, Ref[]>();
  for (const ref of topological(roots, incoming, out)) {
    const sources = (incoming.get(ref) ?? []).filter((each) => depth.has(each));
    if (!sources.length) continue;
    const common = sources.reduce((a, b) => meet(a, b, above, depth));
    above.set(ref, common);
    depth.set(ref, depth.get(common)! + 1);
    if (sources.length > 1) below.set(common, [...(below.get(common) ?? []), ref]);
  }
  return { above, below, roots };
}

/** Points after all that lead to them. Points in a circle come last, as they stand. */
function topological(roots: Ref[], incoming: Map<Ref, Ref[]>, out: Map<Ref, Edge[]>): Ref[] {
  const seen = new Set<Ref>(roots);
  const waiting = [...roots];
  for (let ref = waiting.pop(); ref !== undefined; ref = waiting.pop()) {
    for (const edge of out.get(ref) ?? []) if (edge.to && !edge.back && !seen.has(edge.to)) (seen.add(edge.to), waiting.push(edge.to));
  }
  const open = new Map([...seen].map((ref) => [ref, (incoming.get(ref) ?? []).filter((each) => seen.has(each)).length]));
  const ready = [...roots];
  const found: Ref[] = [];
  for (let ref = ready.shift(); ref !== undefined; ref = ready.shift()) {
    if (!roots.includes(ref)) found.push(ref);
    for (const edge of out.get(ref) ?? []) {
      if (!edge.to || edge.back || !open.has(edge.to)) continue;
      const left = open.get(edge.to)! - 1;
      open.set(edge.to, left);
      if (left === 0) ready.push(edge.to);
    }
  }
  return found;
}

function meet(a: Ref, b: Ref, above: Map<Ref, Ref>, depth: Map<Ref, number>): Ref {
  while (a !== b) {
    if ((depth.get(a) ?? 0) >= (depth.get(b) ?? 0)) a = above.get(a) ?? ROOT;
    else b = above.get(b) ?? ROOT;
  }
  return a;
}

/** The SVG path of a drawn path, its corners rounded. */
export function outline(path: Drawn): string {
  const turn = path.start.y + 22;
  const back = path.end.y - 22;
  const corners: Box[] = [path.start, { x: path.start.x, y: turn }, { x: path.lane, y: turn }];
  if (path.end.x !== path.lane) corners.push({ x: path.lane, y: back }, { x: path.end.x, y: back });
  corners.push(path.end);
  return rounded(corners.filter((each, n) => n === 0 || each.x !== corners[n - 1]!.x || each.y !== corners[n - 1]!.y));
}

function rounded(corners: Box[], radius = 12): string {
  let text = `M${corners[0]!.x},${corners[0]!.y}`;
  for (let n = 1; n < corners.length - 1; n += 1) {
    const [a, b, c] = [corners[n - 1]!, corners[n]!, corners[n + 1]!];
    const before = toward(b, a, radius);
    const after = toward(b, c, radius);
    text += `L${before.x},${before.y}Q${b.x},${b.y} ${after.x},${after.y}`;
  }
  return `${text}L${corners.at(-1)!.x},${corners.at(-1)!.y}`;
}

function toward(from: Box, to: Box, most: number): Box {
  const length = Math.abs(to.x - from.x) + Math.abs(to.y - from.y);
  const step = Math.min(most, length / 2);
  return { x: from.x + Math.sign(to.x - from.x) * step, y: from.y + Math.sign(to.y - from.y) * step };
}
