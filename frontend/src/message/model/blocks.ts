import type { Block, Blocks, Columns, Language, Simple } from "../types";

/** Where a block stands: its number, or number, column and number in that column. */
export type Place = [number] | [number, 0 | 1, number];

export const KINDS = ["heading", "text", "image", "button", "products", "coupon", "columns", "divider", "footer"] as const;
export type Kind = (typeof KINDS)[number];
export const INSIDE: Kind[] = ["heading", "text", "image", "button", "products", "coupon", "divider"];
export const ICONS = [
  { kind: "heading", icon: "heading" },
  { kind: "text", icon: "align-left" },
  { kind: "image", icon: "photo" },
  { kind: "button", icon: "square-rounded" },
  { kind: "products", icon: "shopping-cart" },
  { kind: "coupon", icon: "ticket" },
  { kind: "columns", icon: "columns-2" },
  { kind: "divider", icon: "minus" },
  { kind: "footer", icon: "layout-bottombar" },
] as const;

let made = 0;
const fresh = (): string => `b${Date.now().toString(36)}${(made++).toString(36)}`;

const FOOT: Record<Language, string> = {
  en: "You get this because you signed up or ordered here.",
  fa: "این نامه را چون اینجا عضو شده یا خرید کرده‌اید گرفته‌اید.",
};
const HELLO: Record<Language, string> = {
  en: 'Hello {{ contact.first_name | default: "friend" }},',
  fa: 'سلام {{ contact.first_name | default: "دوست عزیز" }}،',
};

export function newBlock(kind: Kind, language: Language): Block {
  const id = fresh();
  if (kind === "columns") return { id, kind, columns: [[], []] };
  const given: Partial<Record<Kind, object>> = {
    heading: { text: "", level: 1 },
    text: { text: "" },
    image: { src: "", alt: "" },
    button: { text: "", href: "https://" },
    products: { of: "cart", most: 5 },
    coupon: { code: "" },
    footer: { text: FOOT[language] },
  };
  return { id, kind, ...given[kind] } as Simple;
}

/** What a new e-mail begins with. */
export function starter(language: Language): Blocks {
  return { kind: "blocks", blocks: [{ ...newBlock("text", language), text: HELLO[language] } as Simple, newBlock("footer", language)] };
}

/** Every block with a name of its own, so that fields keep their caret while blocks move. */
export function named(blocks: Block[]): Block[] {
  return blocks.map((block) =>
    block.kind === "columns"
      ? { ...block, id: block.id ?? fresh(), columns: [named(block.columns[0]) as Simple[], named(block.columns[1]) as Simple[]] }
      : { ...block, id: block.id ?? fresh() },
  );
}

export const listOf = (blocks: Block[], place: Place): Block[] =>
  place.length === 1 ? blocks : ((blocks[place[0]] as Columns | undefined)?.columns[place[1]] ?? []);

const last = (place: Place): number => place[place.length - 1] as number;

function withList(blocks: Block[], place: Place, list: Block[]): Block[] {
  if (place.length === 1) return list;
  return blocks.map((block, number) => {
    if (number !== place[0] || block.kind !== "columns") return block;
    const columns: Columns["columns"] = place[1] === 0 ? [list as Simple[], block.columns[1]] : [block.columns[0], list as Simple[]];
    return { ...block, columns };
  });
}

export function insertBlock(blocks: Block[], place: Place, block: Block): Block[] {
  const list = [...listOf(blocks, place)];
  list.splice(last(place), 0, block);
  return withList(blocks, place, list);
}

export function removeBlock(blocks: Block[], place: Place): Block[] {
  return withList(blocks, place, listOf(blocks, place).filter((_, number) => number !== last(place)));
}

export function putBlock(blocks: Block[], place: Place, block: Block): Block[] {
  return withList(blocks, place, listOf(blocks, place).map((old, number) => (number === last(place) ? block : old)));
}

export function copyBlock(blocks: Block[], place: Place): Block[] {
  const { id: _old, ...block } = listOf(blocks, place)[last(place)]!;
  const [copy] = named([JSON.parse(JSON.stringify(block, (name, value: unknown) => (name === "id" ? undefined : value))) as Block]);
  return insertBlock(blocks, [...place.slice(0, -1), last(place) + 1] as unknown as Place, copy!);
}

/** One step up (-1) or down (1) in its own list; as it was at either end. */
export function moveBlock(blocks: Block[], place: Place, by: -1 | 1): Block[] {
  return moveTo(blocks, place, last(place) + by);
}

/** To another number of its own list. */
export function moveTo(blocks: Block[], place: Place, to: number): Block[] {
  const list = [...listOf(blocks, place)];
  if (to < 0 || to >= list.length || to === last(place)) return blocks;
  const [block] = list.splice(last(place), 1);
  list.splice(to, 0, block!);
  return withList(blocks, place, list);
}
