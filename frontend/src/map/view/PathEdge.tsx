import { BaseEdge, EdgeLabelRenderer, type Edge, type EdgeProps } from "@xyflow/react";
import { memo } from "react";

import { useBoard, useScene } from "../context";
import { outline, type Drawn } from "../model/layout";
import { Icon } from "./Icon";

export type PathData = { path: Drawn; count: number | null; share: number | null; unknown: boolean; backTo: string };
export type PathEdgeType = Edge<PathData, "path">;

/** A path with its name, how many went by it, and the "+" that puts something in. */
export const PathEdge = memo(function PathEdge({ data }: EdgeProps<PathEdgeType>) {
  const { words } = useScene();
  const board = useBoard();
  if (!data) return null;
  const { path, count, share } = data;
  const named = path.named;
  const label = words.path(path.path);
  const at = (y: number) => ({ transform: `translate(-50%, -50%) translate(${path.lane}px, ${y}px)` });
  const gap = { from: path.from, path: path.path };
  const fits = board.fits?.(gap) ?? null; // null: nothing is carried
  const says = words.t(fits === null ? "add_after" : fits ? "put_here" : "not_here", { path: label });
  const plus = path.alone && !path.back ? path.end.y : path.start.y + (named ? 68 : 30);
  return (
    <>
      <BaseEdge path={outline(path)} className={path.back ? "path path-back" : "path"} />
      <EdgeLabelRenderer>
        {(named || count !== null) && (
          <div className="path-label nopan" style={at(path.start.y + 38)} dir={words.rtl ? "rtl" : "ltr"}>
            {named && <bdi className="path-name">{label}</bdi>}
            {count !== null && data.unknown ? (
              <span className="path-unknown" title={words.t("if_nobody", { n: count })}>
                {words.t("unknown")}
              </span>
            ) : count !== null && (
              <span className="num" title={words.t("went_by", { path: label })}>
                {words.number(count)}
                {named && share !== null ? ` · ${words.percent(share)}` : ""}
              </span>
            )}
          </div>
        )}
        {path.back ? (
          <div className="path-label path-label-back" style={at(path.end.y)} dir={words.rtl ? "rtl" : "ltr"}>
            <Icon icon="arrow-back-up" directed /> <bdi>{data.backTo}</bdi>
          </div>
        ) : board.mayEdit ? (
          <button
            type="button"
            className={["path-plus nopan", fits ? "path-plus-here" : "", board.over === path.id ? "path-plus-over" : ""].join(" ")}
            style={at(plus)}
            aria-label={says}
            title={says}
            data-gap={path.id}
            disabled={fits === false}
            onClick={() => board.put(gap)}
          >
            <Icon icon="plus" />
          </button>
        ) : path.alone ? (
          <div className="path-end" style={at(path.end.y)} title={words.t("ends_here")} />
        ) : null}
      </EdgeLabelRenderer>
    </>
  );
});
