import type { Calendar } from "./days";

/** How this page's calendar looks: of the workspace and the page's language (`console/calendar.html`). */
export type Setting = {
  calendar: Calendar;
  persian: boolean;
  weekStart: number;
  weekend: Set<number>;
  today: Date;
  rtl: boolean;
};

/** The template with the calendar's frame, its words and icons; null on a page that asks for no dates. */
export const frame = (): HTMLTemplateElement | null => document.querySelector<HTMLTemplateElement>("template#calendar");

export function setting(): Setting {
  const said = frame()?.dataset ?? {};
  const numbers = (text = "") => text.split(" ").filter(Boolean).map(Number);
  return {
    calendar: said["calendar"] === "jalali" ? "jalali" : "gregorian",
    persian: document.documentElement.lang === "fa",
    weekStart: Number(said["weekStart"] ?? 0),
    weekend: new Set(numbers(said["weekend"])),
    today: todayIn(said["zone"] || "UTC"),
    rtl: document.documentElement.dir === "rtl",
  };
}

function todayIn(zone: string): Date {
  const parts = new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" }).formatToParts(new Date());
  const of = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  return new Date(Date.UTC(of("year"), of("month") - 1, of("day")));
}

/** Names by the browser, in the page's language and the workspace's calendar. */
export function names({ calendar, persian }: Pick<Setting, "calendar" | "persian">) {
  const locale = `${persian ? "fa-IR" : "en-GB"}-u-ca-${calendar === "jalali" ? "persian" : "gregory"}`;
  const by = (options: Intl.DateTimeFormatOptions) => {
    const written = new Intl.DateTimeFormat(locale, { ...options, timeZone: "UTC" });
    return (day: Date) => written.format(day);
  };
  const month = by({ month: "long" });
  const year = new Intl.DateTimeFormat(locale, { year: "numeric", timeZone: "UTC" });
  return {
    /** Without an era: English writes "1405 AP". */
    month: (day: Date) => `${month(day)} ${year.formatToParts(day).find((part) => part.type === "year")?.value ?? ""}`,
    weekday: by({ weekday: "long" }),
    weekdayShort: by({ weekday: persian ? "narrow" : "short" }),
    number: (n: number) => new Intl.NumberFormat(persian ? "fa-IR" : "en-GB", { useGrouping: false }).format(n),
  };
}
