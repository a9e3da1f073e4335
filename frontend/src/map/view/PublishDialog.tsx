import { useEffect, useState } from "react";

import "../publish.css";

import { useScene } from "../context";
import type { Fault, Ref } from "../model/types";
import { lookAtCosts, lookAtPeople, lookAtPublishing, lookAtRoad, publish, type Costs, type Moves, type People, type Publishing, type Wanted } from "../server";
import { Dialog } from "./Dialog";
import { WhatItCosts } from "./PublishCost";
import { MatchingAlready, WhatComesFirst, WhoGetsNothing } from "./PublishPeople";
import { OnTheRoad } from "./PublishRoad";

type Props = { title: (ref: Ref) => string; onShow: () => void; onPublished: () => void; onClose: () => void };

const NOTHING: Wanted = { already: false, move: false, anew: false };

/** What a new version changes, for whom, and what happens first; then it is published, or not. */
export function PublishDialog({ title, onShow, onPublished, onClose }: Props) {
  const { boot, words } = useScene();
  const [found, setFound] = useState<Publishing | null>(null);
  const [moves, setMoves] = useState<Moves[] | null>(null);
  const [people, setPeople] = useState<People | null>(null);
  const [costs, setCosts] = useState<Costs | null>(null);
  const [faults, setFaults] = useState<Fault[]>([]);
  const [busy, setBusy] = useState(false);
  const [wanted, setWanted] = useState(NOTHING);
  useEffect(() => {
    const offline = () => setFaults([{ place: "", message: words.t("no_connection") }]);
    lookAtPublishing(boot.urls.publishing).then(setFound).catch(offline);
    lookAtRoad(boot.urls.publishing).then(setMoves).catch(offline);
    lookAtPeople(boot.urls.publishing).then(setPeople).catch(offline);
    lookAtCosts(boot.urls.publishing).then(setCosts).catch(offline);
  }, [boot, words]);
  const go = async () => {
    setBusy(true);
    try {
      const done = await publish(boot.urls.publishing, found!.revision, wanted);
      if ("refused" in done) setFaults(done.refused);
      else onPublished();
    } catch {
      setFaults([{ place: "", message: words.t("no_connection") }]);
    } finally {
      setBusy(false);
    }
  };
  const choose = (more: Partial<Wanted>) => setWanted({ ...wanted, ...more });
  const wrong = [...faults, ...(found?.faults ?? [])];
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
          {found.live !== null && moves && <OnTheRoad moves={moves} title={title} wanted={wanted} choose={choose} />}
          {found.faults.length === 0 && !(people && moves) && <p className="text-secondary">{words.t("looking_at_people")}</p>}
          {people?.crowd && (
            <>
              <MatchingAlready crowd={people.crowd} wanted={wanted} choose={choose} />
              <WhoGetsNothing crowd={people.crowd} />
              <WhatComesFirst people={people} moves={moves ?? []} title={title} wanted={wanted} />
            </>
          )}
          {costs && <WhatItCosts costs={costs} />}
          <div className="dialog-buttons">
            <button type="button" className="btn" onClick={onClose}>
              {words.t("cancel")}
            </button>
            <button
              type="button"
              className="btn btn-primary"
              disabled={busy || found.faults.length > 0 || (found.same && !wanted.already)}
              onClick={() => void go()}
            >
              {words.t(wanted.move ? "publish_and_move" : "publish_now")}
            </button>
          </div>
        </>
      )}
    </Dialog>
  );
}
