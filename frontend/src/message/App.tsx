import { useCallback, useEffect, useMemo, useRef, useState } from "react";

import { useScene } from "./context";
import { LANGUAGES, modeOf } from "./model/template";
import type { Boot, Language, Shown } from "./types";
import { useTemplate } from "./useTemplate";
import { Field, FocusContext, type Focused } from "./view/Field";
import { Icon } from "./view/Icon";
import { Preview } from "./view/Preview";
import { Remarks } from "./view/Remarks";
import { TrackingForm } from "./view/TrackingForm";
import { Variables } from "./view/Variables";
import { Writing } from "./view/Writing";

export function App({ boot }: { boot: Boot }) {
  const { words } = useScene();
  const editing = useTemplate(boot);
  const { template, edit, keep, undo, redo } = editing;
  const order = useMemo(() => [...LANGUAGES].sort((one) => (one === boot.first ? -1 : 1)), [boot.first]);
  const [language, setLanguage] = useState<Language>(() => order.find((one) => template.languages[one]) ?? order[0]!);
  const [shown, setShown] = useState<Shown | null>(null);
  const focused = useRef<Focused | null>(null);
  const hear = useCallback((told: Shown | null) => setShown(told), []);
  useShortcuts(boot.mayEdit, keep, undo, redo);

  const switchTo = (next: Language) => {
    focused.current = null;
    setLanguage(next);
  };
  return (
    <FocusContext value={focused}>
      <div className="message" data-saving={editing.state} data-revision={boot.revision}>
        <div className="message-bar">
          <div className="nav nav-pills" role="tablist" aria-label={words.t("language")}>
            {order.map((one) => (
              <button key={one} type="button" role="tab" id={`tab-${one}`} aria-selected={language === one} aria-controls="writing" className={`nav-link${language === one ? " active" : ""}`} onClick={() => switchTo(one)}>
                {words.t(`language_${one}`)}
                {modeOf(template, one) === null && <span className="text-secondary small"> · {words.t("empty")}</span>}
              </button>
            ))}
          </div>
          {boot.mayEdit && (
            <>
              <Variables language={language} />
              <span className="message-tools">
                <span className={`saving saving-${editing.state}`} role="status">
                  {words.t(`saving_${editing.state}`)}
                </span>
                <button type="button" className="btn btn-icon btn-sm" aria-label={words.t("undo")} title={words.t("undo")} disabled={!editing.canUndo} onClick={undo}>
                  <Icon icon="arrow-back-up" />
                </button>
                <button type="button" className="btn btn-icon btn-sm" aria-label={words.t("redo")} title={words.t("redo")} disabled={!editing.canRedo} onClick={redo}>
                  <Icon icon="arrow-forward-up" />
                </button>
                <button type="button" className="btn btn-primary" disabled={!editing.dirty || editing.state === "saving" || editing.state === "overtaken"} onClick={() => void keep()}>
                  {words.t("save")}
                </button>
              </span>
            </>
          )}
        </div>
        {editing.theirs && (
          <div className="alert alert-warning text-body" role="alert">
            <p>{words.t("overtaken")}</p>
            <button type="button" className="btn btn-sm" onClick={() => editing.settle("theirs")}>
              {words.t("take_theirs")}
            </button>{" "}
            <button type="button" className="btn btn-sm" onClick={() => editing.settle("mine")}>
              {words.t("keep_mine")}
            </button>
          </div>
        )}
        <div className="message-body">
          <div className="message-writing">
            <div className="card" id="writing" role="tabpanel" aria-labelledby={`tab-${language}`} key={language}>
              <div className="card-body">
                <Writing template={template} language={language} edit={edit} faults={[...editing.faults, ...(shown?.faults ?? [])]} shown={shown} />
              </div>
            </div>
            <details className="card">
              <summary className="card-header">{words.t("more")}</summary>
              <div className="card-body">
                <Field label={words.t("title")} value={template.title} onChange={(title) => edit({ ...template, title }, "title")} disabled={!boot.mayEdit} />
                {boot.channel === "email" && (
                  <Field label={words.t("sender")} value={template.sender} onChange={(sender) => edit({ ...template, sender }, "sender")} hint={words.t("sender_help")} disabled={!boot.mayEdit} />
                )}
                {(boot.topics.length > 0 || template.topic) && (
                  <label className="mb-3 d-block">
                    <span className="form-label">{words.t("topic")}</span>
                    <select className="form-select" disabled={!boot.mayEdit} value={template.topic} onChange={(event) => edit({ ...template, topic: event.currentTarget.value })}>
                      <option value="">{words.t("no_topic")}</option>
                      {boot.topics.map((one) => (
                        <option key={one.key} value={one.key}>
                          {one.title}
                        </option>
                      ))}
                      {template.topic && !boot.topics.some((one) => one.key === template.topic) && <option value={template.topic}>{template.topic}</option>}
                    </select>
                    <span className="form-hint">{words.t("topic_help")}</span>
                  </label>
                )}
                <TrackingForm own={template.tracking} onChange={(tracking) => edit({ ...template, tracking })} />
                <Check label={words.t("strict")} help={words.t("strict_help")} checked={template.strict} onChange={(strict) => edit({ ...template, strict })} />
                <Check label={words.t("once_more")} help={words.t("once_more_help")} checked={template.once_more} onChange={(once_more) => edit({ ...template, once_more })} />
              </div>
            </details>
          </div>
          <div className="message-seen">
            <Preview template={template} language={language} shown={shown} onShown={hear} />
            <Remarks faults={editing.faults.filter((one) => !one.place.startsWith("document."))} remarks={shown?.remarks ?? []} looked={shown !== null} />
          </div>
        </div>
      </div>
    </FocusContext>
  );
}

function Check({ label, help, checked, onChange }: { label: string; help: string; checked: boolean; onChange: (checked: boolean) => void }) {
  const { boot } = useScene();
  return (
    <label className="form-check">
      <input className="form-check-input" type="checkbox" disabled={!boot.mayEdit} checked={checked} onChange={(event) => onChange(event.currentTarget.checked)} />
      <span className="form-check-label">{label}</span>
      <span className="form-check-description">{help}</span>
    </label>
  );
}

/** Ctrl or ⌘ with S anywhere; Z and Y take whole steps back and forth, in fields too: a field knows only its own. */
function useShortcuts(active: boolean, keep: () => Promise<void>, undo: () => void, redo: () => void): void {
  useEffect(() => {
    if (!active) return;
    const listen = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
      if (event.code === "KeyS") void keep();
      else if (event.code === "KeyZ" && !event.shiftKey) undo();
      else if (event.code === "KeyY" || (event.code === "KeyZ" && event.shiftKey)) redo();
      else return;
      event.preventDefault();
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, [active, keep, undo, redo]);
}
