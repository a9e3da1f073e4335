import { useMemo, useState, type PointerEvent } from "react";

import { useScene } from "../context";
import type { Carried } from "../model/carrying";
import type { Kind } from "../model/types";
import { search } from "./Catalogue";
import { Icon } from "./Icon";

const SECTIONS: Kind["section"][] = ["starting point", "rule", "action"];

type Props = {
  carried: Carried | null;
  mayStart: boolean;
  onLift: (what: Carried, event: PointerEvent) => void;
  onPress: (kind: Kind) => void;
  onClose: () => void;
};

/** The catalogue beside the map: a point is dragged from here onto a "+", or pressed and then the "+". Starting points are pressed. */
export function PointsPanel({ carried, mayStart, onLift, onPress, onClose }: Props) {
  const { boot, words } = useScene();
  const [asked, ask] = useState("");
  const found = useMemo(() => search(boot.kinds, asked), [boot, asked]);
  const held = carried && "kind" in carried ? carried.kind.kind : "";
  return (
    <aside className="points-panel" aria-label={words.t("points_panel")}>
      <div className="panel-head">
        <h2 className="h3 flex-fill">{words.t("points_panel")}</h2>
        <button type="button" className="btn btn-icon btn-ghost-secondary" aria-label={words.t("close")} title={words.t("close")} onClick={onClose}>
          <Icon icon="x" />
        </button>
      </div>
      <div className="points-body">
        <input type="search" className="form-control" aria-label={words.t("search")} placeholder={words.t("search")} value={asked} onChange={(event) => ask(event.target.value)} />
        <p className="form-hint">{words.t("points_hint")}</p>
        {SECTIONS.map((section) => {
          const kinds = found.filter((kind) => kind.section === section);
          return kinds.length ? (
            <section key={section} aria-label={words.t(`section_${section.replace(" ", "_")}`)}>
              <h3 className="h5 catalogue-title">{words.t(`section_${section.replace(" ", "_")}`)}</h3>
              {kinds.map((kind) => (
                <button
                  key={kind.kind}
                  type="button"
                  className={`points-item point-${section.replace(" ", "-")}`}
                  title={kind.help}
                  data-lifts={kind.kind}
                  aria-pressed={held === kind.kind}
                  disabled={section === "starting point" && !mayStart}
                  onPointerDown={(event) => section !== "starting point" && onLift({ kind }, event)}
                  onClick={() => onPress(kind)}
                >
                  <span className="point-icon">
                    <Icon icon={kind.icon} />
                  </span>
                  {kind.label}
                </button>
              ))}
            </section>
          ) : null;
        })}
        {found.length === 0 && <p className="text-secondary">{words.t("nothing_found")}</p>}
      </div>
    </aside>
  );
}
