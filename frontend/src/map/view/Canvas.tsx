import { Background, BackgroundVariant, Position, ReactFlow, ReactFlowProvider, useReactFlow } from "@xyflow/react";
import { useCallback, useEffect, useMemo, useRef, type KeyboardEvent } from "react";

import { BoardContext, useScene, type Board } from "../context";
import { isStart, refs, split, written } from "../model/graph";
import { layOut, POINT, type Layout } from "../model/layout";
import type { Ref } from "../model/types";
import { neighbour, type Direction } from "../model/steering";
import { Icon } from "./Icon";
import { figuresOf, gone } from "./numbers";
import { useEdgePan } from "./useEdgePan";
import { PathEdge, type PathEdgeType } from "./PathEdge";
import { PointNode, type PointData, type PointNodeType } from "./PointNode";

const NODES = { point: PointNode };
const EDGES = { path: PathEdge };
/** Told beforehand, so that paths to points that are out of sight can be drawn. */
const HANDLES: NonNullable<PointNodeType["handles"]> = [
  { type: "target", position: Position.Top, x: POINT.width / 2, y: 0, width: 1, height: 1 },
  { type: "source", position: Position.Bottom, x: POINT.width / 2, y: POINT.height, width: 1, height: 1 },
];
const SMALLEST = 0.05;
const ARROWS: Record<string, Direction> = { ArrowUp: "up", ArrowDown: "down", ArrowLeft: "left", ArrowRight: "right" };

type Props = { board: Board; carried: Ref | null; onDelete: (ref: Ref) => void; onCancel: () => void; start: () => void };

export function Canvas(props: Props) {
  return (
    <BoardContext value={props.board}>
      <ReactFlowProvider>
        <Flow {...props} />
      </ReactFlowProvider>
    </BoardContext>
  );
}

function Flow({ board, carried, onDelete, onCancel, start }: Props) {
  const { words, kinds, boot } = useScene();
  const layout = useMemo(() => layOut(board.draft, kinds, words.rtl), [board.draft, kinds, words.rtl]);
  const nodes = useNodes(board, layout, carried);
  const paths = usePaths(board, layout);
  const flow = useReactFlow();
  const box = useRef<HTMLDivElement>(null);

  const places = useRef(layout);
  places.current = layout;
  /** Brings a point into view that is not; one that is in view stays where it is. */
  const reveal = useCallback(
    (ref: Ref) => {
      const at = places.current.points.get(ref);
      const frame = box.current?.getBoundingClientRect();
      if (!at || !frame) return;
      const corner = flow.flowToScreenPosition({ x: at.x, y: at.y });
      const zoom = flow.getZoom();
      const [wide, high] = [POINT.width * zoom, POINT.height * zoom];
      const inside = corner.x >= frame.left && corner.y >= frame.top && corner.x + wide <= frame.right && corner.y + high <= frame.bottom;
      if (!inside) void flow.setCenter(at.x + POINT.width / 2, at.y + POINT.height / 2, { zoom: Math.max(zoom, 0.7), duration: 150 });
    },
    [flow],
  );
  const last = useRef<Ref | null>(null);
  useEffect(() => {
    if (board.selected && board.selected !== last.current) reveal(board.selected);
    last.current = board.selected;
  }, [board.selected, reveal]);

  // Where the panel opens on the left side the drawing stays where it is on the screen.
  useEffect(() => {
    const frame = box.current;
    if (!frame) return;
    let { left } = frame.getBoundingClientRect();
    const observer = new ResizeObserver(() => {
      const moved = frame.getBoundingClientRect().left - left;
      left += moved;
      const at = flow.getViewport();
      if (moved) void flow.setViewport({ ...at, x: at.x - moved });
      if (last.current) reveal(last.current);
    });
    observer.observe(frame);
    return () => observer.disconnect();
  }, [flow, reveal]);

  useEdgePan(board.dragging, box, flow);

  /** The whole map. React Flow's own fitView knows only the points that were in sight once. */
  const fit = () => {
    const frame = box.current?.getBoundingClientRect();
    if (!frame || !layout.width) return;
    const zoom = Math.min(1, Math.max(SMALLEST, Math.min(frame.width / (layout.width + 80), frame.height / (layout.height + 80))));
    const x = (frame.width - layout.width * zoom) / 2;
    void flow.setViewport({ x, y: Math.max((frame.height - layout.height * zoom) / 2, 16), zoom }, { duration: 200 });
  };

  /** The whole map where it can still be read so; else from its top, as wide as it can be read. */
  const begin = () => {
    const frame = box.current?.getBoundingClientRect();
    if (!frame || !layout.width) return;
    const [wide, high] = [frame.width / (layout.width + 80), frame.height / (layout.height + 60)];
    const zoom = Math.min(1, Math.max(Math.min(wide, high), Math.min(wide, 0.75), 0.5));
    const first = layout.points.values().next().value;
    const middle = layout.width * zoom > frame.width && first ? first.x + POINT.width / 2 : layout.width / 2;
    void flow.setViewport({ x: frame.width / 2 - middle * zoom, y: 28, zoom });
  };

  const keys = (event: KeyboardEvent) => {
    if (event.target instanceof HTMLElement && event.target.closest("button, input, select, textarea")) return;
    const direction = ARROWS[event.key];
    if (direction) {
      event.preventDefault();
      const next = neighbour(layout, board.selected, direction);
      if (next) board.select(next);
    } else if (event.key === "Enter" && board.selected) {
      event.preventDefault();
      board.open(board.selected);
    } else if ((event.key === "Delete" || event.key === "Backspace") && board.selected && board.mayEdit) {
      event.preventDefault();
      onDelete(board.selected);
    } else if (event.key === "Escape") onCancel();
    else if (event.key === "+" || event.key === "=") void flow.zoomIn();
    else if (event.key === "-") void flow.zoomOut();
    else if (event.key === "0") fit();
  };

  const fullStarts = Object.keys(board.draft.start).length >= boot.limits.starts;
  return (
    <div
      ref={box}
      className="canvas"
      tabIndex={0}
      role="group"
      aria-label={words.t("map_of", { n: nodes.length })}
      aria-describedby="map-keys"
      onKeyDown={keys}
      onPointerDown={(event) => {
        const ref = event.target instanceof Element ? event.target.closest<HTMLElement>(".react-flow__node .point")?.dataset["ref"] : undefined;
        if (ref && board.mayEdit && !isStart(ref)) board.lift({ ref, copy: false }, event);
      }}
    >
      <p id="map-keys" className="visually-hidden">
        {words.t("keys")}
      </p>
      <ReactFlow
        nodes={nodes}
        edges={paths}
        nodeTypes={NODES}
        edgeTypes={EDGES}
        onlyRenderVisibleElements
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        disableKeyboardA11y
        deleteKeyCode={null}
        selectionKeyCode={null}
        multiSelectionKeyCode={null}
        panActivationKeyCode={null}
        zoomOnDoubleClick={false}
        minZoom={SMALLEST}
        maxZoom={1.6}
        onInit={begin}
        onNodeClick={(_, node) => board.open(node.id)}
        onPaneClick={() => board.select(null)}
        proOptions={{ hideAttribution: true }}
      >
        <Background variant={BackgroundVariant.Dots} gap={24} />
      </ReactFlow>
      {board.mayEdit && !fullStarts && (
        <button type="button" className="btn canvas-start" onClick={start}>
          <Icon icon="player-play" /> {words.t("add_start")}
        </button>
      )}
      <div className="canvas-zoom btn-group-vertical" role="group" aria-label={words.t("zoom")}>
        <button type="button" className="btn btn-icon" aria-label={words.t("zoom_in")} title={words.t("zoom_in")} onClick={() => void flow.zoomIn()}>
          <Icon icon="zoom-in" />
        </button>
        <button type="button" className="btn btn-icon" aria-label={words.t("zoom_out")} title={words.t("zoom_out")} onClick={() => void flow.zoomOut()}>
          <Icon icon="zoom-out" />
        </button>
        <button
          type="button"
          className="btn btn-icon"
          aria-label={words.t("fit")}
          title={words.t("fit")}
          onClick={fit}
        >
          <Icon icon="maximize" />
        </button>
      </div>
    </div>
  );
}

