import { createContext, useContext, useId, type ReactNode, type RefObject } from "react";

import { directionOf, insertAt } from "../model/template";
import type { Language } from "../types";

type Element = HTMLTextAreaElement | HTMLInputElement;
export type Focused = { element: Element; put: (text: string) => void };

/** The field that was worked in last: what is chosen from the variables goes there. */
export const FocusContext = createContext<RefObject<Focused | null>>({ current: null });

/** Put where the caret stands, or around what is selected; the caret goes behind it. */
export function insertInto(focused: Focused, before: string, after = "", instead = ""): void {
  const { element, put } = focused;
  const [start, end] = [element.selectionStart ?? element.value.length, element.selectionEnd ?? element.value.length];
  const chosen = element.value.slice(start, end) || instead;
  const done = insertAt(element.value, before + chosen + after, start, end);
  put(done.text);
  requestAnimationFrame(() => {
    element.focus();
    const caret = after && instead && chosen === instead ? start + before.length : done.caret;
    element.setSelectionRange(caret, after && chosen === instead ? caret + chosen.length : caret);
  });
}

type Props = {
  label: string;
  value: string;
  onChange: (value: string) => void;
  language?: Language;
  /** Of codes and addresses, which run from left to right in both languages. */
  ltr?: boolean;
  rows?: number;
  hint?: ReactNode;
  fault?: string | undefined;
  disabled?: boolean;
  tools?: ReactNode;
  className?: string;
};

/** A labelled text, of one line or of several. */
export function Field({ label, value, onChange, language, ltr = false, rows = 0, hint, fault, disabled = false, tools, className = "" }: Props) {
  const id = useId();
  const focused = useContext(FocusContext);
  const common = {
    id,
    value,
    disabled,
    dir: ltr ? "ltr" : language ? directionOf(language) : ("auto" as const),
    ...(language && !ltr ? { lang: language } : {}),
    className: `form-control${fault ? " is-invalid" : ""} ${className}`,
    "aria-describedby": hint || fault ? `${id}-hint` : undefined,
    "aria-invalid": fault ? true : undefined,
    onFocus: (event: { currentTarget: Element }) => {
      focused.current = { element: event.currentTarget, put: onChange };
    },
    onChange: (event: { currentTarget: Element }) => {
      focused.current = { element: event.currentTarget, put: onChange };
      onChange(event.currentTarget.value);
    },
  };
  return (
    <div className="mb-3">
      <div className="field-head">
        <label className="form-label" htmlFor={id}>
          {label}
        </label>
        {tools}
      </div>
      {rows ? <textarea rows={rows} {...common} /> : <input type="text" autoComplete="off" {...common} />}
      {(hint || fault) && (
        <div id={`${id}-hint`} className={fault ? "invalid-feedback d-block" : "form-hint"}>
          {fault || hint}
        </div>
      )}
    </div>
  );
}
