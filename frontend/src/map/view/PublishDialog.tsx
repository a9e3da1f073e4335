import { useEffect, useState } from "react";

import { useScene } from "../context";
import type { Fault, Ref } from "../model/types";
import { lookAtPublishing, publish, type Publishing } from "../server";
import { Dialog } from "./Dialog";

type Props = { title: (ref: Ref) => string; onShow: () => void; onPublished: () => void; onClose: () => void };

/** What a new version changes, for whom; then it is published, or not. */
export function PublishDialog({ title, onShow, onPublished, onClose }: Props) {
  const { boot, words } = useScene();
  const [found, setFound] = useState<Publishing | null>(null);
  const [faults, setFaults] = useState<Fault[]>([]);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    lookAtPublishing(boot.urls.publishing)
      .then(setFound)
      .catch(() => setFaults([{ place: "", message: words.t("no_connection") }]));
  }, [boot, words]);
  const go = async () => {
    setBusy(true);
    try {
      const done = await publish(boot.urls.publishing, found!.revision);
      if ("refused" in done) setFaults(done.refused);
      else onPublished();
    } catch {
      setFaults([{ place: "", message: words.t("no_connection") }]);
    } finally {
      setBusy(false);
    }
  };
  const wrong = [...faults, ...(found?.faults ?? [])];
  const standing = Object.entries(found?.standing ?? {});
  return (
    <Dialog title={found ? words.t("publish_version", { n: found.next }) : words.t("publish")} onClose={onClose} wide>
      {!found && !wrong.length && <p className="text-secondary">{words.t("loading")}</p>}
      {wrong.length > 0 && (
        <div className="alert alert-danger" role="alert">
          <strong>{words.t("cannot_publish")}</strong>
          <ul>
            {wrong.map((fault) => (
              <li key={fault.place + fault.message}>
                {fault.place && <code className="ltr">{fault.place}</code>} <span dir="auto">{fault.message}</span>
              </li>
            ))}
          </ul>
        </div>
      )}
      {found && (
        <>
          {found.live === null && <p>{words.t("first_version")}</p>}
          {found.same && <p className="alert alert-info">{words.t("nothing_changed")}</p>}
          {found.changes && found.changes.length > 0 && (
            <section>
              <h3 className="h4">{words.t("what_changes", { n: found.live ?? 0 })}</h3>
              <ul className="change-list">
                {found.changes.map((each) => (
                  <li key={each.place + each.what} className={`change-${each.what}`} dir="auto">
                    {each.said}
                  </li>
                ))}
              </ul>
              <button
                type="button"
                className="btn btn-sm"
                onClick={() => {
                  onShow();
                  onClose();
                }}
              >
                {words.t("show_on_map")}
              </button>
            </section>
          )}
          {found.live !== null && (
            <section>
              <h3 className="h4">{words.t("on_the_road", { n: found.on_the_road })}</h3>
              <p>{words.t("stay_on_version", { n: found.live })}</p>
              {found.on_the_road > 0 && <p className="form-hint">{words.t("move_afterwards")}</p>}
              {standing.length > 0 && (
                <dl className="figures">
                  {standing.map(([ref, n]) => (
                    <div key={ref} className="figures-line">
                      <dt>
                        <bdi dir={words.rtl ? "rtl" : "ltr"}>{title(ref)}</bdi>
                      </dt>
                      <dd className="num">{words.number(n)}</dd>
                    </div>
                  ))}
                </dl>
              )}
              {Object.entries(found.others).map(([number, n]) => (
                <p key={number} className="form-hint">
                  {words.t("on_older_version", { version: Number(number), n })}
                </p>
              ))}
            </section>
          )}
          <div className="dialog-buttons">
            <button type="button" className="btn" onClick={onClose}>
              {words.t("cancel")}
            </button>
            <button type="button" className="btn btn-primary" disabled={busy || found.faults.length > 0 || found.same} onClick={() => void go()}>
              {words.t("publish_now")}
            </button>
          </div>
        </>
      )}
    </Dialog>
  );
}
