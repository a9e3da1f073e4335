import { describe, expect, it } from "vitest";

import { fitting, putDown } from "../model/carrying";
import { copyTo, insert, lead } from "../model/edits";
import { edges, reachable, target, written } from "../model/graph";
import { begin, change, undo } from "../model/history";
import type { Draft } from "../model/types";
import { kindOf, kinds, shop } from "./maps";

const gap = (from: string, path = "next") => ({ from, path });
const every = (draft: Draft) => edges(draft, kinds).filter((edge) => !edge.back).map(({ from, path }) => ({ from, path }));
const to = (draft: Draft, ref: string, path = "next") => target(written(draft, ref)!, path);

describe("what is carried", () => {
  it("as a new point goes into every path", () => {
    const fits = fitting(shop, kinds, { kind: kindOf("ask") });
    expect(every(shop).every(fits)).toBe(true);
    const done = putDown(shop, kinds, { kind: kindOf("pause") }, gap("points.bought", "no"));
    expect([to(done.draft, "points.bought", "no"), to(done.draft, done.ref)]).toEqual(["pause", "offer"]);
  });

  it("and ends the journey goes to an end only", () => {
    const fits = fitting(shop, kinds, { kind: kindOf("leave") });
    expect(every(shop).filter(fits)).toEqual([gap("points.last")]);
  });

  it("goes neither into its own branch nor to where it stands", () => {
    const alone = fitting(shop, kinds, { ref: "points.greet", copy: false });
    expect(every(shop).filter((each) => !alone(each))).toEqual([gap("start.came"), gap("points.greet")]);
    const branch = fitting(shop, kinds, { ref: "points.bought", copy: false });
    expect(every(shop).filter(branch)).toEqual([gap("start.came")]);
  });

  it("as a copy goes anywhere, its own path included", () => {
    expect(every(shop).every(fitting(shop, kinds, { ref: "points.greet", copy: true }))).toBe(true);
    expect(putDown(shop, kinds, { ref: "points.greet", copy: true }, gap("points.greet"))).toEqual(copyTo(shop, "points.greet", gap("points.greet"), kinds));
  });

  it("is no starting point and nothing that is not there", () => {
    expect(every(shop).some(fitting(shop, kinds, { ref: "start.came", copy: false }))).toBe(false);
    expect(every(shop).some(fitting(shop, kinds, { ref: "points.none", copy: false }))).toBe(false);
  });

  it("loses nothing where its branch has no open end", () => {
    let draft = insert(shop, kindOf("ask"), gap("points.offer"), kinds).draft; // yes → last
    draft = insert(draft, kindOf("leave"), gap("points.ask", "no"), kinds).draft;
    expect(to(draft, "points.ask", "yes")).toBe("last");
    const fits = fitting(draft, kinds, { ref: "points.ask", copy: false });
    expect(fits(gap("points.thanks"))).toBe(false);
    const open = lead(draft, "points.thanks", "next", null);
    const moved = putDown(open, kinds, { ref: "points.ask", copy: false }, gap("points.thanks")).draft;
    expect(fitting(open, kinds, { ref: "points.ask", copy: false })(gap("points.thanks"))).toBe(true);
    expect(reachable(moved, kinds, ["start.came"]).size).toBe(Object.keys(moved.points).length + 1);
  });

  it("wherever it fits leaves every point within reach", () => {
    for (const ref of Object.keys(shop.points).map((key) => `points.${key}`)) {
      const fits = fitting(shop, kinds, { ref, copy: false });
      for (const each of every(shop).filter(fits)) {
        const moved = putDown(shop, kinds, { ref, copy: false }, each).draft;
        expect(reachable(moved, kinds, ["start.came"]).size, `${ref} to ${each.from} ${each.path}`).toBe(6);
      }
    }
  });

  it("can be taken back", () => {
    const history = change(begin(shop), putDown(shop, kinds, { ref: "points.greet", copy: false }, gap("points.bought", "no")).draft);
    expect(undo(history).now).toBe(shop);
  });
});
