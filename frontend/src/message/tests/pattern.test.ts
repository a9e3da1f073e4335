import { describe, expect, it } from "vitest";

import { modeOf, placesOf, putPattern, renamed } from "../model/template";
import type { Template } from "../types";

const EMPTY: Template = { title: "", sender: "", topic: "", tracking: {}, strict: false, once_more: false, fallbacks: {}, languages: { fa: { text: "سلام" } }, document: {} };

describe("patterns", () => {
  it("finds the places of a text, as each service writes them", () => {
    expect(placesOf("%token عزیز، کد #CODE# و {0} و {{1}} و %token")).toEqual(["token", "CODE", "0", "1"]);
    expect(placesOf("۵۰% تخفیف")).toEqual([]);
  });
  it("renames a variable in its place, and never onto another", () => {
    expect(Object.entries(renamed({ a: "1", b: "2" }, "a", "c"))).toEqual([["c", "1"], ["b", "2"]]);
    expect(renamed({ a: "1", b: "2" }, "a", "b")).toEqual({ a: "1", b: "2" });
  });
  it("stands beside the free text and goes without it", () => {
    const pattern = { code: "x", text: "y", variables: {} };
    expect(putPattern(EMPTY, "fa", pattern).languages.fa).toEqual({ text: "سلام", pattern });
    expect(putPattern(putPattern(EMPTY, "fa", pattern), "fa", undefined).languages.fa).toEqual({ text: "سلام" });
    expect(modeOf(putPattern(EMPTY, "en", pattern), "en")).toBe("text");
  });
});
