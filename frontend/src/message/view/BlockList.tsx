import { useState } from "react";

import { useScene } from "../context";
import { copyBlock, ICONS, insertBlock, INSIDE, KINDS, listOf, moveBlock, moveTo, newBlock, putBlock, removeBlock, type Kind, type Place } from "../model/blocks";
import type { Block, Blocks, Fault, Language } from "../types";
import { BlockForm } from "./BlockForm";
import { Icon } from "./Icon";

type Props = { document: Blocks; language: Language; faults: Fault[]; onChange: (document: Blocks, field?: string) => void };
type Dragged = { place: Place } | null;

/** The blocks of an e-mail, in their order: written here, seen in the preview. */
export function BlockList({ document, language, faults, onChange }: Props) {
  const { boot, words } = useScene();
  const [dragged, setDragged] = useState<Dragged>(null);
  const change = (blocks: Block[], field?: string) => onChange({ ...document, blocks }, field);
  const colour = document.look?.accent ?? "#2b6a55";
  const given = { blocks: document.blocks, language, faults, change, dragged, setDragged };
  return (
    <div className="blocks">
      <Items {...given} base={[]} />
      {boot.mayEdit && <Add kinds={[...KINDS]} onAdd={(kind) => change(insertBlock(document.blocks, [document.blocks.length], newBlock(kind, language)))} />}
      <label className="look">
        <input type="color" className="form-control form-control-color" disabled={!boot.mayEdit} value={colour} onChange={(event) => onChange({ ...document, look: { ...document.look, accent: event.currentTarget.value } }, "accent")} />
        <span>{words.t("accent")}</span>
      </label>
    </div>
  );
}

type ItemsProps = {
  blocks: Block[];
  language: Language;
  faults: Fault[];
  change: (blocks: Block[], field?: string) => void;
  dragged: Dragged;
  setDragged: (dragged: Dragged) => void;
  base: [] | [number, 0 | 1];
};

function Items({ blocks, language, faults, change, dragged, setDragged, base }: ItemsProps) {
  const { boot, words } = useScene();
  const list = listOf(blocks, [...base, 0] as unknown as Place);
  const sameList = (place: Place) => place.length === base.length + 1 && base.every((one, n) => one === place[n]);
  return (
    <ol className="block-list">
      {list.map((block, number) => {
        const place = [...base, number] as unknown as Place;
        const fault = faults.find((one) => one.place.startsWith(`document.${language}.blocks.${place[0]}`) && base.length === 0)?.message;
        const move = (by: -1 | 1) => change(moveBlock(blocks, place, by));
        return (
          <li
            key={block.id ?? number}
            className="block"
            data-kind={block.kind}
            onDragOver={(event) => dragged && sameList(dragged.place) && event.preventDefault()}
            onDrop={(event) => {
              event.stopPropagation();
              if (dragged && sameList(dragged.place)) change(moveTo(blocks, dragged.place, number));
              setDragged(null);
            }}
            onKeyDown={(event) => {
              if (!event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
              event.preventDefault();
              event.stopPropagation();
              move(event.key === "ArrowUp" ? -1 : 1);
            }}
          >
            <div className="block-head">
              <span className="block-name" draggable={boot.mayEdit} onDragStart={() => setDragged({ place })} onDragEnd={() => setDragged(null)}>
                <Icon icon={ICONS.find((one) => one.kind === block.kind)!.icon} /> {words.t(`block_${block.kind}`)}
              </span>
              {boot.mayEdit && (
                <span className="block-tools">
                  <Tool icon="arrow-up" label={words.t("move_up")} disabled={number === 0} onClick={() => move(-1)} />
                  <Tool icon="arrow-down" label={words.t("move_down")} disabled={number === list.length - 1} onClick={() => move(1)} />
                  <Tool icon="copy" label={words.t("copy")} onClick={() => change(copyBlock(blocks, place))} />
                  <Tool icon="trash" label={words.t("remove")} onClick={() => change(removeBlock(blocks, place))} />
                </span>
              )}
            </div>
            {fault && <p className="invalid-feedback d-block">{fault}</p>}
            {block.kind === "columns" ? (
              <div className="block-columns">
                {([0, 1] as const).map((column) => (
                  <div key={column} className="block-column">
                    <Items {...{ blocks, language, faults, change, dragged, setDragged }} base={[number, column]} />
                    {boot.mayEdit && <Add kinds={INSIDE} onAdd={(kind) => change(insertBlock(blocks, [number, column, block.columns[column].length], newBlock(kind, language)))} />}
                  </div>
                ))}
              </div>
            ) : (
              <BlockForm block={block} language={language} onChange={(next, field) => change(putBlock(blocks, place, next), `${place.join(".")}.${field}`)} />
            )}
          </li>
        );
      })}
    </ol>
  );
}

function Tool({ icon, label, disabled = false, onClick }: { icon: string; label: string; disabled?: boolean; onClick: () => void }) {
  return (
    <button type="button" className="btn btn-icon btn-sm btn-ghost-secondary" aria-label={label} title={label} disabled={disabled} onClick={onClick}>
      <Icon icon={icon} />
    </button>
  );
}

function Add({ kinds, onAdd }: { kinds: Kind[]; onAdd: (kind: Kind) => void }) {
  const { words } = useScene();
  return (
    <div className="block-add" role="group" aria-label={words.t("add_block")}>
      {ICONS.filter((one) => kinds.includes(one.kind)).map((one) => (
        <button key={one.kind} type="button" className="btn btn-sm" data-add={one.kind} onClick={() => onAdd(one.kind)}>
          <Icon icon={one.icon} /> {words.t(`block_${one.kind}`)}
        </button>
      ))}
    </div>
  );
}
