import { useScene } from "../context";
import { Icon } from "./Icon";

/** A map with nothing on it teaches the first step. */
export function Empty({ mayEdit, onStart, onYaml }: { mayEdit: boolean; onStart: () => void; onYaml: () => void }) {
  const { words } = useScene();
  return (
    <div className="empty map-empty">
      <div className="empty-icon">
        <Icon icon="route" />
      </div>
      <p className="empty-title">{words.t("empty_title")}</p>
      <p className="empty-subtitle text-secondary">{words.t("empty_text")}</p>
      {mayEdit && (
        <div className="empty-action d-flex gap-2">
          <button type="button" className="btn btn-primary" onClick={onStart}>
            <Icon icon="plus" /> {words.t("add_start")}
          </button>
          <button type="button" className="btn" onClick={onYaml}>
            <Icon icon="code" /> {words.t("paste_text")}
          </button>
        </div>
      )}
    </div>
  );
}
