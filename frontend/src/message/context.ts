import { createContext, useContext } from "react";

import type { Boot } from "./types";

export type Words = { t: (key: string, values?: Record<string, string | number>) => string; number: (value: number) => string };

/** Texts in the page's language; a key that nobody has written shows as it is. */
export function wordsOf(boot: Pick<Boot, "language" | "words">): Words {
  const number = new Intl.NumberFormat(boot.language === "fa" ? "fa-IR" : "en-GB");
  return {
    t: (key, values = {}) =>
      (boot.words[key] ?? key).replace(/\{(\w+)\}/g, (all, name: string) => {
        const value = values[name];
        return value === undefined ? all : typeof value === "number" ? number.format(value) : value;
      }),
    number: (value) => number.format(value),
  };
}

type Given = { boot: Boot; words: Words };
const Context = createContext<Given | null>(null);
export const Scene = Context.Provider;

export function useScene(): Given {
  const given = useContext(Context);
  if (!given) throw new Error("outside of the editor");
  return given;
}
