import { useCallback, useMemo, useState } from "react";

import { BoardContext, SceneContext, type Board, type Scene } from "./context";
import { changes } from "./model/changes";
import { fitting, putDown, type Carried } from "./model/carrying";
import { insert, lead, remove, removeBranch, type Gap } from "./model/edits";
import { faultsByPoint } from "./model/faults";
import { branchOf, isStart, possibleTargets, refs, split, target, ways, written } from "./model/graph";
import type { Boot, Kind, Ref } from "./model/types";
import { useDrag } from "./useDrag";
import { useFigures, useMap } from "./useMap";
import { useFullHeight } from "./useFullHeight";
import { useNarrow } from "./useNarrow";
import { useShortcuts } from "./useShortcuts";
import { Canvas } from "./view/Canvas";
import { Catalogue } from "./view/Catalogue";
import { ClashDialog } from "./view/ClashDialog";
import { DeleteDialog } from "./view/DeleteDialog";
import { Empty } from "./view/Empty";
import { Ghost } from "./view/Ghost";
import { Headline } from "./view/Headline";
import { Icon } from "./view/Icon";
import { figuresOf } from "./view/numbers";
import { Panel } from "./view/Panel";
import { PhoneList } from "./view/PhoneList";
import { PointsPanel } from "./view/PointsPanel";
import { PublishDialog } from "./view/PublishDialog";
import { Settings } from "./view/Settings";
import { Toolbar } from "./view/Toolbar";
import { YamlDialog } from "./view/YamlDialog";
import { wordsOf } from "./words";

type Open = null | "settings" | "yaml" | "publish" | { gap: Gap } | { remove: Ref };

