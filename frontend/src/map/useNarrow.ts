import { useSyncExternalStore } from "react";

/** Where a map cannot be drawn with a finger: read as a list there. */
const NARROW = "(max-width: 767px)";

export function useNarrow(): boolean {
  return useSyncExternalStore(
    (changed) => {
      const media = window.matchMedia(NARROW);
      media.addEventListener("change", changed);
      return () => media.removeEventListener("change", changed);
    },
    () => window.matchMedia(NARROW).matches,
  );
}
