import { useBoard, useScene } from "../context";
import { isStart, written } from "../model/graph";
import type { PointFigures, Ref } from "../model/types";
import { Line, Text } from "./lines";
import { figuresOf, pathsOf, sum } from "./numbers";
import { PanelHead } from "./PanelHead";
import { reasonOf } from "./PointFiguresBox";

/** A point of a back-test with its figures. What depends on answers to messages that were never sent is marked. */
export function TrialPanel({ point: ref, onClose }: { point: Ref; onClose: () => void }) {
  const { words } = useScene();
  const board = useBoard();
  const point = written(board.draft, ref);
  if (!point) return null;
  const figures = figuresOf(board.figures, ref);
  return (
    <aside className="panel" aria-label={words.t("trial_figures")}>
      <PanelHead kind={point.kind} onClose={onClose} />
      <div className="panel-body">
        <p>{board.summaries[ref]}</p>
        {figures ? <Figures figures={figures} at={ref} /> : <p className="figures-none">{words.t("trial_going")}</p>}
      </div>
    </aside>
  );
}

function Figures({ figures, at }: { figures: PointFigures; at: Ref }) {
  const { kinds, words } = useScene();
  const { draft } = useBoard();
  const reads = figures.unknown === "reads";
  return (
    <>
      {figures.unknown && <p className="unknown-note">{words.t(`unknown_${figures.unknown}`)}</p>}
      <dl className="figures">
        <Line label={words.t("would_enter")} value={figures.entered} />
        {figures.standing > 0 && <Line label={words.t("would_stand")} value={figures.standing} />}
        {!isStart(at) &&
          pathsOf(figures, draft, kinds, at).map(([path, n]) =>
            reads ? (
              <Text key={path} label={words.t("would_go", { path: words.path(path) })} text={`${words.t("unknown")} (${words.t("if_nobody", { n })})`} />
            ) : (
              <Line key={path} label={words.t("would_go", { path: words.path(path) })} value={n} share={n / sum(figures.paths)} />
            ),
          )}
        {Object.entries(figures.left).map(([reason, n]) => (
          <Line key={reason} label={words.t("would_leave", { reason: reasonOf(words, reason) })} value={n} />
        ))}
        {figures.set_aside > 0 && <Line label={words.t("set_aside")} value={figures.set_aside} />}
        {figures.would_send !== undefined && <Line label={words.t("would_send")} value={figures.would_send} />}
      </dl>
    </>
  );
}
