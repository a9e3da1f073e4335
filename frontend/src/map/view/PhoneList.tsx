import { useMemo, useState } from "react";

import { BoardContext, useScene, type Board } from "../context";
import { outlineOf } from "../model/outline";
import { written } from "../model/graph";
import { figuresOf, gone } from "./numbers";
import { PointCard } from "./PointNode";
import { PointFiguresBox } from "./PointFiguresBox";

/** The map where there is no room to draw: its points one below the other, branches indented, each with its figures. */
export function PhoneList({ board }: { board: Board }) {
  const { words, kinds } = useScene();
  const lines = useMemo(() => outlineOf(board.draft, kinds), [board.draft, kinds]);
  const [open, setOpen] = useState("");
  return (
    <BoardContext value={board}>
      <p className="form-hint">{words.t("phone_hint")}</p>
      <ol className="phone-list" aria-label={words.t("map_of", { n: lines.filter((line) => line.point).length })}>
        {lines.map((line) => {
          const ref = line.ref;
          const depth = `phone-depth-${Math.min(line.depth, 5)}`;
          if (!line.point) {
            const went = gone(figuresOf(board.figures, ref), line.path);
            return (
              <li key={line.id} className={`phone-path ${depth}`}>
                <bdi>{words.path(line.path)}</bdi>
                {went && (
                  <span className="num">
                    {words.number(went.count)}
                    {went.share !== null ? ` · ${words.percent(went.share)}` : ""}
                  </span>
                )}
                {line.leads && <span className="phone-leads">{words.rtl ? "←" : "→"} {board.summaries[line.leads] || line.leads.slice(7)}</span>}
              </li>
            );
          }
          const data = {
            ref,
            kind: written(board.draft, ref)!.kind,
            summary: board.summaries[ref] ?? "",
            faults: board.faults.get(ref)?.length ?? 0,
            figures: figuresOf(board.figures, ref),
            change: board.changes?.get(ref) ?? null,
            selected: open === ref,
            carried: false,
          };
          return (
            <li key={line.id} className={depth}>
              <button type="button" className="phone-point" aria-expanded={open === ref} onClick={() => setOpen(open === ref ? "" : ref)}>
                <PointCard data={data} />
              </button>
              {open === ref && <PointFiguresBox point={ref} figures={data.figures} />}
            </li>
          );
        })}
      </ol>
    </BoardContext>
  );
}
