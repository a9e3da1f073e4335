import { useMemo } from "react";

import { useScene } from "../context";
import { merge, type What } from "../model/changes";
import type { Draft, Ref, Told } from "../model/types";
import { Dialog } from "./Dialog";

type Props = { base: Draft; mine: Draft; theirs: Told & { draft: Draft }; name: (ref: Ref) => string; onSettle: (draft: Draft) => void };

/** Two people at once: both sides' changes side by side. Whatever is chosen, the other can be had back by undoing. */
export function ClashDialog({ base, mine, theirs, name, onSettle }: Props) {
  const { words } = useScene();
  const found = useMemo(() => merge(base, mine, theirs.draft), [base, mine, theirs]);
  const both = found.clashes.length === 0;
  return (
    <Dialog title={words.t("clash_title")} onClose={() => undefined} wide>
      <p>
        <bdi dir="auto">{theirs.by || words.t("somebody")}</bdi> {words.t("clash_text")}
      </p>
      <div className="clash">
        <Changes title={words.t("clash_theirs")} changes={found.theirs} clashes={found.clashes} name={name} />
        <Changes title={words.t("clash_mine")} changes={found.mine} clashes={found.clashes} name={name} />
      </div>
      {!both && <p className="alert alert-warning">{words.t("clash_same", { n: found.clashes.length })}</p>}
      <div className="dialog-buttons">
        <button type="button" className="btn" onClick={() => onSettle(theirs.draft)}>
          {words.t("take_theirs")}
        </button>
        <button type="button" className="btn" onClick={() => onSettle(mine)}>
          {words.t("keep_mine")}
        </button>
        <button type="button" className="btn btn-primary" onClick={() => onSettle(found.draft)}>
          {words.t(both ? "put_together" : "put_together_mine")}
        </button>
      </div>
    </Dialog>
  );
}

function Changes({ title, changes, clashes, name }: { title: string; changes: Map<Ref, What>; clashes: Ref[]; name: (ref: Ref) => string }) {
  const { words } = useScene();
  return (
    <section>
      <h3 className="h4">{title}</h3>
      <ul className="change-list">
        {[...changes].map(([ref, what]) => (
          <li key={ref} className={`change-${what}`}>
            <bdi dir={words.rtl ? "rtl" : "ltr"}>{name(ref)}</bdi> · {words.t(`change_${what}`)}
            {clashes.includes(ref) && <strong> · {words.t("both_touched")}</strong>}
          </li>
        ))}
      </ul>
    </section>
  );
}
