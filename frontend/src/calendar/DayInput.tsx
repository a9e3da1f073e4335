import { useEffect, useId, useState } from "react";

import { isoDay, readDay, writeDay } from "./days";
import { setting } from "./setting";

type Props = { id?: string | undefined; describedBy?: string | undefined; label: string; pick: string; sprite: string; value: string; onChange: (iso: string) => void };

/** A day of islands: typed in either calendar and either digits, or picked. value: 2026-11-22 or empty; what is no day is not told. */
export function DayInput({ id, describedBy, label, pick, sprite, value, onChange }: Props) {
  const own = useId();
  const { calendar, persian } = setting();
  const written = (iso: string) => (iso ? writeDay(new Date(`${iso}T00:00:00Z`), calendar, persian) : "");
  const [text, setText] = useState(written(value));
  const iso = (typed: string) => {
    const day = readDay(typed);
    return day ? isoDay(day) : "";
  };
  useEffect(() => {
    setText((now) => (iso(now) === value ? now : written(value)));
  }, [value]); // eslint-disable-line
  const faulty = text.trim() !== "" && iso(text) === "";
  return (
    <div className="day-input">
      <input
        id={id ?? own}
        aria-label={label}
        aria-describedby={describedBy}
        aria-invalid={faulty || undefined}
        className={faulty ? "form-control is-invalid" : "form-control"}
        dir="ltr"
        inputMode="numeric"
        autoComplete="off"
        placeholder={written("2026-03-21")}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          const found = iso(event.target.value);
          if (found || event.target.value.trim() === "") onChange(found);
        }}
      />
      <button type="button" className="btn btn-icon" data-picks={id ?? own} aria-label={pick} title={pick}>
        <svg className="icon" aria-hidden="true" focusable="false">
          <use href={`${sprite}#calendar`} />
        </svg>
      </button>
    </div>
  );
}
