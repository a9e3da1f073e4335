import { useState, type ReactNode } from "react";

import { Condition } from "../form/Condition";
import { Field, Group } from "../form/Field";
import { Parameter } from "../form/Parameter";
import { Select } from "../form/simple";
import { useBoard, useScene } from "../context";
import { lead, rename, renamePath, setParameter } from "../model/edits";
import { faultsAt } from "../model/faults";
import { isStart, possibleTargets, split, target, ways, written } from "../model/graph";
import { jsonOf } from "../model/ordered";
import type { Draft, Fault, Ref } from "../model/types";
import { Icon } from "./Icon";
import { figuresOf } from "./numbers";
import { PanelHead } from "./PanelHead";
import { PointFiguresBox } from "./PointFiguresBox";

type Props = {
  point: Ref;
  edit: (change: (now: Draft) => Draft, label?: string) => void;
  onClose: () => void;
  onMove: () => void;
  onCopy: () => void;
  onDelete: () => void;
  onRenamed: (ref: Ref) => void;
};

/** Beside the map: the point's form, made from its kind's parameters, its paths, its figures. */
export function Panel(props: Props) {
  const { point: ref, edit, onClose } = props;
  const { words, kinds } = useScene();
  const board = useBoard();
  const point = written(board.draft, ref);
  if (!point) return null;
  const kind = kinds.get(point.kind);
  const faults = board.faults.get(ref) ?? [];
  const known = new Set((kind?.parameters ?? []).map((each) => each.name));
  const shown = [...known, "filter", "paths", "next"];
  const others = faults.filter((fault) => !shown.some((name) => faultsAt([fault], ref, name).length));
  const event = typeof point["event"] === "string" ? point["event"] : "";
  return (
    <aside className="panel" aria-label={words.t("form_of", { what: kind?.label ?? point.kind })}>
      <PanelHead kind={point.kind} onClose={onClose} />
      <div className="panel-body">
        <p className="form-hint">{kind?.help ?? words.t("unknown_kind")}</p>
        <FaultList faults={others} />
        <PointFiguresBox point={ref} figures={figuresOf(board.figures, ref)} />
        <fieldset disabled={!board.mayEdit} className="panel-form">
          {(kind?.parameters ?? []).map((parameter) => (
            <Parameter
              key={`${ref} ${parameter.name}`}
              parameter={parameter}
              value={point[parameter.name]}
              event={event}
              faults={faultsAt(faults, ref, parameter.name)}
              onChange={(value) => edit((now) => setParameter(now, ref, parameter.name, value, kinds), `${ref}.${parameter.name}`)}
              onRenamePath={(from, to) => edit((now) => renamePath(now, ref, parameter.name, from, to), `${ref}.${parameter.name}`)}
            />
          ))}
          {isStart(ref) && (
            <Group label={words.t("only_if")} help={words.t("only_if_help")} faults={faultsAt(faults, ref, "filter")}>
              <Condition value={jsonOf(point["filter"])} onChange={(value) => edit((now) => setParameter(now, ref, "filter", value, kinds), `${ref}.filter`)} />
            </Group>
          )}
          <Paths {...props} faults={faults} />
          <Key {...props} />
        </fieldset>
        {board.mayEdit && <Buttons {...props} />}
      </div>
    </aside>
  );
}

export function FaultList({ faults }: { faults: Fault[] }): ReactNode {
  return faults.length ? (
    <div className="alert alert-danger" role="alert">
      {faults.map((fault) => (
        <div key={fault.place + fault.message} dir="auto">
          {fault.message}
        </div>
      ))}
    </div>
  ) : null;
}

function Paths({ point: ref, edit, faults }: Props & { faults: Fault[] }) {
  const { words, kinds } = useScene();
  const { draft, summaries } = useBoard();
  const point = written(draft, ref)!;
  const paths = ways(point, kinds);
  if (!paths.length) return null;
  return (
    <details className="panel-more" open={faultsAt(faults, ref, "paths").length > 0 || faultsAt(faults, ref, "next").length > 0}>
      <summary>{words.t("leads_to")}</summary>
      {paths.map((path) => {
        const choices = possibleTargets(draft, kinds, ref, path).map((each) => {
          const key = split(each)[1];
          return { value: key, label: summaries[each] ? `${summaries[each]} (${key})` : key };
        });
        return (
          <Field key={path} label={words.path(path)} required={false} faults={[...faultsAt(faults, ref, `paths.${path}`), ...(path === "next" ? faultsAt(faults, ref, "next") : [])]}>
            {(ids) => <Select {...ids} value={target(point, path) ?? ""} none={words.t("end")} choices={choices} onChange={(key) => edit((now) => lead(now, ref, path, key || null))} />}
          </Field>
        );
      })}
    </details>
  );
}

function Key({ point: ref, edit, onRenamed }: Props) {
  const { words } = useScene();
  const { draft } = useBoard();
  const [section, key] = split(ref);
  const [text, setText] = useState(key);
  const keep = () => {
    const to = text.trim().toLowerCase();
    if (to === key) return;
    if (rename(draft, ref, to) === draft) setText(key);
    else {
      edit((now) => rename(now, ref, to));
      onRenamed(`${section}.${to}`);
    }
  };
  return (
    <details className="panel-more">
      <summary>{words.t("key_of_point")}</summary>
      <Field label={words.t("key")} required={false} help={words.t("key_help")}>
        {(ids) => (
          <input {...{ id: ids.id, "aria-describedby": ids.describedBy }} className="form-control ltr" dir="ltr" value={text} onChange={(event) => setText(event.target.value)} onBlur={keep} />
        )}
      </Field>
    </details>
  );
}

function Buttons({ point: ref, onMove, onCopy, onDelete }: Props) {
  const { words } = useScene();
  return (
    <div className="panel-buttons">
      {!isStart(ref) && (
        <>
          <button type="button" className="btn" onClick={onMove}>
            <Icon icon="arrows-move" /> {words.t("move")}
          </button>
          <button type="button" className="btn" onClick={onCopy}>
            <Icon icon="copy" /> {words.t("copy")}
          </button>
        </>
      )}
      <button type="button" className="btn btn-outline-danger" onClick={onDelete}>
        <Icon icon="trash" /> {words.t("delete")}
      </button>
    </div>
  );
}
