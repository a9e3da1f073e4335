import { DayInput } from "../../calendar/DayInput";
import { isoDay } from "../../calendar/days";
import { setting } from "../../calendar/setting";
import { useScene } from "../context";
import { Select } from "./simple";

const MOMENT = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}))?/;
const two = (n: number) => String(n).padStart(2, "0");

/** A day and a time, typed or picked in the workspace's calendar, written as ISO 8601 without a zone: it holds in each contact's own. */
export function MomentInput({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const { boot, words } = useScene();
  const found = MOMENT.exec(value);
  const time = found?.[2] ?? "09:00";
  return (
    <div className="input-row">
      <DayInput label={words.t("day")} pick={words.t("pick_day")} sprite={boot.sprite} value={found?.[1] ?? ""} onChange={(day) => onChange(day && `${day}T${time}`)} />
      <TimeInput value={time} onChange={(at) => onChange(`${found?.[1] ?? isoDay(setting().today)}T${at}`)} />
    </div>
  );
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
