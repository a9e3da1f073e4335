import { useScene } from "../context";
import { starter } from "../model/blocks";
import { modeOf, otherOf, putDocument, putMode, putText, type Mode } from "../model/template";
import type { Blocks, Fault, Language, Part, Shown, Template } from "../types";
import { BlockList } from "./BlockList";
import { Count } from "./Count";
import { Field } from "./Field";
import { Icon } from "./Icon";
import { PatternForm } from "./PatternForm";

const MODES: Mode[] = ["blocks", "html", "mjml", "text"];
type Props = { template: Template; language: Language; edit: (template: Template, field?: string) => void; faults: Fault[]; shown: Shown | null };

/** One language of the template: what stands in it, in the way in which it is written. */
export function Writing({ template, language, edit, faults, shown }: Props) {
  const { boot, words } = useScene();
  const texts = template.languages[language] ?? {};
  const mode = modeOf(template, language);
  const put = (part: Part) => (text: string) => edit(putText(template, language, part, text), `${language}.${part}`);
  const fault = (...place: string[]) => faults.find((one) => one.place === place.join("."))?.message;
  const common = { language, disabled: !boot.mayEdit };

  if (boot.channel === "sms")
    return (
      <>
        <Field label={words.t("free_text")} value={texts.text ?? ""} onChange={put("text")} rows={6} fault={fault("languages", language, "text")} hint={words.t("sms_help")} {...common} />
        {shown?.sms && <Count sms={shown.sms} />}
        <PatternForm template={template} language={language} edit={edit} faults={faults} />
      </>
    );
  const document = template.document[language];
  return (
    <>
      <Field label={words.t("subject")} value={texts.subject ?? ""} onChange={put("subject")} fault={fault("languages", language, "subject")} {...common} />
      <Field label={words.t("preheader")} value={texts.preheader ?? ""} onChange={put("preheader")} hint={words.t("preheader_help")} {...common} />
      {mode === null ? (
        <Beginning template={template} language={language} edit={edit} />
      ) : (
        <>
          {boot.mayEdit && <ModeChoice mode={mode} onChange={(next) => edit(putMode(template, language, next, starter(language)))} />}
          {document?.kind === "blocks" && (
            <BlockList document={document} language={language} faults={faults} onChange={(next: Blocks, field) => edit(putDocument(template, language, next), field ? `${language}.${field}` : "")} />
          )}
          {document?.kind === "mjml" && (
            <Field
              label={words.t("mode_mjml")}
              value={document.source}
              onChange={(source) => edit(putDocument(template, language, { kind: "mjml", source }), `${language}.mjml`)}
              rows={20}
              ltr
              className="code-area"
              fault={fault("document", language, "source")}
              disabled={!boot.mayEdit}
            />
          )}
          {mode === "html" && <Field label={words.t("mode_html")} value={texts.html ?? ""} onChange={put("html")} rows={20} ltr className="code-area" fault={fault("languages", language, "html")} disabled={!boot.mayEdit} />}
          {mode === "text" ? (
            <Field label={words.t("text")} value={texts.text ?? ""} onChange={put("text")} rows={14} fault={fault("languages", language, "text")} {...common} />
          ) : (
            <details className="plain-part" open={Boolean(texts.text)}>
              <summary>{words.t("plain_part")}</summary>
              <Field label={words.t("text")} value={texts.text ?? ""} onChange={put("text")} rows={8} hint={words.t("plain_part_help")} {...common} />
            </details>
          )}
        </>
      )}
    </>
  );
}

function ModeChoice({ mode, onChange }: { mode: Mode; onChange: (mode: Mode) => void }) {
  const { words } = useScene();
  return (
    <label className="mode-choice">
      <span>{words.t("written_as")}</span>
      <select className="form-select form-select-sm" value={mode} onChange={(event) => onChange(event.currentTarget.value as Mode)}>
        {MODES.map((one) => (
          <option key={one} value={one}>
            {words.t(`mode_${one}`)}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Nothing is written in this language yet: how to begin. */
function Beginning({ template, language, edit }: Pick<Props, "template" | "language" | "edit">) {
  const { boot, words } = useScene();
  const other = template.document[otherOf(language)];
  if (!boot.mayEdit) return <p className="text-secondary">{words.t("nothing_yet")}</p>;
  return (
    <div className="beginning">
      <p>{words.t("begin_with")}</p>
      <div className="beginning-ways">
        {other?.kind === "blocks" && (
          <button type="button" className="btn btn-primary" onClick={() => edit(putDocument(template, language, { ...other, blocks: structuredClone(other.blocks) }))}>
            <Icon icon="copy" /> {words.t(`same_blocks_${otherOf(language)}`)}
          </button>
        )}
        {MODES.map((mode) => (
          <button key={mode} type="button" className={`btn${mode === "blocks" && !other ? " btn-primary" : ""}`} onClick={() => edit(putMode(template, language, mode, starter(language)))}>
            {words.t(`mode_${mode}`)}
          </button>
        ))}
      </div>
    </div>
  );
}
