import { useEffect } from "react";

/** Ctrl or ⌘ with Z, Y, C, X on the whole page, but not while somebody types. */
export function useShortcuts(active: boolean, undo: () => void, redo: () => void, cancel: () => void, carry: ((copy: boolean) => void) | null) {
  useEffect(() => {
    if (!active) return;
    const listen = (event: KeyboardEvent) => {
      if (event.key === "Escape") return cancel();
      if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
      if (event.target instanceof HTMLElement && event.target.closest("input, textarea, select, dialog")) return;
      const key = event.code;
      if (key === "KeyZ" && !event.shiftKey) undo();
      else if (key === "KeyY" || (key === "KeyZ" && event.shiftKey)) redo();
      else if (carry && key === "KeyC" && !window.getSelection()?.toString()) carry(true);
      else if (carry && key === "KeyX") carry(false);
      else return;
      event.preventDefault();
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, [active, undo, redo, cancel, carry]);
}
