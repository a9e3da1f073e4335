import { useScene } from "../context";
import { Icon } from "./Icon";

/** What kind of point a panel is about, and the way out of it. */
export function PanelHead({ kind: key, onClose }: { kind: string; onClose: () => void }) {
  const { kinds, words } = useScene();
  const kind = kinds.get(key);
  return (
    <div className={`panel-head point-${(kind?.section ?? "rule").replace(" ", "-")}`}>
      <span className="point-icon">
        <Icon icon={kind?.icon ?? "question-mark"} />
      </span>
      <h2 className="h3 flex-fill">{kind?.label ?? key}</h2>
      <button type="button" className="btn btn-icon btn-ghost-secondary" aria-label={words.t("close")} title={words.t("close")} onClick={onClose}>
        <Icon icon="x" />
      </button>
    </div>
  );
}
