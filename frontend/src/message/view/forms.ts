/** What the forms of all blocks are given, and read. */

import type { Language, Simple } from "../types";

export type FormProps = { block: Simple; language: Language; onChange: (block: Simple, field: string) => void };
export const textOf = (block: Simple, name: string): string => (typeof block[name] === "string" ? block[name] : "");
