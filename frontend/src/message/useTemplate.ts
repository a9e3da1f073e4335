import { useCallback, useEffect, useReducer, useRef, useState } from "react";

import { begin, change, redo, undo, type History } from "./model/history";
import { save } from "./server";
import type { Boot, Fault, Template } from "./types";

type Step = { template: Template; field: string; at: number } | "undo" | "redo";
export type State = "saved" | "changed" | "saving" | "refused" | "offline" | "overtaken";

function step(history: History<Template>, what: Step): History<Template> {
  if (what === "undo") return undo(history);
  return what === "redo" ? redo(history) : change(history, what.template, what.field, what.at);
}

/** The template as it stands on the page, its history, and saving against the revision it was read at. */
export function useTemplate(boot: Boot) {
  const [history, act] = useReducer(step, boot.template, begin<Template>);
  const [kept, setKept] = useState({ template: boot.template, revision: boot.revision });
  const [state, setState] = useState<State>("saved");
  const [faults, setFaults] = useState<Fault[]>([]);
  const [theirs, setTheirs] = useState<{ revision: number; template: Template } | null>(null);
  const busy = useRef(false);
  const { now } = history;
  const dirty = now !== kept.template;

  const edit = useCallback((template: Template, field = "") => act({ template, field, at: Date.now() }), []);
  const keep = useCallback(async () => {
    if (busy.current) return;
    busy.current = true;
    setState("saving");
    const told = await save(boot.urls.json, now, kept.revision).catch(() => null);
    busy.current = false;
    setFaults(told && "refused" in told ? told.refused : []);
    if (told === null) return setState("offline");
    if ("refused" in told) return setState("refused");
    if ("overtaken" in told) {
      setTheirs(told.overtaken);
      return setState("overtaken");
    }
    setKept({ template: now, revision: told.revision });
    setState("saved");
  }, [boot.urls.json, now, kept.revision]);

  /** After somebody else was quicker: theirs is taken, or mine is what the next saving writes over it. */
  const settle = useCallback(
    (which: "theirs" | "mine") => {
      if (!theirs) return;
      setKept(theirs);
      if (which === "theirs") act({ template: theirs.template, field: "", at: Date.now() });
      setTheirs(null);
      setState("saved");
    },
    [theirs],
  );

  useEffect(() => {
    if (!dirty) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [dirty]);

  const shown: State = state === "saved" && dirty ? "changed" : state;
  return {
    template: now,
    edit,
    undo: useCallback(() => act("undo"), []),
    redo: useCallback(() => act("redo"), []),
    canUndo: history.past.length > 0,
    canRedo: history.future.length > 0,
    keep,
    settle,
    theirs,
    dirty,
    state: shown,
    faults,
  };
}

export type Editing = ReturnType<typeof useTemplate>;
