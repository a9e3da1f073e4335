import { setting } from "../../calendar/setting";
import { useScene } from "../context";
import type { Json } from "../model/types";
import { MomentInput, TimeInput } from "./Moment";
import { DurationInput, Select, WordInput } from "./simple";

const DAYS = ["sat", "sun", "mon", "tue", "wed", "thu", "fri"];
const FROM_MONDAY = [...DAYS.slice(2), ...DAYS.slice(0, 2)];
type Form = "time" | "weekdays" | "trait" | "moment";
type Clock = { time?: string; weekdays?: string[]; trait?: string; offset?: string };

/** The moment a delay waits for: a time of day, certain days, a date in a field, or a fixed one. */
export function Until({ value, onChange }: { value: Json | undefined; onChange: (value: Json | undefined) => void }) {
  const { boot, words } = useScene();
  const clock = (value !== null && typeof value === "object" && !Array.isArray(value) ? value : {}) as Clock;
  const form: Form | "" = typeof value === "string" ? "moment" : "trait" in clock ? "trait" : "time" in clock ? "time" : "weekdays" in clock ? "weekdays" : "";
  const begin: Record<Form, Json> = { time: { time: "10:00" }, weekdays: { weekdays: ["sat"] }, trait: { trait: "" }, moment: "" };
  const forms = (["time", "weekdays", "trait", "moment"] as Form[]).map((each) => ({ value: each, label: words.t(`until_${each}`) }));
  return (
    <div className="rows">
      <Select label={words.t("until")} value={form} none={words.t("none")} choices={forms} onChange={(next) => onChange(next ? begin[next as Form] : undefined)} />
      {form === "time" && <TimeInput value={clock.time ?? "10:00"} onChange={(time) => onChange({ ...clock, time })} />}
      {(form === "time" || form === "weekdays") && (
        <Weekdays
          chosen={clock.weekdays ?? []}
          onChange={(weekdays) => {
            const { weekdays: _, ...rest } = clock;
            onChange((weekdays.length ? { ...rest, weekdays } : form === "time" ? rest : { weekdays: [] }) as Json);
          }}
        />
      )}
      {form === "trait" && (
        <>
          <WordInput label={words.t("field")} value={clock.trait ?? ""} offered={boot.offers.trait} onChange={(trait) => onChange({ ...clock, trait })} />
          <DurationInput
            signed
            value={clock.offset ?? ""}
            onChange={(offset) => {
              const { offset: _, ...rest } = clock;
              onChange((offset ? { ...rest, offset } : rest) as Json);
            }}
          />
        </>
      )}
      {form === "moment" && <MomentInput value={String(value)} onChange={onChange} />}
    </div>
  );
}

function Weekdays({ chosen, onChange }: { chosen: string[]; onChange: (days: string[]) => void }) {
  const { words } = useScene();
  const start = setting().weekStart;
  const days = [...FROM_MONDAY.slice(start), ...FROM_MONDAY.slice(0, start)];
  const toggle = (day: string) => onChange(DAYS.filter((each) => (each === day ? !chosen.includes(day) : chosen.includes(each))));
  return (
    <div className="weekdays" role="group" aria-label={words.t("weekdays")}>
      {days.map((day) => (
        <label key={day} className="form-check form-check-inline">
          <input type="checkbox" className="form-check-input" checked={chosen.includes(day)} onChange={() => toggle(day)} />
          <span className="form-check-label">{words.choice(day)}</span>
        </label>
      ))}
    </div>
  );
}
