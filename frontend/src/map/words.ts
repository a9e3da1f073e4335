import type { Boot } from "./model/types";

/** Texts, numbers and times in the page's language. */
export type Words = {
  language: "en" | "fa";
  rtl: boolean;
  /** The text of a key, `{name}` filled in; the key itself where nobody has written it, so that it is seen. */
  t: (key: string, values?: Record<string, string | number>) => string;
  number: (value: number) => string;
  percent: (share: number) => string;
  /** Seconds in the largest unit that fits: 1.5 days, ۴ ساعت. */
  span: (seconds: number, form?: "long" | "short") => string;
  /** Day and minute in the workspace's zone and calendar. */
  moment: (iso: string | null | undefined) => string;
  path: (name: string) => string;
  choice: (name: string) => string;
};

const SPANS = [["day", 86_400], ["hour", 3_600], ["minute", 60]] as const;
const LATIN = /[۰-۹٠-٩]/g;

/** What was typed with digits of any keyboard, as ASCII digits. */
export const asciiDigits = (text: string): string =>
  text.replace(LATIN, (digit) => String(digit.charCodeAt(0) & 0xf)).replace(/٫/g, ".").replace(/٬/g, "");

export function wordsOf(boot: Pick<Boot, "language" | "words" | "zone" | "calendar" | "paths" | "choices">): Words {
  const locale = boot.language === "fa" ? "fa-IR" : "en-GB";
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });
  const percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });
  const moment = new Intl.DateTimeFormat(`${locale}-u-ca-${boot.calendar === "jalali" ? "persian" : "gregory"}`, {
    timeZone: boot.zone,
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  return {
    language: boot.language,
    rtl: boot.language === "fa",
    t(key, values = {}) {
      const text = boot.words[key] ?? key;
      return text.replace(/\{(\w+)\}/g, (all, name: string) => {
        const value = values[name];
        return value === undefined ? all : typeof value === "number" ? number.format(value) : value;
      });
    },
    number: (value) => number.format(value),
    percent: (share) => percent.format(share),
    span: (seconds, form = "long") => {
      const [unit, size] = SPANS.find(([, each]) => seconds >= 0.95 * each) ?? ["second", 1];
      return new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: form, maximumFractionDigits: seconds / size < 9.95 ? 1 : 0 }).format(seconds / size);
    },
    moment: (iso) => (iso ? moment.format(new Date(iso)) : "–"),
    path: (name) => boot.paths[name] ?? name,
    choice: (name) => boot.choices[name] ?? name,
  };
}
