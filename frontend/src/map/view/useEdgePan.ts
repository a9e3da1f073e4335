import type { useReactFlow } from "@xyflow/react";
import { useEffect, type RefObject } from "react";

/** wide, step: pixels. patience: ms near the edge before the map moves, so that whoever comes in from the side does not push it. */
const EDGE = { wide: 56, step: 14, patience: 250 };

/** While something is dragged near an edge of the map, the map moves on under it. */
export function useEdgePan(active: boolean, box: RefObject<HTMLDivElement | null>, flow: ReturnType<typeof useReactFlow>) {
  useEffect(() => {
    if (!active) return;
    let [x, y, frame, since] = [NaN, NaN, 0, 0];
    const move = (event: PointerEvent) => ([x, y] = [event.clientX, event.clientY]);
    const push = (at: number, low: number, high: number) => (at < low || at > high ? 0 : at < low + EDGE.wide ? 1 : at > high - EDGE.wide ? -1 : 0);
    const step = (now: number) => {
      const frameOf = box.current?.getBoundingClientRect();
      if (frameOf && y >= frameOf.top && y <= frameOf.bottom && x >= frameOf.left && x <= frameOf.right) {
        const [dx, dy] = [push(x, frameOf.left, frameOf.right), push(y, frameOf.top, frameOf.bottom)];
        const at = flow.getViewport();
        if (!dx && !dy) since = now;
        if ((dx || dy) && now - since > EDGE.patience) {
          void flow.setViewport({ ...at, x: at.x + dx * EDGE.step, y: at.y + dy * EDGE.step });
          window.dispatchEvent(new PointerEvent("pointermove", { clientX: x, clientY: y })); // another "+" lies under it now
        }
      }
      else since = now;
      frame = requestAnimationFrame(step);
    };
    window.addEventListener("pointermove", move);
    frame = requestAnimationFrame(step);
    return () => {
      window.removeEventListener("pointermove", move);
      cancelAnimationFrame(frame);
    };
  }, [active, box, flow]);
}
