import { createContext, useContext, type PointerEvent } from "react";

import type { Kinds } from "./model/graph";
import type { Boot, Draft, Fault, Figures, Ref, TrialFigures } from "./model/types";
import type { What } from "./model/changes";
import type { Carried } from "./model/carrying";
import type { Gap } from "./model/edits";
import type { Words } from "./words";

/** What every part of the island can ask for; none of it changes while one draws. */
export type Scene = { boot: Boot; words: Words; kinds: Kinds };
export const SceneContext = createContext<Scene | null>(null);

export function useScene(): Scene {
  const scene = useContext(SceneContext);
  if (!scene) throw new Error("the map is not set up");
  return scene;
}

/** What the points and paths of the map show and do. */
export type Board = {
  draft: Draft;
  summaries: Record<Ref, string>;
  faults: Map<Ref | "", Fault[]>;
  figures: Figures | TrialFigures | null;
  changes: Map<Ref, What> | null;
  selected: Ref | null;
  /** While something is carried: which paths take it. */
  fits: ((gap: NonNullable<Gap>) => boolean) | null;
  /** The path under what is dragged, by its id. */
  over: string | null;
  dragging: boolean;
  mayEdit: boolean;
  select: (ref: Ref | null) => void;
  open: (ref: Ref) => void;
  put: (gap: Gap) => void;
  lift: (what: Carried, event: PointerEvent) => void;
};
export const BoardContext = createContext<Board | null>(null);

export function useBoard(): Board {
  const board = useContext(BoardContext);
  if (!board) throw new Error("there is no map here");
  return board;
}
