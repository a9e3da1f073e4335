import { useMemo, useState } from "react";

import { BoardContext, SceneContext, type Board, type Scene } from "./context";
import { kindsOf } from "./model/graph";
import type { Boot, Ref } from "./model/types";
import { useNarrow } from "./useNarrow";
import { Canvas } from "./view/Canvas";
import { TrialPanel } from "./view/TrialPanel";
import { wordsOf } from "./words";

const NONE = new Map();
const nothing = () => undefined;

/** A back-test on the map: who would have come where and gone which way. Looked at, not drawn on; on a phone the list below it serves. */
export function TrialMap({ boot, trial }: { boot: Boot; trial: NonNullable<Boot["trial"]> }) {
  const scene: Scene = useMemo(() => ({ boot, words: wordsOf(boot), kinds: kindsOf(boot.kinds) }), [boot]);
  const [selected, select] = useState<Ref | null>(null);
  const board: Board = useMemo(
    () => ({
      draft: boot.map.draft,
      summaries: boot.map.summaries,
      faults: NONE,
      figures: trial.figures,
      changes: null,
      selected,
      fits: null,
      over: null,
      dragging: false,
      mayEdit: false,
      select,
      open: select,
      put: nothing,
      lift: nothing,
    }),
    [boot, trial, selected],
  );
  if (useNarrow()) return null;
  return (
    <SceneContext value={scene}>
      <BoardContext value={board}>
        <div className="map">
          <div className="map-body">
            <Canvas board={board} carried={null} onDelete={nothing} onCancel={nothing} start={nothing} />
            {selected && <TrialPanel point={selected} onClose={() => select(null)} />}
          </div>
        </div>
      </BoardContext>
    </SceneContext>
  );
}
