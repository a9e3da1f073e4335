import { Handle, Position, type Node, type NodeProps } from "@xyflow/react";
import { memo } from "react";

import { useScene } from "../context";
import type { What } from "../model/changes";
import type { PointFigures, Ref } from "../model/types";
import { Icon } from "./Icon";
import { sum } from "./numbers";

export type PointData = {
  ref: Ref;
  kind: string;
  summary: string;
  faults: number;
  figures: PointFigures | null;
  change: What | null;
  selected: boolean;
  carried: boolean;
};
export type PointNodeType = Node<PointData, "point">;

/** One point of the map. Its box has a fixed size, so that two hundred of them need no measuring. */
export const PointNode = memo(function PointNode({ data }: NodeProps<PointNodeType>) {
  return (
    <>
      <Handle type="target" position={Position.Top} isConnectable={false} />
      <PointCard data={data} />
      <Handle type="source" position={Position.Bottom} isConnectable={false} />
    </>
  );
});

export function PointCard({ data }: { data: PointData }) {
  const { kinds, words } = useScene();
  const kind = kinds.get(data.kind);
  const section = (kind?.section ?? "rule").replace(" ", "-");
  const classes = ["point", `point-${section}`];
  if (data.selected) classes.push("point-selected");
  if (data.faults) classes.push("point-faulty");
  if (data.carried) classes.push("point-carried");
  if (data.change) classes.push(`point-${data.change}`);
  return (
    <div className={classes.join(" ")} dir={words.rtl ? "rtl" : "ltr"} data-ref={data.ref}>
      <div className="point-head">
        <span className="point-icon">
          <Icon icon={kind?.icon ?? "question-mark"} />
        </span>
        <span className="point-kind">{kind?.label ?? data.kind}</span>
        {data.figures?.unknown && (
          <span className="point-unknown" title={words.t(`unknown_${data.figures.unknown}`)}>
            <Icon icon="help-circle" />
            <span className="visually-hidden">{words.t(`unknown_${data.figures.unknown}`)}</span>
          </span>
        )}
        {data.faults > 0 && (
          <span className="point-faults" title={words.t("faults", { n: data.faults })}>
            <Icon icon="alert-triangle" />
            {words.number(data.faults)}
          </span>
        )}
      </div>
      <div className="point-summary">
        <div>{data.summary || data.ref.slice(data.ref.indexOf(".") + 1)}</div>
      </div>
      <PointNumbers figures={data.figures} start={data.ref.startsWith("start.")} />
    </div>
  );
}

export function PointNumbers({ figures, start }: { figures: PointFigures | null; start: boolean }) {
  const { boot, words } = useScene();
  if (!figures) return <div className="point-numbers point-numbers-none">{words.t(boot.trial ? "trial_going" : "not_live_yet")}</div>;
  const left = sum(figures.left);
  return (
    <div className="point-numbers">
      <Figure icon="login-2" label={words.t("entered")} value={figures.entered} />
      {!start && figures.standing > 0 && <Figure icon="walk" label={words.t("standing")} value={figures.standing} strong />}
      {figures.stay?.seconds != null && (
        <span className="figure" title={`${words.t("stay")}. ${words.t("stay_of", { n: figures.stay.people })}`}>
          <Icon icon="hourglass" />
          <span className="visually-hidden">{words.t("stay")}: </span>
          <span className="num">{words.span(figures.stay.seconds, "short")}</span>
        </span>
      )}
      {figures.messages && <Figure icon="send" label={words.t("sent")} value={figures.messages.sent} />}
      {figures.would_send !== undefined && <Figure icon="send" label={words.t("would_send")} value={figures.would_send} />}
      {left > 0 && <Figure icon="logout" label={words.t("left")} value={left} />}
      {figures.set_aside > 0 && <Figure icon="alert-circle" label={words.t("set_aside")} value={figures.set_aside} />}
    </div>
  );
}

function Figure({ icon, label, value, strong = false }: { icon: string; label: string; value: number; strong?: boolean }) {
  const { words } = useScene();
  return (
    <span className={strong ? "figure figure-strong" : "figure"} title={label}>
      <Icon icon={icon} />
      <span className="visually-hidden">{label}: </span>
      <span className="num">{words.number(value)}</span>
    </span>
  );
}
