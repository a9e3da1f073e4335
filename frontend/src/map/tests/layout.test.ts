import { describe, expect, it } from "vitest";

import { insert, lead } from "../model/edits";
import { layOut, outline, POINT, type Layout } from "../model/layout";
import { outlineOf } from "../model/outline";
import { neighbour } from "../model/steering";
import type { Draft } from "../model/types";
import { kindOf, kinds, shop } from "./maps";

const at = (layout: Layout, key: string) => layout.points.get(`points.${key}`)!;

function overlaps(layout: Layout): string[] {
  const boxes = [...layout.points];
  return boxes.flatMap(([a, one], n) =>
    boxes
      .slice(n + 1)
      .filter(([, two]) => Math.abs(one.x - two.x) < POINT.width && Math.abs(one.y - two.y) < POINT.height)
      .map(([b]) => `${a} on ${b}`),
  );
}

describe("the drawing", () => {
  it("goes from top to bottom, branches in their order, and meets below both", () => {
    const layout = layOut(shop, kinds, false);
    expect(at(layout, "greet").y).toBeLessThan(at(layout, "bought").y);
    expect(at(layout, "thanks").x).toBeLessThan(at(layout, "offer").x);
    expect(at(layout, "last").y).toBeGreaterThan(at(layout, "offer").y);
    expect(at(layout, "last").x).toBeCloseTo(at(layout, "bought").x);
    expect(overlaps(layout)).toEqual([]);
  });

  it("is mirrored where one reads from the right", () => {
    const [ltr, rtl] = [layOut(shop, kinds, false), layOut(shop, kinds, true)];
    expect(at(rtl, "thanks").x).toBeGreaterThan(at(rtl, "offer").x);
    expect(at(rtl, "thanks").y).toBe(at(ltr, "thanks").y);
    for (const path of rtl.paths) expect(path.lane).toBeGreaterThanOrEqual(0);
  });

  it("gives an empty branch a lane of its own", () => {
    const draft = lead(shop, "points.bought", "no", "last");
    const no = layOut(draft, kinds, false).paths.find((path) => path.path === "no")!;
    const thanks = at(layOut(draft, kinds, false), "thanks");
    expect(Math.abs(no.lane - (thanks.x + POINT.width / 2))).toBeGreaterThan(POINT.width / 2);
    expect(outline(no)).toMatch(/^M[\d.]+,/);
  });

  it("draws ways back as ends, and what nothing leads to beside the map", () => {
    const again = insert(shop, kindOf("again"), { from: "points.last", path: "next" }, kinds).draft;
    const back = lead(again, "points.again", "jump", "greet");
    expect(layOut(back, kinds, false).paths.find((path) => path.path === "jump")).toMatchObject({ back: true, alone: true });
    const loose: Draft = { ...shop, points: { ...shop.points, alone: { kind: "mail" } } };
    expect(layOut(loose, kinds, false).points.size).toBe(7);
    expect(overlaps(layOut(loose, kinds, false))).toEqual([]);
  });

  it("does not hang on circles", () => {
    const circle: Draft = { ...shop, points: { ...shop.points, last: { kind: "mail", next: "greet" } } };
    expect(layOut(circle, kinds, false).points.size).toBe(6);
  });

  it("stays quick with two hundred points", () => {
    let draft = shop;
    for (let n = 0; n < 60; n += 1) draft = insert(draft, kindOf("ask"), { from: n ? `points.ask${n > 1 ? `-${n}` : ""}` : "points.last", path: n ? "no" : "next" }, kinds).draft;
    for (let n = 0; n < 130; n += 1) draft = insert(draft, kindOf("mail"), { from: "start.came", path: "next" }, kinds).draft;
    const began = performance.now();
    const layout = layOut(draft, kinds, true);
    expect(performance.now() - began).toBeLessThan(200);
    expect(layout.points.size).toBe(196);
    expect(overlaps(layout)).toEqual([]);
  });
});

describe("going by the arrows", () => {
  const layout = layOut(shop, kinds, false);
  it("follows paths up and down and neighbours sideways", () => {
    expect(neighbour(layout, null, "down")).toBe("start.came");
    expect(neighbour(layout, "start.came", "down")).toBe("points.greet");
    expect(neighbour(layout, "points.last", "up")).toMatch(/thanks|offer/);
    expect(neighbour(layout, "points.thanks", "right")).toBe("points.offer");
    expect(neighbour(layout, "points.offer", "left")).toBe("points.thanks");
  });
});

describe("the list on a phone", () => {
  it("has every point once, branches one deeper", () => {
    const lines = outlineOf(shop, kinds);
    expect(lines.filter((line) => line.point).map((line) => line.ref)).toEqual(["start.came", "points.greet", "points.bought", "points.thanks", "points.last", "points.offer"]);
    expect(lines.find((line) => line.ref === "points.offer" && line.point)!.depth).toBe(1);
    expect(lines.find((line) => line.ref === "points.offer" && !line.point)!.leads).toBe("points.last");
  });
});
