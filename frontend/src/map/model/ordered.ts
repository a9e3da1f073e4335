import type { Draft, Json, Ordered, Params, Value, Written } from "./types";

/**
 * Mappings whose order counts, whatever their names.
 *
 * The ways out of a branch are read in the order of the file: the first match wins. A JavaScript object puts names that are
 * whole numbers ("2", "10") first and in order of size, so a mapping that has one is a Map here, and is read from the text and
 * written to it by this file. Only the fields of points are such mappings; everything else is plain.
 */

const WHOLE = /^(0|[1-9]\d*)$/;
/** Whether a text has a name that is a whole number at all. */
const HAS = /"(?:0|[1-9]\d*)"\s*:/;

export function ordered<T>(entries: Iterable<readonly [string, T]>): Ordered<T> {
  const list = [...entries];
  return list.some(([name]) => WHOLE.test(name)) ? new Map(list) : (Object.fromEntries(list) as Record<string, T>);
}

export function entriesOf<T>(mapping: Ordered<T> | null | undefined): [string, T][] {
  if (!mapping) return [];
  return mapping instanceof Map ? [...(mapping as ReadonlyMap<string, T>)] : Object.entries(mapping as Record<string, T>);
}

export const namesOf = <T>(mapping: Ordered<T> | null | undefined): string[] => entriesOf(mapping).map(([name]) => name);

export function getFrom<T>(mapping: Ordered<T> | null | undefined, name: string): T | undefined {
  if (!mapping) return undefined;
  return mapping instanceof Map ? (mapping as ReadonlyMap<string, T>).get(name) : (mapping as Record<string, T>)[name];
}

/** The mapping with one name set, in its place or at the end. */
export function putInto<T>(mapping: Ordered<T> | null | undefined, name: string, value: T): Ordered<T> {
  const list = entriesOf(mapping);
  return ordered(list.some(([each]) => each === name) ? list.map(([each, old]) => [each, each === name ? value : old] as const) : [...list, [name, value]]);
}

export function isMapping(value: unknown): value is Ordered<Json> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/** Where order does not count: an object whatever the names. */
export const plainOf = (value: unknown): Record<string, Json> => (isMapping(value) ? Object.fromEntries(entriesOf(value)) : {});

export const jsonOf = (value: Value | undefined): Json | undefined => (value instanceof Map ? plainOf(value) : (value as Json | undefined));

/** JSON text with names in the order they have here. */
export function writeJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((each) => (each === undefined ? "null" : writeJson(each))).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "null";
  const parts = entriesOf(value as Ordered<unknown>).filter(([, each]) => each !== undefined);
  return `{${parts.map(([name, each]) => `${JSON.stringify(name)}:${writeJson(each)}`).join(",")}}`;
}

/** What the text says, with the drafts under these names (such as "draft", "map.draft") in the order of the text. */
export function readJson<T>(text: string, drafts: string[]): T {
  const found = JSON.parse(text) as Record<string, unknown>;
  if (!HAS.test(text)) return found as T;
  const whole = new Reader(text).read();
  for (const place of drafts) {
    const steps = place.split(".");
    const last = steps.pop()!;
    let [to, from]: [Record<string, unknown> | undefined, unknown] = [found, whole];
    for (const step of steps) [to, from] = [to?.[step] as Record<string, unknown>, getFrom(from as Ordered<unknown>, step)];
    const kept = from instanceof Map ? (from.get(last) as unknown) : undefined;
    if (to && kept instanceof Map) to[last] = draftOf(kept);
  }
  return found as T;
}

/** A draft out of mappings that are all Maps: plain objects but for the fields of points. */
function draftOf(read: ReadonlyMap<string, unknown>): Draft {
  const section = (name: string) => {
    const points = read.get(name);
    return points instanceof Map ? Object.fromEntries([...points].map(([key, point]) => [key, pointOf(point)])) : plain(points);
  };
  const head = Object.fromEntries([...read].map(([name, value]) => [name, plain(value)]));
  return { ...head, start: section("start"), points: section("points") } as unknown as Draft;
}

function pointOf(read: unknown): Written {
  if (!(read instanceof Map)) return plain(read) as Written;
  const fields = [...(read as ReadonlyMap<string, unknown>)].map(([name, value]) => {
    const kept = value instanceof Map ? ordered([...value].map(([each, part]) => [each as string, plain(part)] as const)) : plain(value);
    return [name, kept];
  });
  return Object.fromEntries(fields) as Params as Written;
}

function plain(value: unknown): unknown {
  if (value instanceof Map) return Object.fromEntries([...value].map(([name, each]) => [name, plain(each)]));
  return Array.isArray(value) ? value.map(plain) : value;
}

/** JSON with every mapping as a Map. The text is known to be JSON: JSON.parse has read it before. */
class Reader {
  private readonly tokens: string[];
  private at = 0;

  constructor(text: string) {
    this.tokens = text.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g) ?? [];
  }

  read(): unknown {
    const token = this.tokens[this.at++]!;
    if (token === "{") return new Map(this.listed("}", () => [JSON.parse(this.tokens[(this.at += 2) - 2]!) as string, this.read()] as const));
    if (token === "[") return this.listed("]", () => this.read());
    return JSON.parse(token);
  }

  private listed<T>(end: string, one: () => T): T[] {
    const found: T[] = [];
    while (this.tokens[this.at] !== end) {
      found.push(one());
      if (this.tokens[this.at] === ",") this.at += 1;
    }
    this.at += 1;
    return found;
  }
}
