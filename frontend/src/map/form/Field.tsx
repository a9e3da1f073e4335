import { useId, type ReactNode } from "react";

import type { Fault } from "../model/types";

type Props = { label: string; help?: string; required?: boolean; faults?: Fault[]; children: (ids: { id: string; describedBy: string | undefined }) => ReactNode };

/** A label, a control, what helps, and what is wrong. */
export function Field({ label, help, required = true, faults = [], children }: Props) {
  const id = useId();
  const about = `${id}-about`;
  const describedBy = help || faults.length ? about : undefined;
  return (
    <div className={faults.length ? "field field-faulty" : "field"}>
      <label className="form-label" htmlFor={id}>
        {label}
        {required && <span aria-hidden="true"> *</span>}
      </label>
      {children({ id, describedBy })}
      <div id={about}>
        {faults.map((fault) => (
          <div key={fault.place + fault.message} className="field-fault" dir="auto">
            {fault.message}
          </div>
        ))}
        {help && <div className="form-hint">{help}</div>}
      </div>
    </div>
  );
}

/** A group of controls that belong together, under one name. */
export function Group({ label, help, faults = [], children }: { label: string; help?: string; faults?: Fault[]; children: ReactNode }) {
  return (
    <fieldset className={faults.length ? "field field-faulty" : "field"}>
      <legend className="form-label">{label}</legend>
      {children}
      {faults.map((fault) => (
        <div key={fault.place + fault.message} className="field-fault" dir="auto">
          {fault.message}
        </div>
      ))}
      {help && <div className="form-hint">{help}</div>}
    </fieldset>
  );
}
