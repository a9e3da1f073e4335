import { useScene } from "../context";
import type { Json, OperatorForm } from "../model/types";
import { Icon } from "../view/Icon";
import { AnyInput, DurationInput, Select, TextInput } from "./simple";

type Props = { keys: string[]; tests: Record<string, Json>; onChange: (tests: Record<string, Json>) => void; numbers?: boolean };

/** What an operator begins with, by its type. numbers: it compares a figure. */
export function beginOperator(forms: OperatorForm[], key: string, numbers: boolean): Json {
  const type = forms.find((each) => each.key === key)?.type;
  if (type === "boolean") return true;
  if (type === "duration") return "P7D";
  if (type === "values") return [];
  return key === "same_as" ? "entry." : numbers ? 0 : "";
}

/** Tests on one value: each an operator with what stands behind it. Several must all hold. */
export function OperatorInput({ keys, tests, onChange, numbers = false }: Props) {
  const { boot, words } = useScene();
  const forms = boot.operators.filter((operator) => keys.includes(operator.key));
  const written = Object.entries(tests);
  const fresh = (key: string): Json => beginOperator(forms, key, numbers);
  const swap = (from: string, to: string) => {
    const kept = forms.find((each) => each.key === from)?.type === forms.find((each) => each.key === to)?.type;
    onChange(Object.fromEntries(written.map(([key, value]) => (key === from ? [to, kept ? value : fresh(to)] : [key, value]))));
  };
  const left = forms.filter((each) => !(each.key in tests));
  return (
    <div className="rows">
      {written.map(([key, value]) => {
        const set = (next: Json) => onChange({ ...tests, [key]: next });
        const type = forms.find((each) => each.key === key)?.type ?? "value";
        const choices = forms.filter((each) => each.key === key || !(each.key in tests)).map((each) => ({ value: each.key, label: each.label }));
        return (
          <div key={key} className="input-row">
            <Select label={words.t("operator")} value={key} choices={choices} onChange={(to) => swap(key, to)} />
            {type === "value" && <AnyInput value={value} onChange={set} />}
            {type === "text" && <TextInput label={words.t("value")} value={String(value ?? "")} onChange={set} />}
            {type === "values" && <ValuesInput value={value} onChange={set} />}
            {type === "boolean" && (
              <Select
                label={words.t("value")}
                value={String(value)}
                choices={[
                  { value: "true", label: words.t("value_yes") },
                  { value: "false", label: words.t("value_no") },
                ]}
                onChange={(text) => set(text === "true")}
              />
            )}
            {type === "duration" && <DurationInput value={String(value ?? "")} onChange={set} />}
            {written.length > 1 && (
              <button
                type="button"
                className="btn btn-icon btn-sm"
                aria-label={words.t("remove_this")}
                onClick={() => onChange(Object.fromEntries(written.filter(([each]) => each !== key)))}
              >
                <Icon icon="x" />
              </button>
            )}
          </div>
        );
      })}
      {(written.length === 0 || left.length > 0) && (
        <button type="button" className="btn btn-sm btn-ghost-secondary" onClick={() => left[0] && onChange({ ...tests, [left[0].key]: fresh(left[0].key) })}>
          <Icon icon="plus" /> {words.t(written.length ? "and_also" : "say_what_holds")}
        </button>
      )}
    </div>
  );
}

/** Several values, one a line. Lines that are numbers are numbers where the list held numbers before. */
function ValuesInput({ value, onChange }: { value: Json; onChange: (value: Json) => void }) {
  const { words } = useScene();
  const list = Array.isArray(value) ? value : [];
  return (
    <TextInput
      long
      label={words.t("one_a_line")}
      value={list.map(String).join("\n")}
      onChange={(text) => {
        const numbers = list.length > 0 && list.every((each) => typeof each === "number");
        onChange(text.split("\n").map((line) => (numbers && line.trim() !== "" && !Number.isNaN(Number(line)) ? Number(line) : line)));
      }}
    />
  );
}
