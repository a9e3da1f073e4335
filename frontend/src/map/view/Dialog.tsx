import { useEffect, useRef, type ReactNode } from "react";

import { useScene } from "../context";
import { Icon } from "./Icon";

type Props = { title: string; onClose: () => void; wide?: boolean; children: ReactNode };

/** A native dialog, open as long as it is there. Escape, the cross and the backdrop close it. */
export function Dialog({ title, onClose, wide = false, children }: Props) {
  const { words } = useScene();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (dialog.current && !dialog.current.open) dialog.current.showModal();
  }, []);
  return (
    <dialog
      ref={dialog}
      className={wide ? "map-dialog map-dialog-wide" : "map-dialog"}
      aria-label={title}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => event.target === dialog.current && onClose()}
      onKeyDown={(event) => event.stopPropagation()}
    >
      <div className="map-dialog-head">
        <h2 className="h3">{title}</h2>
        <button type="button" className="btn btn-icon btn-ghost-secondary" aria-label={words.t("close")} onClick={onClose}>
          <Icon icon="x" />
        </button>
      </div>
      {children}
    </dialog>
  );
}
