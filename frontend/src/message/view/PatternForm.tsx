import { useScene } from "../context";
import { placesOf, putPattern, renamed } from "../model/template";
import type { Fault, Language, Pattern, Template } from "../types";
import { Field } from "./Field";
import { Icon } from "./Icon";

const NONE: Pattern = { code: "", text: "", variables: {} };
type Props = { template: Template; language: Language; edit: (template: Template, field?: string) => void; faults: Fault[] };

/** The approved pattern of an SMS: its code, its text as the operator knows it, and what stands in its places. */
export function PatternForm({ template, language, edit, faults }: Props) {
  const { boot, words } = useScene();
  const texts = template.languages[language] ?? {};
  const pattern = texts.pattern;
  const disabled = !boot.mayEdit;
  if (!pattern)
    return disabled ? null : (
      <button type="button" className="btn btn-sm" onClick={() => edit(putPattern(template, language, NONE))}>
        <Icon icon="plus" /> {words.t("add_pattern")}
      </button>
    );
  const put = (next: Partial<Pattern>, field = "") => edit(putPattern(template, language, { ...pattern, ...next }), field && `${language}.pattern.${field}`);
  const fault = (...place: string[]) => faults.find((one) => one.place === ["languages", language, "pattern", ...place].join("."))?.message;
  const names = Object.keys(pattern.variables);
  const known = names.map((name) => name.toLowerCase());
  const missing = placesOf(pattern.text).filter((name) => !known.includes(name.toLowerCase()));
  return (
    <fieldset className="pattern-form" disabled={disabled}>
      <legend className="h4">{words.t("pattern")}</legend>
      <p className="form-hint">{words.t("pattern_help")}</p>
      {fault() && (
        <p className="text-danger" role="alert">
          {fault()}
        </p>
      )}
      <Field label={words.t("pattern_code")} value={pattern.code} onChange={(code) => put({ code }, "code")} fault={fault("code")} hint={words.t("pattern_code_help")} ltr disabled={disabled} />
      <Field label={words.t("pattern_text")} value={pattern.text} onChange={(text) => put({ text }, "text")} rows={4} fault={fault("text")} hint={words.t("pattern_text_help")} language={language} disabled={disabled} />
      {fault("variables") && <p className="text-danger">{fault("variables")}</p>}
      {names.map((name, number) => (
        <div className="pattern-variable" key={number}>
          <Field label={words.t("variable")} value={name} onChange={(to) => put({ variables: renamed(pattern.variables, name, to) })} ltr disabled={disabled} />
          <Field
            label={words.t("variable_value")}
            value={pattern.variables[name]!}
            onChange={(value) => put({ variables: { ...pattern.variables, [name]: value } }, `variables.${name}`)}
            fault={fault("variables", name)}
            disabled={disabled}
          />
          {!disabled && (
            <button
              type="button"
              className="btn btn-icon btn-sm"
              aria-label={`${words.t("remove")}: ${name}`}
              onClick={() => put({ variables: Object.fromEntries(Object.entries(pattern.variables).filter(([other]) => other !== name)) })}
            >
              <Icon icon="trash" />
            </button>
          )}
        </div>
      ))}
      {!disabled && (
        <p className="pattern-tools">
          {missing.map((name) => (
            <button key={name} type="button" className="btn btn-sm" onClick={() => put({ variables: { ...pattern.variables, [name]: "" } })}>
              <Icon icon="plus" /> <bdi>{name}</bdi>
            </button>
          ))}
          <button type="button" className="btn btn-sm btn-ghost-danger ms-auto" onClick={() => edit(putPattern(template, language, undefined))}>
            {words.t("remove_pattern")}
          </button>
        </p>
      )}
      <label className="mb-3 d-block">
        <span className="form-label">{words.t("pattern_order")}</span>
        <select className="form-select" value={pattern.second ? "second" : "first"} onChange={(event) => put({ second: event.currentTarget.value === "second" })}>
          <option value="first">{words.t("pattern_first")}</option>
          <option value="second">{words.t("pattern_second")}</option>
        </select>
        <span className="form-hint">{words.t("pattern_order_help")}</span>
      </label>
    </fieldset>
  );
}
