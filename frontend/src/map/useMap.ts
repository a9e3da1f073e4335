import { useCallback, useEffect, useMemo, useRef, useState } from "react";

import { kindsOf, written } from "./model/graph";
import { begin, change, redo, undo, type History } from "./model/history";
import type { Boot, Draft, Fault, Figures, Ref, Told } from "./model/types";
import { Saving, type State } from "./saving";
import { loadDraft, loadFigures, saveDraft } from "./server";

const POLL = 3_000;

export type Clash = { base: Draft; theirs: Told & { draft: Draft } };

/** The draft with its history, what the server says of it, and how its saving goes. */
export function useMap(boot: Boot) {
  const kinds = useMemo(() => kindsOf(boot.kinds), [boot]);
  const [history, setHistory] = useState<History<Draft>>(() => begin(boot.map.draft));
  const [told, setTold] = useState<Told>(boot.map);
  const [state, setState] = useState<State>("saved");
  const [clash, setClash] = useState<Clash | null>(null);
  const [refused, setRefused] = useState<Fault[]>([]);
  const [notice, setNotice] = useState<string>("");
  const saving = useRef<Saving | null>(null);
  saving.current ??= new Saving(boot.map.draft, boot.map.revision, {
    save: (draft, revision) => saveDraft(boot.urls.map, draft, revision),
    onState: setState,
    onTold: (each) => {
      setTold(each);
      setRefused([]);
    },
    onClash: setClash,
    onRefused: setRefused,
  });

  const draft = history.now;
  useEffect(() => {
    if (boot.mayEdit) saving.current!.want(draft);
  }, [draft, boot.mayEdit]);
  useEffect(() => {
    const warn = (event: BeforeUnloadEvent) => {
      if (saving.current!.unsaved) event.preventDefault();
    };
    const leave = () => {
      if (document.visibilityState === "hidden") void saving.current!.now();
    };
    window.addEventListener("beforeunload", warn);
    document.addEventListener("visibilitychange", leave);
    return () => {
      window.removeEventListener("beforeunload", warn);
      document.removeEventListener("visibilitychange", leave);
    };
  }, []);

  const edit = useCallback((next: Draft | ((now: Draft) => Draft), label = "") => {
    setHistory((each) => change(each, typeof next === "function" ? next(each.now) : next, label));
  }, []);

  /** Somebody else has saved and nothing of ours is open: what they made is shown, and can be taken back like any change. */
  const follow = useCallback(
    async (by: (name: string) => string) => {
      const theirs = await loadDraft(boot.urls.map);
      if (saving.current!.unsaved) return;
      saving.current!.takeOver(theirs.draft, theirs.revision);
      setHistory((each) => change(each, theirs.draft));
      setTold(theirs);
      setNotice(by(theirs.by));
    },
    [boot],
  );

  const settle = useCallback((chosen: Draft, theirs: Told & { draft: Draft }) => {
    setClash(null);
    setTold(theirs);
    setHistory((each) => change(each, chosen));
    if (chosen === theirs.draft) saving.current!.takeOver(chosen, theirs.revision);
    else {
      saving.current!.want(chosen);
      saving.current!.settle(theirs.draft, theirs.revision);
    }
  }, []);

  return {
    kinds,
    draft,
    told,
    state,
    clash,
    refused,
    notice,
    setNotice,
    edit,
    follow,
    settle,
    saveNow: useCallback(() => saving.current!.now(), []),
    revision: useCallback(() => saving.current!.at, []),
    unsaved: useCallback(() => saving.current!.unsaved, []),
    undo: useCallback(() => setHistory(undo), []),
    redo: useCallback(() => setHistory(redo), []),
    canUndo: history.past.length > 0,
    canRedo: history.future.length > 0,
    has: useCallback((ref: Ref) => written(draft, ref) !== undefined, [draft]),
  };
}

export type MapState = ReturnType<typeof useMap>;

/** Figures that live: asked for every three seconds while somebody looks, and not otherwise. */
export function useFigures(boot: Boot, onRevision: (revision: number) => void): Figures | null {
  const [figures, setFigures] = useState<Figures | null>(null);
  const heard = useRef(onRevision);
  heard.current = onRevision;
  useEffect(() => {
    let [tag, stopped] = ["", false];
    let timer: ReturnType<typeof setTimeout>;
    const look = async () => {
      if (document.visibilityState === "visible") {
        try {
          const found = await loadFigures(boot.urls.figures, tag);
          if (found && !stopped) {
            tag = found.tag;
            if (found.figures.version !== null) setFigures(found.figures);
            heard.current(found.figures.revision);
          }
        } catch {
          // The next look tells; what is shown stays.
        }
      }
      if (!stopped) timer = setTimeout(() => void look(), POLL);
    };
    void look();
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, [boot]);
  return figures;
}
