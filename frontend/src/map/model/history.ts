/** What can be taken back. Changes that belong together (letters typed into one field) are one step. */
export type History<T> = { past: T[]; now: T; future: T[]; label: string };

const MOST = 200;

export const begin = <T>(now: T): History<T> => ({ past: [], now, future: [], label: "" });

/** label: equal labels one after the other are one step; an empty one never joins. */
export function change<T>(history: History<T>, now: T, label = ""): History<T> {
  if (now === history.now) return history;
  const joins = label !== "" && label === history.label && history.past.length > 0;
  const past = joins ? history.past : [...history.past, history.now].slice(-MOST);
  return { past, now, future: [], label };
}

export function undo<T>(history: History<T>): History<T> {
  const before = history.past.at(-1);
  if (before === undefined) return history;
  return { past: history.past.slice(0, -1), now: before, future: [history.now, ...history.future], label: "" };
}

export function redo<T>(history: History<T>): History<T> {
  const [after, ...future] = history.future;
  if (after === undefined) return history;
  return { past: [...history.past, history.now], now: after, future, label: "" };
}