/** Nodes whose data has not changed stay the same object, so that React Flow draws them no second time. */
function useNodes(board: Board, layout: Layout, carried: Ref | null): PointNodeType[] {
  const kept = useRef(new Map<Ref, { text: string; node: PointNodeType }>());
  return useMemo(() => {
    const found = new Map<Ref, { text: string; node: PointNodeType }>();
    const nodes = refs(board.draft).map((ref) => {
      const data: PointData = {
        ref,
        kind: written(board.draft, ref)!.kind,
        summary: board.summaries[ref] ?? "",
        faults: board.faults.get(ref)?.length ?? 0,
        figures: figuresOf(board.figures, ref),
        change: board.changes?.get(ref) ?? null,
        selected: board.selected === ref,
        carried: carried === ref,
      };
      const position = layout.points.get(ref) ?? { x: 0, y: 0 };
      // From what can be dragged the map is not pushed about.
      const className = board.mayEdit && !isStart(ref) ? "nopan" : "";
      const text = JSON.stringify([data, position, className]);
      const old = kept.current.get(ref);
      const node: PointNodeType =
        old?.text === text ? old.node : { id: ref, type: "point", position, data, className, width: POINT.width, height: POINT.height, handles: HANDLES, zIndex: 1 };
      found.set(ref, { text, node });
      return node;
    });
    kept.current = found;
    return nodes;
  }, [board.draft, board.summaries, board.faults, board.figures, board.changes, board.selected, board.mayEdit, layout, carried]);
}

function usePaths(board: Board, layout: Layout): PathEdgeType[] {
  const kept = useRef(new Map<string, { text: string; edge: PathEdgeType }>());
  return useMemo(() => {
    const found = new Map<string, { text: string; edge: PathEdgeType }>();
    const paths = layout.paths.map((path) => {
      const figures = figuresOf(board.figures, path.from);
      const went = gone(figures, path.path);
      const data = {
        path,
        count: went && path.named ? went.count : null,
        share: went?.share ?? null,
        unknown: figures?.unknown === "reads",
        backTo: path.to ? board.summaries[path.to] || split(path.to)[1] : "–",
      };
      const text = JSON.stringify(data);
      const old = kept.current.get(path.id);
      // A path that ends has no target: an edge needs one, so it is its own point, and the label is drawn at the end.
      const edge: PathEdgeType = old?.text === text ? old.edge : { id: path.id, type: "path", source: path.from, target: path.back || !path.to ? path.from : path.to, data };
      found.set(path.id, { text, edge });
      return edge;
    });
    kept.current = found;
    return paths;
  }, [layout, board.draft, board.figures, board.summaries]);
}