export function App({ boot }: { boot: Boot }) {
  const words = useMemo(() => wordsOf(boot), [boot]);
  const map = useMap(boot);
  const { draft, told, kinds, edit } = map;
  const scene: Scene = useMemo(() => ({ boot, words, kinds }), [boot, words, kinds]);
  const figures = useFigures(boot, (revision) => {
    if (revision > map.revision() && !map.unsaved()) void map.follow((by) => words.t("followed", { by: by || words.t("somebody") }));
  });
  const narrow = useNarrow();
  const mayEdit = boot.mayEdit && !narrow;
  const [selected, select] = useState<Ref | null>(null);
  const [panel, setPanel] = useState(false);
  const [open, setOpen] = useState<Open>(null);
  const [carry, setCarry] = useState<Carried | null>(null);
  const [listed, setListed] = useState(false);
  const [showing, setShowing] = useState(false);

  const changed = useMemo(() => (boot.published ? changes(boot.published, draft) : null), [boot, draft]);
  const faults = useMemo(() => faultsByPoint([...told.faults, ...map.refused], draft), [told.faults, map.refused, draft]);
  const name = useCallback((ref: Ref) => (ref.includes(".") ? told.summaries[ref] || split(ref)[1] : words.t(`part_${ref}`)), [told, words]);

  const place = useCallback(
    (what: Carried, gap: NonNullable<Gap>) => {
      const done = putDown(draft, kinds, what, gap);
      edit(done.draft);
      select(done.ref);
      if ("kind" in what) setPanel(true);
    },
    [draft, edit, kinds],
  );
  const put = useCallback(
    (gap: Gap) => {
      if (!carry || !gap) return setOpen({ gap });
      place(carry, gap);
      if ("kind" in carry || !carry.copy) setCarry(null);
    },
    [carry, place],
  );
  const drag = useDrag((what, id) => {
    const at = id.indexOf(" ");
    setCarry(null);
    place(what, { from: id.slice(0, at), path: id.slice(at + 1) });
  });
  const carried = drag.carried ?? carry;
  const fits = useMemo(() => (carried ? fitting(draft, kinds, carried) : null), [carried, draft, kinds]);
  const board: Board = useMemo(
    () => ({
      draft,
      summaries: told.summaries,
      faults,
      figures,
      changes: showing ? changed : null,
      selected,
      fits,
      over: drag.over,
      dragging: drag.carried !== null,
      lift: drag.lift,
      mayEdit,
      select: (ref) => {
        select(ref);
        if (ref === null) setPanel(false);
      },
      open: (ref) => {
        select(ref);
        setPanel(true);
        setOpen((now) => (now === "settings" ? null : now));
      },
      put,
    }),
    [draft, told.summaries, faults, figures, showing, changed, selected, fits, drag.over, drag.carried, drag.lift, mayEdit, put],
  );

  const choose = (kind: Kind) => {
    const gap = open && typeof open === "object" && "gap" in open ? open.gap : null;
    const done = insert(draft, kind, gap, kinds);
    edit(done.draft);
    setOpen(null);
    board.open(done.ref);
  };
  const erase = (ref: Ref) => {
    const point = written(draft, ref);
    if (!point) return;
    if (!isStart(ref) && ways(point, kinds).filter((path) => target(point, path)).length > 1) return setOpen({ remove: ref });
    edit(remove(draft, ref, kinds));
    board.select(null);
  };
  useShortcuts(mayEdit, map.undo, map.redo, () => setCarry(null), selected && !isStart(selected) ? (copy) => setCarry({ ref: selected, copy }) : null);

  const frame = useFullHeight();
  const empty = refs(draft).length === 0;
  const gap = open && typeof open === "object" && "gap" in open ? open : null;
  return (
    <SceneContext value={scene}>
      <BoardContext value={board}>
        <div className="map" ref={frame} data-revision={told.revision}>
          <Toolbar
            state={map.state}
            journeyState={figures?.state ?? boot.state}
            version={boot.version}
            faults={told.faults.length + map.refused.length}
            mayEdit={mayEdit}
            canUndo={map.canUndo}
            canRedo={map.canRedo}
            showing={showing}
            changed={changed?.size ?? null}
            listed={listed}
            onList={() => setListed(!listed)}
            onUndo={map.undo}
            onRedo={map.redo}
            onSettings={() => {
              setPanel(false);
              setOpen(open === "settings" ? null : "settings");
            }}
            onYaml={() => setOpen("yaml")}
            onChanges={() => setShowing(!showing)}
            onPublish={() => void map.saveNow().then(() => setOpen("publish"))}
            onFault={() => {
              const ref = [...faults.keys()].find((each) => each !== "");
              if (ref) board.open(ref);
              else setOpen("settings");
            }}
          />
          <Headline figures={figures} />
          {map.notice && (
            <div className="alert alert-info map-notice" role="status">
              <span dir="auto">{map.notice}</span>
              <button type="button" className="btn btn-sm" onClick={() => map.setNotice("")}>
                {words.t("understood")}
              </button>
            </div>
          )}
          {carry && (
            <div className="alert alert-info map-notice" role="status">
              <span>
                {"kind" in carry
                  ? words.t("carrying_new", { what: carry.kind.label })
                  : words.t(carry.copy ? "carrying_copy" : "carrying_move", { what: name(carry.ref) })}
              </span>
              <button type="button" className="btn btn-sm" onClick={() => setCarry(null)}>
                {words.t("cancel")}
              </button>
            </div>
          )}
          {showing && changed && <Removed changes={changed} name={name} />}
          <div className="map-body">
            {mayEdit && listed && (
              <PointsPanel
                carried={carry}
                mayStart={Object.keys(draft.start).length < boot.limits.starts}
                onLift={drag.lift}
                onPress={(kind) => {
                  if (kind.section === "starting point") choose(kind);
                  else if (empty) setOpen({ gap: null });
                  else setCarry(carry && "kind" in carry && carry.kind === kind ? null : { kind });
                }}
                onClose={() => setListed(false)}
              />
            )}
            {narrow ? (
              <PhoneList board={board} />
            ) : empty ? (
              <Empty mayEdit={mayEdit} onStart={() => setOpen({ gap: null })} onYaml={() => setOpen("yaml")} />
            ) : (
              <Canvas board={board} carried={carried && "ref" in carried && !carried.copy ? carried.ref : null} onDelete={erase} onCancel={() => setCarry(null)} start={() => setOpen({ gap: null })} />
            )}
            {!narrow && panel && selected && map.has(selected) && (
              <Panel
                key={selected}
                point={selected}
                edit={edit}
                onClose={() => setPanel(false)}
                onMove={() => setCarry({ ref: selected, copy: false })}
                onCopy={() => setCarry({ ref: selected, copy: true })}
                onDelete={() => erase(selected)}
                onRenamed={select}
              />
            )}
            {open === "settings" && <Settings edit={edit} onClose={() => setOpen(null)} />}
          </div>
          {drag.carried && <Ghost carried={drag.carried} draft={draft} at={drag.ghost} />}
          {gap && (
            <Catalogue
              sections={gap.gap ? ["rule", "action"] : ["starting point"]}
              ending={gap.gap !== null && target(written(draft, gap.gap.from)!, gap.gap.path) !== null}
              targets={gap.gap ? possibleTargets(draft, kinds, gap.gap.from, gap.gap.path).map((ref) => ({ key: split(ref)[1], label: name(ref) })) : []}
              onLead={(key) => {
                edit(lead(draft, gap.gap!.from, gap.gap!.path, key));
                setOpen(null);
              }}
              onChoose={choose}
              onClose={() => setOpen(null)}
            />
          )}
          {open === "yaml" && (
            <YamlDialog
              draft={draft}
              mayEdit={mayEdit}
              onUse={(next) => {
                edit({ ...next, start: next.start ?? {}, points: next.points ?? {} });
                setOpen(null);
              }}
              onClose={() => setOpen(null)}
            />
          )}
          {open === "publish" && <PublishDialog title={name} onShow={() => setShowing(true)} onPublished={() => window.location.reload()} onClose={() => setOpen(null)} />}
          {open && typeof open === "object" && "remove" in open && (
            <DeleteDialog
              name={name(open.remove)}
              branch={branchOf(draft, kinds, open.remove).size}
              standing={figuresOf(figures, open.remove)?.standing ?? 0}
              onAlone={() => {
                edit(remove(draft, open.remove, kinds));
                setOpen(null);
                board.select(null);
              }}
              onBranch={() => {
                edit(removeBranch(draft, open.remove, kinds));
                setOpen(null);
                board.select(null);
              }}
              onClose={() => setOpen(null)}
            />
          )}
          {map.clash && <ClashDialog base={map.clash.base} mine={draft} theirs={map.clash.theirs} name={name} onSettle={(chosen) => map.settle(chosen, map.clash!.theirs)} />}
        </div>
      </BoardContext>
    </SceneContext>
  );
}

function Removed({ changes: found, name }: { changes: Map<Ref, string>; name: (ref: Ref) => string }) {
  const gone = [...found].filter(([ref, what]) => what === "removed" || !ref.includes("."));
  return gone.length ? (
    <div className="map-removed">
      <Icon icon="git-compare" />
      {gone.map(([ref, what]) => (
        <span key={ref} className={`change-${what}`}>
          <bdi>{name(ref)}</bdi>
        </span>
      ))}
    </div>
  ) : null;
}
