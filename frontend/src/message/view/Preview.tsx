import { useEffect, useMemo, useState } from "react";

import { useScene } from "../context";
import { directionOf } from "../model/template";
import { preview, type Asked } from "../server";
import type { Language, Person, Shown, Template } from "../types";
import { Frame } from "./Frame";
import { PersonChoice } from "./Person";
import { TestBox } from "./TestBox";

const DEBOUNCE = 500;
type Props = { template: Template; language: Language; onShown: (shown: Shown | null) => void; shown: Shown | null };

/** The message as a contact gets it, made by the server as it makes those that go out. */
export function Preview({ template, language, shown, onShown }: Props) {
  const { boot, words } = useScene();
  const [person, setPerson] = useState<Person | null>(null);
  const [view, setView] = useState<"desktop" | "phone" | "plain">(window.innerWidth < 768 ? "phone" : "desktop");
  const wanted: Asked = useMemo(() => ({ template, language, contact: person?.id ?? null }), [template, language, person]);
  const [asked, setAsked] = useState(wanted);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(wanted), asked.template === wanted.template ? 0 : DEBOUNCE);
    return () => clearTimeout(timer);
  }, [wanted]); // eslint-disable-line
  useEffect(() => {
    let current = true;
    void preview(boot.urls.preview, asked).then((told) => current && told && onShown(told));
    return () => {
      current = false;
    };
  }, [asked, boot.urls.preview, onShown]);

  const sms = boot.channel === "sms";
  return (
    <section className="card preview" aria-label={words.t("preview")}>
      <div className="card-header preview-head">
        <span className="text-secondary">{words.t("as_seen_by")}</span>
        <PersonChoice chosen={person} onChoose={setPerson} />
        {!sms && (
          <div className="btn-group ms-auto" role="group" aria-label={words.t("shown_as")}>
            {(["desktop", "phone", "plain"] as const).map((one) => (
              <button key={one} type="button" className={`btn btn-sm${view === one ? " active" : ""}`} aria-pressed={view === one} onClick={() => setView(one)}>
                {words.t(`view_${one}`)}
              </button>
            ))}
          </div>
        )}
      </div>
      {shown?.fault && (
        <p className="alert alert-danger text-body m-3" role="alert">
          <span dir="auto">{shown.fault}</span>
        </p>
      )}
      {!sms && shown && (
        <div className="preview-subject" lang={language} dir={directionOf(language)}>
          {shown.subject || <span className="text-secondary">{words.t("no_subject")}</span>}
        </div>
      )}
      {sms ? (
        <div className="sms-box">
          <p className="sms-bubble" dir="auto" lang={language}>
            {shown ? shown.text || words.t("nothing_yet") : "…"}
          </p>
          {shown?.by && <p className="sms-way">{words.t(`by_${shown.by}`)}</p>}
          {shown?.why && (
            <p className="sms-way text-danger">
              {words.t("not_by_pattern")} <span dir="auto">{shown.why}</span>
            </p>
          )}
          {shown?.otherwise && (
            <details className="sms-otherwise">
              <summary>{words.t(shown.by === "pattern" ? "otherwise_text" : "otherwise_pattern")}</summary>
              <p className="sms-bubble" dir="auto" lang={language}>
                {shown.otherwise}
              </p>
            </details>
          )}
        </div>
      ) : view === "plain" || (shown && !shown.html) ? (
        <pre className="preview-text" dir={directionOf(language)} lang={language} tabIndex={0}>
          {shown?.text || words.t("nothing_yet")}
        </pre>
      ) : (
        <Frame url={boot.urls.frame} asked={asked} title={words.t("preview")} phone={view === "phone"} />
      )}
      {boot.mayEdit && <TestBox asked={asked} ready={Boolean(shown?.text)} />}
    </section>
  );
}
