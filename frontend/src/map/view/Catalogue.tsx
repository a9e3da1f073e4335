import { useMemo, useState } from "react";

import { useScene } from "../context";
import type { Kind } from "../model/types";
import { Dialog } from "./Dialog";
import { Icon } from "./Icon";

type Props = { sections: Kind["section"][]; ending: boolean; onChoose: (kind: Kind) => void; onClose: () => void; targets: { key: string; label: string }[]; onLead: (key: string) => void };

/** The same letters for the search, whichever keyboard and marks they were typed with. */
export const folded = (text: string): string =>
  text.normalize("NFKC").toLowerCase().replace(/[ً-ٰٟ‌ـ]/g, "").replace(/ي/g, "ی").replace(/ك/g, "ک");

export function search(kinds: Kind[], asked: string): Kind[] {
  const parts = folded(asked).split(/\s+/).filter(Boolean);
  return kinds.filter((kind) => parts.every((part) => folded(`${kind.label} ${kind.help} ${kind.kind}`).includes(part)));
}

/** What can be put into a path. ending: something comes behind it, so what ends the journey cannot stand here. */
export function Catalogue({ sections, ending, onChoose, onClose, targets, onLead }: Props) {
  const { boot, words } = useScene();
  const [asked, ask] = useState("");
  const found = useMemo(() => search(boot.kinds.filter((kind) => sections.includes(kind.section)), asked), [boot, sections, asked]);
  const possible = (kind: Kind) => !ending || kind.paths === null || kind.paths.length > 0;
  return (
    <Dialog title={words.t(sections.includes("starting point") ? "choose_start" : "choose_point")} onClose={onClose} wide>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const first = found.find(possible);
          if (first) onChoose(first);
        }}
      >
        <div className="input-icon">
          <span className="input-icon-addon">
            <Icon icon="search" />
          </span>
          <input autoFocus type="search" className="form-control" aria-label={words.t("search")} placeholder={words.t("search")} value={asked} onChange={(event) => ask(event.target.value)} />
        </div>
      </form>
      <div className="catalogue">
        {sections.map((section) => {
          const kinds = found.filter((kind) => kind.section === section);
          return kinds.length ? (
            <section key={section} aria-label={words.t(`section_${section.replace(" ", "_")}`)}>
              <h3 className="h5 catalogue-title">{words.t(`section_${section.replace(" ", "_")}`)}</h3>
              <div className="catalogue-list">
                {kinds.map((kind) => (
                  <button
                    key={kind.kind}
                    type="button"
                    data-kind={kind.kind}
                    className={`catalogue-item point-${section.replace(" ", "-")}`}
                    disabled={!possible(kind)}
                    title={possible(kind) ? undefined : words.t("only_at_an_end")}
                    onClick={() => onChoose(kind)}
                  >
                    <span className="point-icon">
                      <Icon icon={kind.icon} />
                    </span>
                    <span>
                      <span className="catalogue-label">{kind.label}</span>
                      <span className="catalogue-help">{kind.help}</span>
                    </span>
                  </button>
                ))}
              </div>
            </section>
          ) : null;
        })}
        {found.length === 0 && <p className="text-secondary p-3">{words.t("nothing_found")}</p>}
        {!asked && targets.length > 0 && (
          <section>
            <h3 className="h5 catalogue-title">{words.t("lead_to")}</h3>
            <div className="catalogue-targets">
              {targets.map((each) => (
                <button key={each.key} type="button" className="btn btn-sm" onClick={() => onLead(each.key)}>
                  <bdi dir={words.rtl ? "rtl" : "ltr"}>{each.label}</bdi>
                </button>
              ))}
            </div>
          </section>
        )}
      </div>
    </Dialog>
  );
}
