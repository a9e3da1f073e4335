import { describe, expect, it } from "vitest";

import { dayOf, isoDay, monthLength, partsOf, plusMonths, readDay, weekday, weeksOf, writeDay } from "../days";
import { wanted } from "../picker";

const iso = (day: Date | null) => day && isoDay(day);

describe("days in either calendar", () => {
  it("knows leap years: 30 Esfand, 29 February", () => {
    // As the official table has them: 1399 and 1403 are leap, 1400 to 1402 and 1404 are not.
    expect([1399, 1400, 1401, 1402, 1403, 1404, 1408].map((year) => monthLength(year, 12, "jalali"))).toEqual([30, 29, 29, 29, 30, 29, 30]);
    expect(iso(dayOf([1403, 12, 30], "jalali"))).toBe("2025-03-20");
    expect(partsOf(new Date("2025-03-20T00:00:00Z"), "jalali")).toEqual([1403, 12, 30]);
    expect(partsOf(new Date("2025-03-21T00:00:00Z"), "jalali")).toEqual([1404, 1, 1]);
    expect([2024, 2025, 2000, 2100].map((year) => monthLength(year, 2, "gregorian"))).toEqual([29, 28, 29, 28]);
  });

  it("goes by months and years, the last day where a month is shorter", () => {
    const leap = dayOf([1403, 12, 30], "jalali");
    expect(partsOf(plusMonths(leap, 12, "jalali"), "jalali")).toEqual([1404, 12, 29]);
    expect(partsOf(plusMonths(leap, 1, "jalali"), "jalali")).toEqual([1404, 1, 30]);
    expect(partsOf(plusMonths(dayOf([1405, 6, 31], "jalali"), 1, "jalali"), "jalali")).toEqual([1405, 7, 30]);
    expect(partsOf(plusMonths(dayOf([1405, 1, 31], "jalali"), -1, "jalali"), "jalali")).toEqual([1404, 12, 29]);
    expect(iso(plusMonths(new Date("2024-02-29T00:00:00Z"), 12, "gregorian"))).toBe("2025-02-28");
  });

  it("lays a month out in weeks that begin on Saturday, Sunday or Monday", () => {
    for (const start of [5, 6, 0]) {
      const weeks = weeksOf(1403, 12, "jalali", start);
      const days = weeks.flat().filter((day) => day !== null);
      expect(days).toHaveLength(30);
      for (const week of weeks) week.forEach((day, place) => day && expect(weekday(day)).toBe((start + place) % 7));
    }
    expect(weeksOf(1405, 9, "jalali", 5)[0]!.map((day) => day && partsOf(day, "jalali")[2])).toEqual([null, 1, 2, 3, 4, 5, 6]); // 1 Azar 1405 is a Sunday
  });

  it("reads what is typed as the server does", () => {
    for (const text of ["1405/09/01", "۱۴۰۵/۰۹/۰۱", "۱۴۰۵-۹-۱", "01.09.1405", "2026-11-22", "٢٠٢٦/١١/٢٢", " 22.11.2026 "]) expect(iso(readDay(text))).toBe("2026-11-22");
    expect(iso(readDay("1403/12/30"))).toBe("2025-03-20");
    for (const text of ["", "1404/12/30", "2025-02-29", "05/09/01", "1405/13/01", "1405/00/10", "yesterday", "0900-01-01"]) expect(readDay(text)).toBeNull();
  });

  it("writes a day as it stands in a box", () => {
    const day = new Date("2026-11-22T00:00:00Z");
    expect(writeDay(day, "jalali", true)).toBe("۱۴۰۵/۰۹/۰۱");
    expect(writeDay(day, "jalali", false)).toBe("1405/09/01");
    expect(writeDay(day, "gregorian", false)).toBe("2026-11-22");
  });
});

describe("keys", () => {
  const at = dayOf([1405, 9, 1], "jalali"); // a Sunday
  const set = { calendar: "jalali", weekStart: 5, rtl: true } as const;
  const led = (key: string, more: object = {}, shiftKey = false) => {
    const day = wanted({ key, shiftKey }, at, { ...set, ...more });
    return day && partsOf(day, "jalali").slice(1);
  };
  it("lead along the page's direction", () => {
    expect(led("ArrowLeft")).toEqual([9, 2]);
    expect(led("ArrowRight")).toEqual([8, 30]);
    expect(led("ArrowLeft", { rtl: false })).toEqual([8, 30]);
  });
  it("lead by weeks, months and years", () => {
    expect(led("ArrowDown")).toEqual([9, 8]);
    expect(led("Home")).toEqual([8, 30]);
    expect(led("End")).toEqual([9, 6]);
    expect(led("PageDown")).toEqual([10, 1]);
    expect(led("PageUp", {}, true)).toEqual([9, 1]);
    expect(led("a")).toBeNull();
  });
});
