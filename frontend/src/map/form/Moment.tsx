import { useScene } from "../context";
import { daysOf, fromJalali, toJalali } from "../model/jalali";
import { NumberInput, Select } from "./simple";

const MOMENT = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}:\d{2}))?/;
const two = (n: number) => String(n).padStart(2, "0");

/** A day and a time, typed in the workspace's calendar, written as ISO 8601 without a zone: it holds in each contact's own. */
export function MomentInput({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const { boot, words } = useScene();
  const jalali = boot.calendar === "jalali";
  const found = MOMENT.exec(value);
  const date = found ? new Date(Date.UTC(Number(found[1]), Number(found[2]) - 1, Number(found[3]))) : new Date();
  const [year, month, day] = jalali ? toJalali(date) : [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
  const time = found?.[4] ?? "09:00";
  const write = (y: number, m: number, d: number, at: string) => {
    const last = jalali ? daysOf(y, m) : new Date(Date.UTC(y, m, 0)).getUTCDate();
    const on = jalali ? fromJalali(y, m, Math.min(d, last)) : new Date(Date.UTC(y, m - 1, Math.min(d, last)));
    onChange(`${on.getUTCFullYear()}-${two(on.getUTCMonth() + 1)}-${two(on.getUTCDate())}T${at}`);
  };
  return (
    <div className="input-row">
      <NumberInput label={words.t("day")} value={found ? day : null} onChange={(n) => n && n >= 1 && n <= 31 && write(year, month, n, time)} />
      <Select
        label={words.t("month")}
        value={String(month)}
        choices={months(words.language, jalali)}
        onChange={(next) => write(year, Number(next), day, time)}
      />
      <NumberInput label={words.t("year")} value={year} onChange={(n) => n && n > (jalali ? 1300 : 1900) && n < (jalali ? 1600 : 2200) && write(n, month, day, time)} />
      <TimeInput value={time} onChange={(at) => write(year, month, day, at)} />
    </div>
  );
}

function months(language: string, jalali: boolean) {
  const names = new Intl.DateTimeFormat(`${language === "fa" ? "fa-IR" : "en-GB"}-u-ca-${jalali ? "persian" : "gregory"}`, { month: "long", timeZone: "UTC" });
  return Array.from({ length: 12 }, (_, n) => {
    const day = jalali ? fromJalali(1403, n + 1, 10) : new Date(Date.UTC(2025, n, 10));
    return { value: String(n + 1), label: names.format(day) };
  });
}

/** A time of day, by hours and minutes in the page's digits. */
export function TimeInput({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const { words } = useScene();
  const [hour, minute] = value.split(":").map(Number);
  const digits = (n: number) => (words.rtl ? new Intl.NumberFormat("fa-IR", { minimumIntegerDigits: 2 }).format(n) : two(n));
  const span = (count: number, step: number) => Array.from({ length: count / step }, (_, n) => ({ value: String(n * step), label: digits(n * step) }));
  const minutes = span(60, 5);
  if (!minutes.some((each) => each.value === String(minute ?? 0))) minutes.push({ value: String(minute), label: digits(minute ?? 0) });
  return (
    <div className="input-row input-time" dir="ltr">
      <Select label={words.t("hour")} value={String(hour ?? 9)} choices={span(24, 1)} onChange={(next) => onChange(`${two(Number(next))}:${two(minute ?? 0)}`)} />
      <Select label={words.t("minute")} value={String(minute ?? 0)} choices={minutes} onChange={(next) => onChange(`${two(hour ?? 9)}:${two(Number(next))}`)} />
    </div>
  );
}
