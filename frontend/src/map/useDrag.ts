import { useCallback, useEffect, useRef, useState, type PointerEvent as Pressed } from "react";

import type { Carried } from "./model/carrying";

const FAR = 6; // pixels that the pointer moves before it is a drag and no press
const NEAR = 56; // pixels from the middle of a "+" within which it takes what is let go

type Drag = { carried: Carried; x: number; y: number; moves: boolean };

/** The "+" nearest to the pointer that takes what is carried. */
export function nearestGap(x: number, y: number): string | null {
  let [best, least] = [null as string | null, NEAR];
  for (const each of document.querySelectorAll<HTMLElement>(".path-plus[data-gap]:not(:disabled)")) {
    const box = each.getBoundingClientRect();
    const far = Math.hypot(x - box.left - box.width / 2, y - box.top - box.height / 2);
    if (far < least) [best, least] = [each.dataset["gap"] ?? null, far];
  }
  return best;
}

/**
 * Dragging with any pointer: `lift` when it is pressed on something that can be carried. While it moves `carried` says what
 * is in the hand and `over` the path that would take it; where it is let go over one, `drop` gets both. Escape lets it go.
 */
export function useDrag(drop: (carried: Carried, gap: string) => void) {
  const [carried, setCarried] = useState<Carried | null>(null);
  const [over, setOver] = useState<string | null>(null);
  const drag = useRef<Drag | null>(null);
  const ghost = useRef<HTMLDivElement>(null);
  const dropped = useRef(drop);
  dropped.current = drop;

  const follow = useCallback((x: number, y: number) => {
    if (ghost.current) ghost.current.style.transform = `translate(${x + 12}px, ${y + 12}px)`;
  }, []);
  const end = useCallback(() => {
    drag.current = null;
    setCarried(null);
    setOver(null);
  }, []);

  useEffect(() => {
    let frame = 0;
    const look = () => {
      frame = 0;
      if (drag.current?.moves) setOver(nearestGap(drag.current.x, drag.current.y));
    };
    const move = (event: PointerEvent) => {
      const now = drag.current;
      if (!now) return;
      if (!now.moves) {
        if (Math.hypot(event.clientX - now.x, event.clientY - now.y) < FAR) return;
        now.moves = true;
        setCarried(now.carried);
      }
      [now.x, now.y] = [event.clientX, event.clientY];
      follow(now.x, now.y);
      frame ||= requestAnimationFrame(look);
    };
    const up = (event: PointerEvent) => {
      const now = drag.current;
      end();
      if (!now?.moves || event.type === "pointercancel") return;
      swallowClick();
      const gap = nearestGap(event.clientX, event.clientY);
      if (gap) dropped.current(now.carried, gap);
    };
    const key = (event: KeyboardEvent) => {
      if (event.key === "Escape" && drag.current) end();
    };
    window.addEventListener("pointermove", move);
    window.addEventListener("pointerup", up);
    window.addEventListener("pointercancel", up);
    window.addEventListener("keydown", key);
    return () => {
      cancelAnimationFrame(frame);
      window.removeEventListener("pointermove", move);
      window.removeEventListener("pointerup", up);
      window.removeEventListener("pointercancel", up);
      window.removeEventListener("keydown", key);
    };
  }, [end, follow]);
  useEffect(() => {
    if (carried && drag.current) follow(drag.current.x, drag.current.y);
  }, [carried, follow]);

  const lift = useCallback((what: Carried, event: Pressed) => {
    if (event.button === 0 && event.isPrimary) drag.current = { carried: what, x: event.clientX, y: event.clientY, moves: false };
  }, []);
  return { carried, over, ghost, lift };
}

/** Letting go is no press: the click that the browser makes of it reaches nobody. */
function swallowClick() {
  const swallow = (event: MouseEvent) => {
    event.stopPropagation();
    event.preventDefault();
  };
  window.addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => window.removeEventListener("click", swallow, { capture: true }), 0);
}
