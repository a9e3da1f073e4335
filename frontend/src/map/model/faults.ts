import type { Draft, Fault, Ref } from "./types";

/** The point a fault stands on; "" for the journey itself. */
export function pointOf(place: string): Ref | "" {
  const [section, key] = place.split(".");
  return (section === "start" || section === "points") && key ? `${section}.${key}` : "";
}

/** Faults by point. Those of the settings, and of points that are not there, stand under "". */
export function faultsByPoint(faults: Fault[], draft: Draft): Map<Ref | "", Fault[]> {
  const found = new Map<Ref | "", Fault[]>();
  for (const fault of faults) {
    const ref = pointOf(fault.place);
    const [section, key] = ref.split(".");
    const there = ref !== "" && key! in draft[section as "start" | "points"];
    const place = there ? ref : "";
    found.set(place, [...(found.get(place) ?? []), fault]);
  }
  return found;
}

/** Faults at or below a place of the point, such as `condition` or `paths.next`. */
export function faultsAt(faults: Fault[], ref: Ref, name: string): Fault[] {
  const place = `${ref}.${name}`;
  return faults.filter((fault) => fault.place === place || fault.place.startsWith(`${place}.`));
}
