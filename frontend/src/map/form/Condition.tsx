import { useScene } from "../context";
import type { ConditionForm, Json, OperatorForm, Part, Subject } from "../model/types";
import { Icon } from "../view/Icon";
import { beginOperator, OperatorInput } from "./Operators";
import { DurationInput, NamedSelect, NumberInput, Select, TextInput, WordInput } from "./simple";
import { Where } from "./Where";

export type Written = Record<string, Json>;
type Props = { value: Json | undefined; onChange: (value: Json | undefined) => void; depth?: number; removable?: boolean };

const isWritten = (value: Json | undefined): value is Written => value !== null && typeof value === "object" && !Array.isArray(value);

/** The kind of a condition as it is written; undefined where none, or one that is not known. */
export const formOf = (value: Json | undefined, forms: ConditionForm[]): ConditionForm | undefined =>
  isWritten(value) ? forms.find((form) => form.key in value) : undefined;

/** What a condition of that kind begins with: lists keep what was there, a test has its place and nothing in it. */
export function beginCondition(form: ConditionForm, before: Json | undefined, operators: OperatorForm[]): Json {
  if (form.shape === "list") return { [form.key]: before && isWritten(before) ? [before] : [] };
  if (form.shape === "one") return { [form.key]: before ?? null };
  const subject = form.subjects?.[0];
  const first = subject?.choices?.[0]?.value ?? "";
  const written: Written = { [form.key]: first };
  for (const part of subject?.parts ?? []) if (subject?.required.includes(part.name)) written[part.name] = part.choices?.[0]?.value ?? "";
  const operator = subject?.operators[0];
  if (operator) written[operator] = beginOperator(operators, operator, subject!.choices !== null);
  return written;
}

/** A condition, nested as deep as one likes. Made from the kinds of conditions that the server tells: a new kind needs nothing here. */
export function Condition({ value, onChange, depth = 0, removable = false }: Props) {
  const { boot, words } = useScene();
  const form = formOf(value, boot.conditions);
  const kinds = boot.conditions.map((each) => ({ value: each.key, label: each.label }));
  const choose = (key: string) => {
    const next = boot.conditions.find((each) => each.key === key);
    if (!next) onChange(undefined);
    else if (form?.shape === "list" && next.shape === "list") onChange({ [next.key]: (value as Written)[form.key]! });
    else onChange(beginCondition(next, value, boot.operators));
  };
  return (
    <div className={`condition condition-${depth % 3}`} data-condition={form?.key ?? ""}>
      <div className="input-row">
        <Select label={words.t("kind_of_condition")} value={form?.key ?? ""} none={words.t("choose_condition")} choices={kinds} onChange={choose} />
        {removable && (
          <button type="button" className="btn btn-icon btn-sm" aria-label={words.t("remove_this")} title={words.t("remove_this")} onClick={() => onChange(undefined)}>
            <Icon icon="x" />
          </button>
        )}
      </div>
      {form?.shape === "list" && <Listed form={form} value={value as Written} onChange={onChange} depth={depth} />}
      {form?.shape === "one" && <Condition value={(value as Written)[form.key]} depth={depth + 1} onChange={(part) => onChange({ [form.key]: part ?? null })} />}
      {form?.shape === "test" && <Test form={form} value={value as Written} onChange={onChange} />}
      {form && depth === 0 && <div className="form-hint">{form.help}</div>}
    </div>
  );
}

function Listed({ form, value, onChange, depth }: { form: ConditionForm; value: Written; onChange: (value: Json) => void; depth: number }) {
  const { words } = useScene();
  const parts = Array.isArray(value[form.key]) ? (value[form.key] as Json[]) : [];
  const set = (next: Json[]) => onChange({ [form.key]: next });
  return (
    <div className="condition-parts">
      {parts.map((part, at) => (
        <Condition
          key={at}
          value={part ?? undefined}
          depth={depth + 1}
          removable
          onChange={(next) => set(next === undefined ? parts.filter((_, n) => n !== at) : parts.map((each, n) => (n === at ? next : each)))}
        />
      ))}
      <button type="button" className="btn btn-sm" onClick={() => set([...parts, null])}>
        <Icon icon="plus" /> {words.t("add_condition")}
      </button>
    </div>
  );
}

