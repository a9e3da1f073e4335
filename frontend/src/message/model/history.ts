/** What was, what is, what was undone. Changes of one field within a moment are one step. */
export type History<T> = { past: T[]; now: T; future: T[]; field: string; at: number };

export const LONGEST = 200;
export const ONE_STEP = 1_000; // milliseconds

export const begin = <T>(now: T): History<T> => ({ past: [], now, future: [], field: "", at: 0 });

export function change<T>(history: History<T>, next: T, field: string, at: number): History<T> {
  if (next === history.now) return history;
  const same = field !== "" && field === history.field && at - history.at < ONE_STEP && history.past.length > 0;
  const past = same ? history.past : [...history.past, history.now].slice(-LONGEST);
  return { past, now: next, future: [], field, at };
}

export function undo<T>(history: History<T>): History<T> {
  const before = history.past.at(-1);
  if (before === undefined) return history;
  return { past: history.past.slice(0, -1), now: before, future: [history.now, ...history.future], field: "", at: 0 };
}

export function redo<T>(history: History<T>): History<T> {
  const [next, ...future] = history.future;
  if (next === undefined) return history;
  return { past: [...history.past, history.now], now: next, future, field: "", at: 0 };
}
