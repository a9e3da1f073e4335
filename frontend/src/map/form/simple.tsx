import { useEffect, useId, useState } from "react";

import { DayInput } from "../../calendar/DayInput";
import { isoDay } from "../../calendar/days";
import { setting } from "../../calendar/setting";
import { useScene } from "../context";
import { readSpan, UNITS, writeSpan, type Unit } from "../model/durations";
import type { Choice, Json, Named } from "../model/types";
import { asciiDigits } from "../words";

type Control<T> = { id?: string | undefined; describedBy?: string | undefined; label?: string; value: T; onChange: (value: T) => void };

export function TextInput({ id, describedBy, label, value, onChange, long = false, ltr = false }: Control<string> & { long?: boolean; ltr?: boolean }) {
  const dir = ltr ? "ltr" : "auto";
  const shared = { id, "aria-describedby": describedBy, "aria-label": label, className: "form-control", value, dir };
  if (long) return <textarea {...shared} rows={4} onChange={(event) => onChange(event.target.value)} />;
  return <input {...shared} onChange={(event) => onChange(event.target.value)} />;
}

/** A number in the digits of either keyboard; nothing while it is none. */
export function NumberInput({ id, describedBy, label, value, onChange }: Control<number | null>) {
  const { words } = useScene();
  const shown = (number: number | null) => (number === null ? "" : words.rtl ? words.number(number) : String(number));
  const [text, setText] = useState(shown(value));
  useEffect(() => {
    setText((now) => (readNumber(now) === value ? now : shown(value)));
  }, [value]); // eslint-disable-line
  return (
    <input
      id={id}
      aria-describedby={describedBy}
      aria-label={label}
      className="form-control num"
      inputMode="decimal"
      dir="ltr"
      value={text}
      onChange={(event) => {
        setText(event.target.value);
        onChange(readNumber(event.target.value));
      }}
    />
  );
}

export function readNumber(text: string): number | null {
  const plain = asciiDigits(text).replace(/,/g, "").trim();
  return plain !== "" && Number.isFinite(Number(plain)) ? Number(plain) : null;
}

export function Select({ id, describedBy, label, value, onChange, choices, none }: Control<string> & { choices: Choice[]; none?: string | undefined }) {
  const known = value === "" || choices.some((choice) => choice.value === value);
  return (
    <select id={id} aria-describedby={describedBy} aria-label={label} className="form-select" value={value} onChange={(event) => onChange(event.target.value)}>
      {(none !== undefined || value === "") && <option value="">{none ?? ""}</option>}
      {!known && <option value={value}>{value}</option>}
      {choices.map((choice) => (
        <option key={choice.value} value={choice.value}>
          {choice.label}
        </option>
      ))}
    </select>
  );
}

/** Something that has a name in this workspace, chosen from a list; templates stand under their channels. */
export function NamedSelect({ offered, ...rest }: Control<string> & { offered: Named[]; none?: string }) {
  const { words } = useScene();
  const choices = offered.map((each) => ({
    value: each.key,
    label: (each.channel ? `${words.choice(each.channel)}: ` : "") + (each.title === each.key ? each.key : `${each.title} (${each.key})`),
  }));
  return <Select {...rest} none={rest.none ?? words.t("choose")} choices={choices} />;
}

/** A word of one's own choosing, with those offered that the workspace has already. */
export function WordInput({ id, describedBy, label, value, onChange, offered }: Control<string> & { offered: string[] }) {
  const list = useId();
  return (
    <>
      <input
        id={id}
        aria-describedby={describedBy}
        aria-label={label}
        className="form-control"
        dir="auto"
        list={list}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
      <datalist id={list}>
        {offered.map((each) => (
          <option key={each} value={each} />
        ))}
      </datalist>
    </>
  );
}

/** A duration: a number and a unit. Signed ones say before or after. What has several parts is edited as it is written. */
export function DurationInput({ id, describedBy, label, value, onChange, signed = false }: Control<string> & { signed?: boolean }) {
  const { words } = useScene();
  const span = value === "" ? { sign: 1 as const, amount: 0, unit: "PD" as Unit } : readSpan(value);
  if (!span) return <TextInput id={id} describedBy={describedBy} {...(label ? { label } : {})} value={value} onChange={onChange} ltr />;
  const units = UNITS.map((unit) => ({ value: unit, label: words.t(`unit_${unit}`) }));
  const signs = [
    { value: "-1", label: words.t("before_it") },
    { value: "1", label: words.t("after_it") },
  ];
  return (
    <div className="input-row">
      <NumberInput
        id={id}
        describedBy={describedBy}
        label={label ?? words.t("how_long")}
        value={value === "" ? null : span.amount}
        onChange={(amount) => onChange(amount === null ? "" : writeSpan({ ...span, amount: Math.max(0, Math.round(amount)) }))}
      />
      <Select label={words.t("unit")} value={span.unit} choices={units} onChange={(unit) => onChange(writeSpan({ ...span, unit: unit as Unit }))} />
      {signed && (
        <Select
          label={words.t("before_or_after")}
          value={String(span.sign)}
          choices={signs}
          onChange={(sign) => onChange(writeSpan({ ...span, sign: sign === "-1" ? -1 : 1 }))}
        />
      )}
    </div>
  );
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
type ValueType = "text" | "number" | "day" | "yes" | "no" | "none";
const typeOf = (value: Json): ValueType =>
  value === null ? "none" : value === true ? "yes" : value === false ? "no" : typeof value === "number" ? "number" : DAY.test(value as string) ? "day" : "text";

/** A single value of any type: a text, a number, a day, yes, no, and nothing where that has a meaning. */
export function AnyInput({ id, describedBy, label, value, onChange, none = false }: Control<Json> & { none?: boolean }) {
  const { boot, words } = useScene();
  const type = typeOf(value);
  const types: ValueType[] = ["text", "number", "day", "yes", "no", ...(none ? (["none"] as const) : [])];
  const become = (next: string) => {
    if (next === "number") onChange(readNumber(String(value ?? "")) ?? 0);
    else if (next === "day") onChange(isoDay(setting().today));
    else if (next === "text") onChange(typeof value === "number" ? String(value) : "");
    else onChange(next === "none" ? null : next === "yes");
  };
  return (
    <div className="input-row">
      {type === "text" && <TextInput id={id} describedBy={describedBy} label={label ?? words.t("value")} value={String(value)} onChange={onChange} />}
      {type === "number" && (
        <NumberInput id={id} describedBy={describedBy} label={label ?? words.t("value")} value={value as number} onChange={(n) => onChange(n ?? 0)} />
      )}
      {type === "day" && (
        <DayInput
          id={id}
          describedBy={describedBy}
          label={label ?? words.t("value")}
          pick={words.t("pick_day")}
          sprite={boot.sprite}
          value={String(value)}
          onChange={(day) => day && onChange(day)}
        />
      )}
      <Select label={words.t("value_type")} value={type} choices={types.map((each) => ({ value: each, label: words.t(`value_${each}`) }))} onChange={become} />
    </div>
  );
}
