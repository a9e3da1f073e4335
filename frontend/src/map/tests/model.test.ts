import { describe, expect, it } from "vitest";

import { changes, merge } from "../model/changes";
import { readSpan, writeSpan } from "../model/durations";
import { faultsAt, faultsByPoint } from "../model/faults";
import { begin, change, redo, undo } from "../model/history";
import { daysOf, fromJalali, isLeap, toJalali } from "../model/jalali";
import { asciiDigits, wordsOf } from "../words";
import { readNumber } from "../form/simple";
import { folded } from "../view/Catalogue";
import { setParameter } from "../model/edits";
import { kinds, shop } from "./maps";

describe("history", () => {
  it("goes back and forth", () => {
    const history = change(change(begin("a"), "b"), "c");
    expect(undo(history).now).toBe("b");
    expect(redo(undo(history)).now).toBe("c");
    expect(undo(begin("a")).now).toBe("a");
  });

  it("takes what is typed into one field as one step", () => {
    let history = begin("");
    for (const text of ["h", "he", "hey"]) history = change(history, text, "points.greet.tag");
    expect(undo(history).now).toBe("");
    expect(undo(change(history, "x", "points.last.tag")).now).toBe("hey");
  });

  it("forgets what was undone once something else is done", () => {
    expect(redo(change(undo(change(begin("a"), "b")), "c")).now).toBe("c");
  });
});

describe("two people at once", () => {
  const mine = setParameter(shop, "points.greet", "template", "mine", kinds);
  const theirs = setParameter(shop, "points.offer", "template", "theirs", kinds);

  it("keeps both where they touched different points", () => {
    const found = merge(shop, mine, theirs);
    expect(found.clashes).toEqual([]);
    expect([found.draft.points["greet"]!["template"], found.draft.points["offer"]!["template"]]).toEqual(["mine", "theirs"]);
  });

  it("names the places that both touched", () => {
    const other = setParameter(shop, "points.greet", "template", "other", kinds);
    expect(merge(shop, mine, other).clashes).toEqual(["points.greet"]);
    expect(merge(shop, mine, mine).clashes).toEqual([]);
  });

  it("carries new points, removed points and settings over", () => {
    const { last: _, ...points } = shop.points;
    const here = { ...shop, points, settings: { control_group: 10 } };
    const there = { ...theirs, points: { ...theirs.points, fresh: { kind: "mail" } } };
    const { draft } = merge(shop, here, there);
    expect(Object.keys(draft.points)).toEqual(["greet", "bought", "thanks", "offer", "fresh"]);
    expect(draft.settings).toEqual({ control_group: 10 });
    expect(changes(shop, draft).get("points.last")).toBe("removed");
  });
});

describe("faults", () => {
  const faults = [
    { place: "points.greet.template", message: "is missing" },
    { place: "points.bought.paths.yes", message: "there is no point" },
    { place: "settings.goal.event", message: "is missing" },
    { place: "points.gone.kind", message: "is missing" },
  ];
  it("stand on their points, the others on the journey", () => {
    const found = faultsByPoint(faults, shop);
    expect([...found.keys()]).toEqual(["points.greet", "points.bought", ""]);
    expect(found.get("")).toHaveLength(2);
    expect(faultsAt(faults, "points.bought", "paths")).toHaveLength(1);
    expect(faultsAt(faults, "points.greet", "temp")).toHaveLength(0);
  });
});

describe("what people type", () => {
  it("has the digits of either keyboard", () => {
    expect(asciiDigits("۱۲٬۳۴۵٫۶")).toBe("12345.6");
    expect(readNumber("۱٬۲۰۰")).toBe(1200);
    expect(readNumber("1,200.5")).toBe(1200.5);
    expect(readNumber("abc")).toBeNull();
    expect(readNumber("")).toBeNull();
  });

  it("is found whichever letters it was typed with", () => {
    expect(folded("كتاب‌هاي")).toBe(folded("کتابهای"));
  });

  it("is a duration of one part, or stays as it is written", () => {
    for (const text of ["P3D", "PT36H", "PT30M", "P2W", "P1M", "P1Y", "-P7D"]) expect(writeSpan(readSpan(text)!)).toBe(text);
    expect(readSpan("PT30M")!.unit).toBe("PTM");
    expect(readSpan("P1M")!.unit).toBe("PM");
    expect(readSpan("P1DT2H")).toBeNull();
  });
});

describe("the Jalali calendar", () => {
  it("is that of Intl, day by day over forty years", () => {
    const parts = new Intl.DateTimeFormat("en-u-ca-persian-nu-latn", { timeZone: "UTC", year: "numeric", month: "numeric", day: "numeric" });
    for (let day = Date.UTC(2005, 0, 1); day < Date.UTC(2045, 0, 1); day += 86_400_000) {
      const found = Object.fromEntries(parts.formatToParts(new Date(day)).map((part) => [part.type, part.value]));
      const [year, month, on] = toJalali(new Date(day));
      if (year !== Number(found["year"]) || month !== Number(found["month"]) || on !== Number(found["day"])) throw new Error(new Date(day).toISOString());
      expect(fromJalali(year, month, on).getTime()).toBe(day);
    }
    expect([isLeap(1403), isLeap(1404), daysOf(1403, 12), daysOf(1404, 12)]).toEqual([true, false, 30, 29]);
  });
});

describe("texts", () => {
  const boot = { language: "fa", words: { n: "{n} نفر" }, zone: "Asia/Tehran", calendar: "jalali", paths: { yes: "بله" }, choices: {} } as const;
  it("have Persian digits, separators and dates on Persian pages", () => {
    const words = wordsOf(boot);
    expect(words.t("n", { n: 12345 })).toBe("۱۲٬۳۴۵ نفر");
    expect(words.percent(0.125)).toMatch(/۱۲٫۵/);
    expect(words.moment("2027-03-21T00:00:00Z")).toMatch(/۱ فروردین/);
    expect(words.path("yes")).toBe("بله");
    expect(words.t("not_there")).toBe("not_there");
  });
});
