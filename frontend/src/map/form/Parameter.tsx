import type { ReactNode } from "react";

import { useScene } from "../context";
import { entriesOf, isMapping, jsonOf, ordered, plainOf } from "../model/ordered";
import type { Fault, Json, Parameter as Told, Value } from "../model/types";
import { Awaited } from "./Awaited";
import { Condition } from "./Condition";
import { Field, Group } from "./Field";
import { MomentInput } from "./Moment";
import { Rows } from "./Rows";
import { AnyInput, DurationInput, NamedSelect, NumberInput, Select, TextInput, WordInput } from "./simple";
import { Raw } from "./Raw";
import { Until } from "./Until";
import { Where } from "./Where";

export type Props = {
  parameter: Told;
  value: Value | undefined;
  event: string;
  faults: Fault[];
  onChange: (value: Json | undefined) => void;
  onRenamePath: (from: string, to: string) => void;
};
type Mapping = Record<string, Json>;
const mapping = (value: Value | undefined): Mapping => plainOf(value);
const text = (value: Value | undefined): string => (value === undefined || value === null ? "" : String(value));

/** The types whose control is one box with a label of its own; the others are groups. */
const SINGLE = new Set(["text", "number", "choice", "event", "tag", "trait", "template", "segment", "journey", "topic", "destination", "hook", "duration", "offset"]);

/** Types whose help is of use beside their control; of the others it tells how the value is written in a file. */
const HELPED = new Set(["text", "number", "boolean", "any", "choice", "event", "tag", "trait", "destination", "hook"]);

/** The control of one parameter, by its type alone. A type that is not known here is edited as it is written. */
export function Parameter(props: Props) {
  const { parameter, faults } = props;
  const shared = { label: parameter.label, faults, ...(HELPED.has(parameter.type) ? { help: parameter.help } : {}) };
  if (SINGLE.has(parameter.type)) {
    return (
      <Field {...shared} required={parameter.required}>
        {(ids) => single(props, ids)}
      </Field>
    );
  }
  return (
    <Group {...shared} label={parameter.required ? `${parameter.label} *` : parameter.label}>
      <Compound {...props} />
    </Group>
  );
}

function single({ parameter, value, onChange }: Props, ids: { id: string; describedBy: string | undefined }): ReactNode {
  const set = (next: string) => onChange(next === "" ? undefined : next);
  switch (parameter.type) {
    case "number":
      return <NumberInput {...ids} value={typeof value === "number" ? value : null} onChange={(next) => onChange(next ?? undefined)} />;
    case "choice":
      return <ChoiceInput {...ids} parameter={parameter} value={text(value)} onChange={set} />;
    case "duration":
    case "offset":
      return <DurationInput {...ids} signed={parameter.type === "offset"} value={text(value)} onChange={set} />;
    case "template":
    case "segment":
    case "journey":
    case "topic":
      return <OfferedSelect {...ids} type={parameter.type} value={text(value)} onChange={set} />;
    case "event":
    case "tag":
    case "trait":
    case "destination":
      return <OfferedWord {...ids} type={parameter.type} value={text(value)} onChange={set} />;
    case "hook":
      return <HookWord {...ids} value={text(value)} onChange={set} />;
    default:
      return <TextInput {...ids} long={parameter.name === "text"} value={text(value)} onChange={set} />;
  }
}

type One = { id: string; describedBy: string | undefined; value: string; onChange: (value: string) => void };

function OfferedSelect({ type, ...rest }: One & { type: "template" | "segment" | "journey" | "topic" }) {
  const { boot, words } = useScene();
  const offered = boot.offers[type];
  const known = type === "template" && offered.some((each) => each.key === rest.value);
  return (
    <>
      <NamedSelect {...rest} offered={offered} />
      {known && (
        <a className="d-inline-block mt-1" href={`${boot.urls.messages}${encodeURI(rest.value)}/`}>
          {words.t("open_message")}
        </a>
      )}
    </>
  );
}

function OfferedWord({ type, ...rest }: One & { type: "event" | "tag" | "trait" | "destination" }) {
  return <WordInput {...rest} offered={useScene().boot.offers[type]} />;
}

