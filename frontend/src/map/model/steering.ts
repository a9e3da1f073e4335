import { POINT, type Layout } from "./layout";
import type { Ref } from "./types";

export type Direction = "up" | "down" | "left" | "right";

/** The next point in a direction on the drawn map; the first one where none is chosen. Sideways keeps near the row. */
export function neighbour(layout: Layout, from: Ref | null, direction: Direction): Ref | null {
  const here = from ? layout.points.get(from) : undefined;
  if (!here) return layout.points.keys().next().value ?? null;
  if (direction === "down" || direction === "up") {
    const linked = layout.paths
      .filter((path) => (direction === "down" ? path.from === from && path.to && !path.back : path.to === from && !path.back))
      .map((path) => (direction === "down" ? path.to! : path.from));
    if (linked.length) return nearest(layout, here, linked, 1, 0.2);
  }
  const beyond = [...layout.points.keys()].filter((ref) => {
    const { x, y } = layout.points.get(ref)!;
    if (direction === "up") return y < here.y;
    if (direction === "down") return y > here.y;
    return direction === "left" ? x < here.x - POINT.width / 4 : x > here.x + POINT.width / 4;
  });
  const sideways = direction === "left" || direction === "right";
  return nearest(layout, here, beyond, 1, sideways ? 3 : 1);
}

function nearest(layout: Layout, here: { x: number; y: number }, among: Ref[], across: number, down: number): Ref | null {
  const far = (ref: Ref) => {
    const { x, y } = layout.points.get(ref)!;
    return across * Math.abs(x - here.x) + down * Math.abs(y - here.y);
  };
  return among.reduce<Ref | null>((best, ref) => (best === null || far(ref) < far(best) ? ref : best), null);
}
