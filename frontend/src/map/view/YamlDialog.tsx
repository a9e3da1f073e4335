import { useEffect, useState } from "react";

import { useScene } from "../context";
import type { Draft, Fault } from "../model/types";
import { parseText, writeYaml } from "../server";
import { Dialog } from "./Dialog";
import { Icon } from "./Icon";

type Props = { draft: Draft; mayEdit: boolean; onUse: (draft: Draft) => void; onClose: () => void };

/** The definition as text: read, copied, changed or replaced by a pasted one. What is used can be taken back like any change. */
export function YamlDialog({ draft, mayEdit, onUse, onClose }: Props) {
  const { boot, words } = useScene();
  const [text, setText] = useState<string | null>(null);
  const [faults, setFaults] = useState<Fault[]>([]);
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    let gone = false;
    writeYaml(boot.urls.parse, draft)
      .then((found) => gone || setText(found))
      .catch(() => gone || setFaults([{ place: "", message: words.t("no_connection") }]));
    return () => {
      gone = true;
    };
  }, []); // eslint-disable-line -- the text of the moment it was opened
  const use = async () => {
    try {
      const found = await parseText(boot.urls.parse, text ?? "");
      if ("refused" in found) setFaults(found.refused);
      else onUse(found.draft);
    } catch {
      setFaults([{ place: "", message: words.t("no_connection") }]);
    }
  };
  const copy = async () => {
    await navigator.clipboard.writeText(text ?? "");
    setCopied(true);
  };
  return (
    <Dialog title={words.t("as_text")} onClose={onClose} wide>
      <p className="form-hint">{words.t("as_text_help")}</p>
      <textarea className="form-control ltr yaml" dir="ltr" spellCheck={false} aria-label={words.t("as_text")} readOnly={!mayEdit} value={text ?? words.t("loading")} onChange={(event) => setText(event.target.value)} />
      {faults.length > 0 && (
        <ul className="alert alert-danger yaml-faults" role="alert">
          {faults.map((fault) => (
            <li key={fault.place + fault.message}>
              {fault.line ? `${words.t("line", { n: fault.line })} · ` : ""}
              {fault.place && <code className="ltr">{fault.place}</code>} <span dir="auto">{fault.message}</span>
            </li>
          ))}
        </ul>
      )}
      <div className="dialog-buttons">
        <button type="button" className="btn" onClick={() => void copy()}>
          <Icon icon={copied ? "check" : "copy"} /> {words.t(copied ? "copied" : "copy_text")}
        </button>
        {mayEdit && (
          <button type="button" className="btn btn-primary" disabled={text === null} onClick={() => void use()}>
            {words.t("use_text")}
          </button>
        )}
      </div>
    </Dialog>
  );
}
