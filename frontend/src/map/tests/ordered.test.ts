import { describe, expect, it } from "vitest";

import { changes, merge, same } from "../model/changes";
import { lead, renamePath, setParameter } from "../model/edits";
import { edges, target, ways, written } from "../model/graph";
import { entriesOf, getFrom, namesOf, ordered, plainOf, putInto, readJson, writeJson } from "../model/ordered";
import type { Draft } from "../model/types";
import { kinds } from "./maps";

const TEXT =
  '{"draft":{"journey":"n","start":{"came":{"kind":"arrives","next":"fork"}},"points":{' +
  '"fork":{"kind":"lots","shares":{"2":30,"b":10,"1":60},"paths":{"2":"mail","b":null,"1":"x \\"2\\": y"}},' +
  '"mail":{"kind":"mail","template":"hello","values":{"10":[1,{"3":true,"2":null}],"9":-1.5e3}}}},"faults":[],"revision":3}';
const read = () => readJson<{ draft: Draft; revision: number }>(TEXT, ["draft"]);

describe("names that are whole numbers", () => {
  it("keep the order of the text, and are written in it", () => {
    const { draft, revision } = read();
    expect(revision).toBe(3);
    expect(ways(written(draft, "points.fork")!, kinds)).toEqual(["2", "b", "1"]);
    expect(target(written(draft, "points.fork")!, "2")).toBe("mail");
    expect(writeJson({ draft, faults: [], revision })).toBe(TEXT.replace('"3":true,"2":null', '"2":null,"3":true').replace("-1.5e3", "-1500"));
  });

  it("are found deep in a page's data", () => {
    const found = readJson<{ map: { draft: Draft }; published: null }>(`{"published":null,"map":${TEXT}}`, ["published", "map.draft"]);
    expect(namesOf(found.map.draft.points["fork"]!.paths)).toEqual(["2", "b", "1"]);
  });

  it("cost nothing where there are none", () => {
    const found = readJson<{ draft: Draft }>(TEXT.replace(/"(\d+)":/g, '"n$1":'), ["draft"]);
    expect(found.draft.points["fork"]!.paths).not.toBeInstanceOf(Map);
  });

  it("keep their place while one draws", () => {
    const { draft } = read();
    const led = lead(draft, "points.fork", "1", "mail");
    expect(entriesOf(led.points["fork"]!.paths)).toEqual([["2", "mail"], ["b", null], ["1", "mail"]]);
    const renamed = renamePath(draft, "points.fork", "shares", "b", "3");
    expect(ways(written(renamed, "points.fork")!, kinds)).toEqual(["2", "3", "1"]);
    const fewer = setParameter(draft, "points.fork", "shares", ordered([["1", 60], ["2", 30]]), kinds);
    expect(ways(written(fewer, "points.fork")!, kinds)).toEqual(["1", "2"]);
    expect(edges(led, kinds).filter((edge) => edge.to === "points.mail").map((edge) => edge.path)).toEqual(["2", "1"]);
  });

  it("in another order are a change", () => {
    const { draft } = read();
    const turned = setParameter(draft, "points.fork", "shares", ordered([["1", 60], ["b", 10], ["2", 30]]), kinds);
    expect(same(draft, read().draft)).toBe(true);
    expect([...changes(draft, turned)]).toEqual([["points.fork", "changed"]]);
    expect(namesOf(merge(draft, turned, draft).draft.points["fork"]!["shares"] as never)).toEqual(["1", "b", "2"]);
  });

  it("are taken like others", () => {
    expect(getFrom(ordered([["1", "a"]]), "1")).toBe("a");
    expect(getFrom({ b: 2 }, "b")).toBe(2);
    expect(getFrom(null, "b")).toBeUndefined();
    expect(entriesOf(putInto(ordered([["x", 1]]), "2", 2))).toEqual([["x", 1], ["2", 2]]);
    expect(plainOf(ordered([["2", 1]]))).toEqual({ "2": 1 });
    expect(plainOf("no")).toEqual({});
  });
});
