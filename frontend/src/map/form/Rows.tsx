import type { ReactNode } from "react";

import { useScene } from "../context";
import { Icon } from "../view/Icon";

type Entry<T> = [name: string, value: T];
type Props<T> = {
  label: string;
  entries: Entry<T>[];
  onChange: (entries: Entry<T>[]) => void;
  onRename?: (from: string, to: string) => void;
  fresh: () => T;
  name?: (entry: Entry<T>, set: (name: string) => void) => ReactNode;
  stacked?: boolean;
  ordered?: boolean;
  children: (value: T, set: (value: T) => void, entry: Entry<T>) => ReactNode;
};

/** Named things one below the other: added, renamed, put in another order, taken out. */
export function Rows<T>({ label, entries, onChange, onRename, fresh, name, stacked = false, ordered = false, children }: Props<T>) {
  const { words } = useScene();
  const put = (at: number, entry: Entry<T>) => onChange(entries.map((each, n) => (n === at ? entry : each)));
  const swap = (at: number) => onChange(entries.map((each, n) => (n === at ? entries[n - 1]! : n === at - 1 ? entries[at]! : each)));
  const add = () => {
    const taken = new Set(entries.map(([each]) => each));
    const letters = [..."abcdefghijklmnopqrstuvwxyz"].find((each) => !taken.has(each)) ?? `x${entries.length}`;
    onChange([...entries, [letters, fresh()]]);
  };
  return (
    <div className="rows">
      {entries.map((entry, at) => {
        const rename = (to: string) => {
          if (entries.some(([each], n) => n !== at && each === to)) return;
          if (onRename) onRename(entry[0], to);
          else put(at, [to, entry[1]]);
        };
        return (
          <div key={at} className={stacked ? "row-stacked" : "input-row"}>
            <div className="input-row">
              {name ? (
                name(entry, rename)
              ) : (
                <input className="form-control" dir="auto" aria-label={words.t("name_of", { what: label })} value={entry[0]} onChange={(event) => rename(event.target.value)} />
              )}
              {!stacked && children(entry[1], (value) => put(at, [entry[0], value]), entry)}
              {ordered && at > 0 && (
                <button type="button" className="btn btn-icon btn-sm" aria-label={words.t("move_up")} title={words.t("move_up")} onClick={() => swap(at)}>
                  <Icon icon="arrow-up" />
                </button>
              )}
              <button
                type="button"
                className="btn btn-icon btn-sm"
                aria-label={words.t("remove_this")}
                title={words.t("remove_this")}
                onClick={() => onChange(entries.filter((_, n) => n !== at))}
              >
                <Icon icon="x" />
              </button>
            </div>
            {stacked && children(entry[1], (value) => put(at, [entry[0], value]), entry)}
          </div>
        );
      })}
      <button type="button" className="btn btn-sm" onClick={add}>
        <Icon icon="plus" /> {words.t("add_one")}
      </button>
    </div>
  );
}