function Test({ form, value, onChange }: { form: ConditionForm; value: Written; onChange: (value: Json) => void }) {
  const { boot, words } = useScene();
  const about = String(value[form.key] ?? "");
  const subjects = form.subjects ?? [];
  const subject: Subject | undefined = subjects.find((each) => each.choices?.some((choice) => choice.value === about)) ?? subjects[0];
  if (!subject) return null;
  const choices = subjects.flatMap((each) => each.choices ?? []);
  const tests = Object.fromEntries(Object.entries(value).filter(([name]) => subject.operators.includes(name)));
  const rest = Object.fromEntries(Object.entries(value).filter(([name]) => !subject.operators.includes(name)));
  const setAbout = (next: string) => {
    const other = subjects.find((each) => each.choices?.some((choice) => choice.value === next));
    const operator = other?.operators[0];
    if (other && other !== subject && operator) onChange({ [form.key]: next, [operator]: beginOperator(boot.operators, operator, true) });
    else onChange({ ...value, [form.key]: next });
  };
  const setPart = (name: string, part: Json | undefined) => {
    const { [name]: _, ...others } = value;
    onChange(part === undefined || part === "" ? others : { ...value, [name]: part });
  };
  const shown = subject.parts.filter((part) => part.name !== "calendar" || "anniversary_within" in value);
  return (
    <div className="condition-test">
      <div className="input-row">{choices.length ? <Select label={form.label} value={about} choices={choices} onChange={setAbout} /> : <About form={form} value={about} onChange={setAbout} />}</div>
      {subject.operators.length > 0 && <OperatorInput keys={subject.operators} tests={tests} numbers={choices.length > 0} onChange={(next) => onChange({ ...rest, ...next })} />}
      {shown.map((part) => (
        <PartInput key={part.name} part={part} value={value[part.name]} event={about} required={subject.required.includes(part.name)} onChange={(next) => setPart(part.name, next)} />
      ))}
      {choices.length === 0 && !about && <div className="form-hint">{words.t("say_which")}</div>}
    </div>
  );
}

/** What the condition is about: chosen where the workspace has a list of such things, typed otherwise. */
function About({ form, value, onChange }: { form: ConditionForm; value: string; onChange: (value: string) => void }) {
  const { boot, words } = useScene();
  const key = form.key;
  if (key === "template" || key === "segment" || key === "journey" || key === "topic") {
    return <NamedSelect label={form.label} value={value} onChange={onChange} offered={boot.offers[key]} />;
  }
  const known = key === "tag" || key === "event" || key === "trait" ? boot.offers[key] : [];
  return <WordInput label={`${form.label}: ${words.t("which")}`} value={value} onChange={onChange} offered={known} />;
}

function PartInput({ part, value, event, required, onChange }: { part: Part; value: Json | undefined; event: string; required: boolean; onChange: (value: Json | undefined) => void }) {
  const { words } = useScene();
  const none = required ? undefined : words.t("any");
  if (part.type === "choice") {
    return (
      <label className="part">
        <span>{part.label}</span>
        <Select value={String(value ?? "")} {...(none !== undefined ? { none } : {})} choices={part.choices ?? []} onChange={onChange} />
      </label>
    );
  }
  return (
    <div className="part" role="group" aria-label={part.label}>
      <span>{part.label}</span>
      {part.type === "duration" && <DurationInput value={String(value ?? "")} onChange={onChange} />}
      {part.type === "where" && <Where value={value ?? null} onChange={onChange} event={event} />}
      {part.type === "times" && <Times value={value} onChange={onChange} />}
      {part.type === "text" && <TextInput label={part.label} value={String(value ?? "")} onChange={onChange} />}
    </div>
  );
}

const SIGNS = ["at_least", "at_most", "is", "is_not", "more_than", "less_than"];

function Times({ value, onChange }: { value: Json | undefined; onChange: (value: Json | undefined) => void }) {
  const { boot, words } = useScene();
  const [sign, count] = Object.entries(isWritten(value) ? value : {})[0] ?? ["", null];
  const labels = new Map(boot.operators.map((each) => [each.key, each.label]));
  return (
    <div className="input-row">
      <Select
        label={words.t("operator")}
        value={sign}
        none={words.t("at_least_once")}
        choices={SIGNS.map((each) => ({ value: each, label: labels.get(each) ?? each }))}
        onChange={(next) => onChange(next === "" ? undefined : { [next]: count ?? 1 })}
      />
      {sign !== "" && <NumberInput label={words.t("how_often")} value={typeof count === "number" ? count : null} onChange={(n) => onChange({ [sign]: n ?? 0 })} />}
    </div>
  );
}
