import { useScene } from "../context";
import { Dialog } from "./Dialog";

type Props = { name: string; branch: number; standing: number; onAlone: () => void; onBranch: () => void; onClose: () => void };

/** Asked where a point has several ways: alone, or with all that only it leads to. */
export function DeleteDialog({ name, branch, standing, onAlone, onBranch, onClose }: Props) {
  const { words } = useScene();
  return (
    <Dialog title={words.t("delete_title")} onClose={onClose}>
      <p>
        <bdi dir={words.rtl ? "rtl" : "ltr"}>{name}</bdi>
      </p>
      {standing > 0 && <p className="alert alert-info">{words.t("delete_standing", { n: standing })}</p>}
      <div className="dialog-buttons dialog-buttons-stacked">
        <button type="button" className="btn btn-danger" onClick={onBranch}>
          {words.t("delete_branch", { n: branch })}
        </button>
        <button type="button" className="btn" onClick={onAlone}>
          {words.t("delete_alone")}
        </button>
        <button type="button" className="btn btn-ghost-secondary" onClick={onClose}>
          {words.t("cancel")}
        </button>
      </div>
    </Dialog>
  );
}
