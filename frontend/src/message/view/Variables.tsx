import { useContext } from "react";

import { useScene } from "../context";
import type { Language } from "../types";
import { FocusContext, insertInto } from "./Field";

const GROUPS = ["contact", "facts", "entry", "others"];

/** What can be put into the text, by where it comes from; goes where the caret was last. */
export function Variables({ language }: { language: Language }) {
  const { boot, words } = useScene();
  const focused = useContext(FocusContext);
  return (
    <select
      className="form-select form-select-sm variables"
      aria-label={words.t("put_variable")}
      value=""
      onChange={(event) => {
        const found = boot.variables[Number(event.currentTarget.value)];
        if (found && focused.current) insertInto(focused.current, found.put[language]);
      }}
    >
      <option value="">{words.t("put_variable")}</option>
      {GROUPS.map((group) => (
        <optgroup key={group} label={words.t(`group_${group}`)}>
          {boot.variables.map((one, number) =>
            one.group === group ? (
              <option key={number} value={number}>
                {one.label}
              </option>
            ) : null,
          )}
        </optgroup>
      ))}
    </select>
  );
}
