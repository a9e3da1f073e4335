import { useState } from "react";

import { useScene } from "../context";
import type { Json } from "../model/types";

/** A value as it is written, for types of parameters that have no control of their own. */
export function Raw({ value, onChange }: { value: Json | undefined; onChange: (value: Json | undefined) => void }) {
  const { words } = useScene();
  const [text, setText] = useState(value === undefined ? "" : JSON.stringify(value, null, 1));
  const [wrong, setWrong] = useState(false);
  const take = (next: string) => {
    setText(next);
    try {
      onChange(next.trim() ? (JSON.parse(next) as Json) : undefined);
      setWrong(false);
    } catch {
      setWrong(true);
    }
  };
  return (
    <>
      <textarea className="form-control ltr" dir="ltr" rows={4} aria-label={words.t("value")} value={text} onChange={(event) => take(event.target.value)} />
      {wrong && <div className="field-fault">{words.t("not_readable")}</div>}
    </>
  );
}
