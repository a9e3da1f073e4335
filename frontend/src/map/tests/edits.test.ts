import { describe, expect, it } from "vitest";

import { copyTo, freeKey, insert, lead, moveTo, remove, removeBranch, rename, renamePath, setParameter } from "../model/edits";
import { branchOf, possibleTargets, reachable, target, ways, written } from "../model/graph";
import { kindOf, kinds, shop } from "./maps";

const to = (draft: typeof shop, ref: string, path = "next") => target(written(draft, ref)!, path);

describe("putting a point in", () => {
  it("stands between what led there and what came behind", () => {
    const { draft, ref } = insert(shop, kindOf("pause"), { from: "points.greet", path: "next" }, kinds);
    expect(ref).toBe("points.pause");
    expect(to(draft, "points.greet")).toBe("pause");
    expect(to(draft, ref)).toBe("bought");
    expect(draft.points["pause"]).toMatchObject({ for: "P3D" });
  });

  it("with several ways goes on by the first of them", () => {
    const { draft } = insert(shop, kindOf("ask"), { from: "start.came", path: "next" }, kinds);
    expect(to(draft, "start.came")).toBe("ask");
    expect([to(draft, "points.ask", "yes"), to(draft, "points.ask", "no")]).toEqual(["greet", null]);
  });

  it("never goes on by a way that leads back", () => {
    const { draft } = insert(shop, kindOf("again"), { from: "points.greet", path: "next" }, kinds);
    expect([to(draft, "points.again", "jump"), to(draft, "points.again", "next")]).toEqual([null, "bought"]);
  });

  it("brings the paths that its parameters name", () => {
    const { draft, ref } = insert(shop, kindOf("ways"), { from: "points.last", path: "next" }, kinds);
    expect(ways(written(draft, ref)!, kinds)).toEqual(["a", "b", "else"]);
  });

  it("as a starting point leads to where the first one leads", () => {
    const { draft, ref } = insert(shop, kindOf("tagged"), null, kinds);
    expect(ref).toBe("start.tagged");
    expect(to(draft, ref)).toBe("greet");
  });

  it("does not change what was there before", () => {
    const before = JSON.stringify(shop);
    insert(shop, kindOf("pause"), { from: "points.greet", path: "next" }, kinds);
    expect(JSON.stringify(shop)).toBe(before);
  });

  it("keeps the order of the file", () => {
    const { draft } = insert(shop, kindOf("pause"), { from: "points.greet", path: "next" }, kinds);
    expect(Object.keys(draft.points).slice(0, 3)).toEqual(["greet", "pause", "bought"]);
  });
});

describe("taking a point out", () => {
  it("leads on to what came behind", () => {
    const draft = remove(shop, "points.greet", kinds);
    expect(to(draft, "start.came")).toBe("bought");
  });

  it("with several ways keeps the first branch and drops what only the others led to", () => {
    const draft = remove(shop, "points.bought", kinds);
    expect(to(draft, "points.greet")).toBe("thanks");
    expect(Object.keys(draft.points)).toEqual(["greet", "thanks", "last"]);
  });

  it("with its branch leaves what others lead to as well", () => {
    expect([...branchOf(shop, kinds, "points.offer")]).toEqual(["points.offer"]);
    const draft = removeBranch(shop, "points.bought", kinds);
    expect(Object.keys(draft.points)).toEqual(["greet"]);
    expect(to(draft, "points.greet")).toBeNull();
  });

  it("leaves no path to nowhere", () => {
    const draft = removeBranch(shop, "points.last", kinds);
    expect([to(draft, "points.thanks"), to(draft, "points.offer")]).toEqual([null, null]);
  });
});

describe("moving and copying", () => {
  it("moves a point into another path", () => {
    const { draft } = moveTo(shop, "points.greet", { from: "points.bought", path: "no" }, kinds);
    expect(to(draft, "start.came")).toBe("bought");
    expect(to(draft, "points.bought", "no")).toBe("greet");
    expect(to(draft, "points.greet")).toBe("offer");
  });

  it("moves a point with several ways together with its branch", () => {
    const { draft } = insert(shop, kindOf("pause"), { from: "points.last", path: "next" }, kinds);
    const twice = insert(draft, kindOf("ask"), { from: "points.bought", path: "no" }, kinds).draft;
    const moved = moveTo(twice, "points.ask", { from: "points.bought", path: "yes" }, kinds).draft;
    expect(to(moved, "points.bought", "yes")).toBe("ask");
    expect(reachable(moved, kinds, ["start.came"]).size).toBe(Object.keys(moved.points).length + 1);
  });

  it("never into its own branch", () => {
    expect(moveTo(shop, "points.bought", { from: "points.thanks", path: "next" }, kinds).draft).toBe(shop);
  });

  it("copies the parameters and nothing of the paths", () => {
    const { draft, ref } = copyTo(shop, "points.greet", { from: "points.last", path: "next" }, kinds);
    expect(written(draft, ref)).toEqual({ kind: "mail", template: "hello" });
    expect(ref).toBe("points.greet-2");
  });
});

describe("paths and names", () => {
  it("are never led in a circle, but for ways back", () => {
    expect(possibleTargets(shop, kinds, "points.last", "next")).toEqual([]);
    expect(possibleTargets(shop, kinds, "points.thanks", "next")).toEqual(["points.offer", "points.last"]);
    const draft = insert(shop, kindOf("again"), { from: "points.last", path: "next" }, kinds).draft;
    expect(possibleTargets(draft, kinds, "points.again", "jump")).toContain("points.greet");
  });

  it("follow a point's new key, in conditions too", () => {
    const asks = setParameter(shop, "points.bought", "condition", { not: { message: "greet", was: "opened" } }, kinds);
    const draft = rename(asks, "points.greet", "hello");
    expect(to(draft, "start.came")).toBe("hello");
    expect(draft.points["bought"]!["condition"]).toEqual({ not: { message: "hello", was: "opened" } });
  });

  it("are refused where the key is taken or is none", () => {
    expect(rename(shop, "points.greet", "last")).toBe(shop);
    expect(rename(shop, "points.greet", "Ü")).toBe(shop);
  });

  it("follow the name of a branch", () => {
    const draft = lead(insert(shop, kindOf("ways"), { from: "points.last", path: "next" }, kinds).draft, "points.ways", "a", null);
    const renamed = renamePath(lead(draft, "points.ways", "b", "last"), "points.ways", "branches", "b", "buyers");
    expect(ways(written(renamed, "points.ways")!, kinds)).toEqual(["a", "buyers", "else"]);
    expect(to(renamed, "points.ways", "buyers")).toBe("last");
  });

  it("that lead somewhere stay visible when their branch is taken out", () => {
    const draft = lead(insert(shop, kindOf("lots"), { from: "points.last", path: "next" }, kinds).draft, "points.lots", "b", "last");
    const gone = setParameter(draft, "points.lots", "shares", { a: 1 }, kinds);
    expect(ways(written(gone, "points.lots")!, kinds)).toEqual(["a", "b"]);
  });

  it("are made unique", () => {
    expect(freeKey(shop, "greet")).toBe("greet-2");
    expect(freeKey(shop, "Über uns!")).toBe("ber-uns-");
    expect(freeKey(shop, "۱۲")).toBe("point");
  });
});
