import { useScene } from "../context";
import type { State } from "../saving";
import { Icon } from "./Icon";

type Props = {
  state: State;
  journeyState: string;
  version: number | null;
  faults: number;
  mayEdit: boolean;
  canUndo: boolean;
  canRedo: boolean;
  showing: boolean;
  changed: number | null;
  listed: boolean;
  onList: () => void;
  onUndo: () => void;
  onRedo: () => void;
  onSettings: () => void;
  onYaml: () => void;
  onChanges: () => void;
  onPublish: () => void;
  onFault: () => void;
};

/** Above the map: how saving goes, what can be taken back, text, settings, changes, publishing. */
export function Toolbar(props: Props) {
  const { words } = useScene();
  const { mayEdit, state, changed } = props;
  return (
    <div className="toolbar" role="toolbar" aria-label={words.t("toolbar")}>
      <span className={`badge state-${props.journeyState}`}>{words.t(`state_${props.journeyState}`)}</span>
      {props.version !== null && <span className="toolbar-text">{words.t("version_n", { n: props.version })}</span>}
      {mayEdit && (
        <span className={`toolbar-text saving saving-${state}`} role="status" data-saving={state}>
          {words.t(`saving_${state}`)}
        </span>
      )}
      {props.faults > 0 && (
        <button type="button" className="btn btn-sm btn-outline-danger" onClick={props.onFault}>
          <Icon icon="alert-triangle" /> {words.t("faults", { n: props.faults })}
        </button>
      )}
      <span className="flex-fill" />
      {mayEdit && (
        <>
          <button type="button" className={props.listed ? "btn active" : "btn"} aria-pressed={props.listed} onClick={props.onList}>
            <Icon icon="layout-grid-add" /> {words.t("points_panel")}
          </button>
          <button type="button" className="btn btn-icon" disabled={!props.canUndo} aria-label={words.t("undo")} title={words.t("undo")} onClick={props.onUndo}>
            <Icon icon="arrow-back-up" directed />
          </button>
          <button type="button" className="btn btn-icon" disabled={!props.canRedo} aria-label={words.t("redo")} title={words.t("redo")} onClick={props.onRedo}>
            <Icon icon="arrow-forward-up" directed />
          </button>
        </>
      )}
      {changed !== null && changed > 0 && (
        <button type="button" className={props.showing ? "btn active" : "btn"} aria-pressed={props.showing} onClick={props.onChanges}>
          <Icon icon="git-compare" /> {words.t("changes_n", { n: changed })}
        </button>
      )}
      <button type="button" className="btn" onClick={props.onYaml}>
        <Icon icon="code" /> {words.t("text")}
      </button>
      <button type="button" className="btn" onClick={props.onSettings}>
        <Icon icon="adjustments" /> {words.t("settings")}
      </button>
      {mayEdit && (
        <button type="button" className="btn btn-primary" onClick={props.onPublish}>
          <Icon icon="rocket" /> {words.t("publish")}
        </button>
      )}
    </div>
  );
}
