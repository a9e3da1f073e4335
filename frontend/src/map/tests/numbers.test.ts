import { describe, expect, it } from "vitest";

import { figuresOf, gone, pathsOf } from "../view/numbers";
import { wordsOf } from "../words";
import { kinds, shop } from "./maps";

const figures = { entered: 9, standing: 0, paths: { no: 3, old: 1, yes: 5 }, left: {}, set_aside: 0, moved: 0 };

describe("figures of paths", () => {
  it("stand in the order of the map, and what the map has no more behind them", () => {
    expect(pathsOf(figures, shop, kinds, "points.bought")).toEqual([["yes", 5], ["no", 3], ["old", 1]]);
    expect(pathsOf(figures, shop, kinds, "points.none").length).toBe(3);
  });

  it("have a share of those who went on", () => {
    expect(gone(figures, "yes")).toEqual({ count: 5, share: 5 / 9 });
    expect(gone(null, "yes")).toBeNull();
    expect(figuresOf({ points: {}, by_starting_point: { came: 4 } }, "start.came")?.paths).toEqual({ next: 4 });
  });
});

describe("how long people stay", () => {
  const words = (language: "en" | "fa") => wordsOf({ language, words: {}, zone: "UTC", calendar: "gregorian", paths: {}, choices: {} });

  it("is said in the largest unit that fits", () => {
    const said = words("en").span;
    expect([said(40), said(90), said(3_600), said(5_400), said(86_400), said(1_000_000)]).toEqual(["40 seconds", "1.5 minutes", "1 hour", "1.5 hours", "1 day", "12 days"]);
    expect(words("fa").span(259_200)).toBe("۳ روز");
  });
});