/** The name of a hook, with the address that the other system has to call. */
function HookWord(props: One) {
  const { boot, words } = useScene();
  const hooks = boot.hooks ?? [];
  const known = hooks.find((each) => each.key === props.value);
  return (
    <>
      <WordInput {...props} offered={hooks.map((each) => each.key)} />
      {known && (
        <div className="form-hint">
          {words.t("hook_address")} <code dir="ltr" className="user-select-all text-break">{known.address}</code>
        </div>
      )}
      {boot.urls.hooks && (
        <a className="d-inline-block mt-1" href={known ? `${boot.urls.hooks}${known.key}/` : boot.urls.hooks}>
          {words.t("hook_make")}
        </a>
      )}
    </>
  );
}

function ChoiceInput({ parameter, ...rest }: One & { parameter: Told }) {
  const { words } = useScene();
  const usual = parameter.choices.find((choice) => choice.value === parameter.default);
  const none = usual ? words.t("usual", { what: usual.label }) : parameter.required ? undefined : words.t("none");
  return <Select {...rest} choices={parameter.choices} {...(none !== undefined ? { none } : {})} />;
}

function Compound({ parameter, value: written, event, onChange, onRenamePath }: Props) {
  const { words } = useScene();
  const value = jsonOf(written);
  const entries = isMapping(written) ? entriesOf(written) : [];
  const put = (next: [string, Json][]) => onChange(next.length ? (ordered(next) as Json) : undefined);
  const rows = { label: parameter.label, entries, onChange: put };
  switch (parameter.type) {
    case "boolean":
      return <input type="checkbox" className="form-check-input" aria-label={parameter.label} checked={value === true} onChange={(e) => onChange(e.target.checked)} />;
    case "any":
      return value === undefined ? (
        <button type="button" className="btn btn-sm" onClick={() => onChange("")}>
          {words.t("say_a_value")}
        </button>
      ) : (
        <div className="input-row">
          <AnyInput none value={value} onChange={onChange} />
          <button type="button" className="btn btn-sm" onClick={() => onChange(undefined)}>
            {words.t("any_value")}
          </button>
        </div>
      );
    case "condition":
      return <Condition value={value} onChange={onChange} />;
    case "where":
      return <Where value={value ?? null} onChange={onChange} event={event} />;
    case "awaited":
      return <Awaited value={value} onChange={onChange} />;
    case "until":
      return <Until value={value} onChange={onChange} />;
    case "moment":
      return <MomentInput value={text(value)} onChange={onChange} />;
    case "branches":
      return (
        <Rows<Json> {...rows} onRename={onRenamePath} fresh={() => null} stacked ordered>
          {(each, set) => <Condition value={each ?? undefined} onChange={(next) => set(next ?? null)} />}
        </Rows>
      );
    case "shares":
      return <Shares entries={entries} label={parameter.label} onChange={put} onRename={onRenamePath} />;
    case "values":
      return (
        <Rows<Json> {...rows} fresh={() => ""}>
          {(each, set) => <AnyInput none value={each} onChange={set} />}
        </Rows>
      );
    case "variants":
      return <Variants entries={entries} label={parameter.label} onChange={put} />;
    default:
      return <Raw value={value} onChange={onChange} />;
  }
}

type RowsOf = { entries: [string, Json][]; label: string; onChange: (entries: [string, Json][]) => void };

function Shares({ onRename, ...rows }: RowsOf & { onRename: (from: string, to: string) => void }) {
  const { words } = useScene();
  const total = rows.entries.reduce((sum, [, each]) => sum + (typeof each === "number" ? each : 0), 0);
  return (
    <Rows<Json> {...rows} onRename={onRename} fresh={() => 50}>
      {(each, set) => (
        <>
          <NumberInput label={words.t("share")} value={typeof each === "number" ? each : null} onChange={(next) => set(next)} />
          <span className="num share">{total && typeof each === "number" ? words.percent(each / total) : "–"}</span>
        </>
      )}
    </Rows>
  );
}

function Variants(rows: RowsOf) {
  const { boot, words } = useScene();
  return (
    <Rows<Json> {...rows} fresh={() => ({ share: 50 })} stacked>
      {(each, set) => {
        const variant = mapping(each);
        const share = variant["share"];
        return (
          <div className="input-row">
            <NamedSelect
              label={words.t("template")}
              offered={boot.offers.template}
              value={text(variant["template"])}
              onChange={(template) => {
                const { template: _, ...rest } = variant;
                set(template ? { ...rest, template } : rest);
              }}
            />
            <NumberInput label={words.t("share")} value={typeof share === "number" ? share : null} onChange={(next) => set({ ...variant, share: next })} />
          </div>
        );
      }}
    </Rows>
  );
}
