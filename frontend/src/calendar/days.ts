import { daysOf, fromJalali, toJalali } from "../map/model/jalali";

export type Calendar = "jalali" | "gregorian";
/** year, month (1 to 12), day, in some calendar. */
export type Parts = [number, number, number];

/** Days are dates at midnight UTC: they have no zone, as a date in a form has none. */
const utc = (year: number, month: number, day: number): Date => new Date(Date.UTC(year, month - 1, day));
export const plusDays = (day: Date, days: number): Date => new Date(day.getTime() + days * 86_400_000);
export const sameDay = (one: Date | null, other: Date | null): boolean => one !== null && one.getTime() === other?.getTime();

export const partsOf = (day: Date, calendar: Calendar): Parts =>
  calendar === "jalali" ? toJalali(day) : [day.getUTCFullYear(), day.getUTCMonth() + 1, day.getUTCDate()];

export const dayOf = ([year, month, day]: Parts, calendar: Calendar): Date => (calendar === "jalali" ? fromJalali(year, month, day) : utc(year, month, day));

export const monthLength = (year: number, month: number, calendar: Calendar): number =>
  calendar === "jalali" ? daysOf(year, month) : utc(year, month + 1, 0).getUTCDate();

/** The same day so many months on; a day past the month's end is its last: 30 Esfand a year later is 29 Esfand. */
export function plusMonths(day: Date, months: number, calendar: Calendar): Date {
  const [year, month, on] = partsOf(day, calendar);
  const counted = year * 12 + month - 1 + months;
  const [toYear, toMonth] = [Math.floor(counted / 12), (((counted % 12) + 12) % 12) + 1];
  return dayOf([toYear, toMonth, Math.min(on, monthLength(toYear, toMonth, calendar))], calendar);
}

/** 0 for Monday, as the server counts. */
export const weekday = (day: Date): number => (day.getUTCDay() + 6) % 7;

/** The weeks of a month, each of seven places; null where a day is of another month. */
export function weeksOf(year: number, month: number, calendar: Calendar, weekStart: number): (Date | null)[][] {
  const first = dayOf([year, month, 1], calendar);
  const empty = (weekday(first) - weekStart + 7) % 7;
  const places: (Date | null)[] = [
    ...Array.from({ length: empty }, () => null),
    ...Array.from({ length: monthLength(year, month, calendar) }, (_, n) => plusDays(first, n)),
  ];
  while (places.length % 7) places.push(null);
  return Array.from({ length: places.length / 7 }, (_, n) => places.slice(n * 7, n * 7 + 7));
}

const TYPED = /^(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})$/;
const NO_JALALI_AFTER = 1600; // as safar/console/formats.py has it
const LATEST = 2200; // nobody plans for later, and Jalali years are not known beyond

/** A typed day: either calendar, either digits, day or year first; null for what is none. */
export function readDay(text: string): Date | null {
  const found = TYPED.exec(asciiDigits(text).trim());
  if (!found) return null;
  const turned = found[3]!.length === 4;
  if (!turned && found[1]!.length !== 4) return null;
  const [year, day] = turned ? [Number(found[3]), Number(found[1])] : [Number(found[1]), Number(found[3])];
  const month = Number(found[2]);
  const calendar: Calendar = year <= NO_JALALI_AFTER ? "jalali" : "gregorian";
  if (year < 1000 || year > LATEST || month < 1 || month > 12 || day < 1 || day > monthLength(year, month, calendar)) return null;
  return dayOf([year, month, day], calendar);
}

/** As it stands in a box: 2026-11-22, ۱۴۰۵/۰۹/۰۱. */
export function writeDay(day: Date, calendar: Calendar, persian: boolean): string {
  const [year, month, on] = partsOf(day, calendar);
  const between = calendar === "jalali" ? "/" : "-";
  const text = [String(year).padStart(4, "0"), two(month), two(on)].join(between);
  return persian ? persianDigits(text) : text;
}

export const two = (n: number): string => String(n).padStart(2, "0");
export const isoDay = (day: Date): string => day.toISOString().slice(0, 10);
export const persianDigits = (text: string): string => text.replace(/\d/g, (digit) => String.fromCharCode(0x6f0 + Number(digit)));
const asciiDigits = (text: string): string => text.replace(/[۰-۹٠-٩]/g, (digit) => String(digit.charCodeAt(0) & 0xf));
