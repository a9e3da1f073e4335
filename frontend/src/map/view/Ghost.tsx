import type { RefObject } from "react";

import { useScene } from "../context";
import type { Carried } from "../model/carrying";
import { written } from "../model/graph";
import type { Draft } from "../model/types";
import { Icon } from "./Icon";

/** What is in the hand, beside the pointer. */
export function Ghost({ carried, draft, at }: { carried: Carried; draft: Draft; at: RefObject<HTMLDivElement | null> }) {
  const { kinds, words } = useScene();
  const kind = "kind" in carried ? carried.kind : kinds.get(written(draft, carried.ref)?.kind ?? "");
  return (
    <div ref={at} className={`ghost point-${(kind?.section ?? "rule").replace(" ", "-")}`} dir={words.rtl ? "rtl" : "ltr"} aria-hidden="true">
      <span className="point-icon">
        <Icon icon={kind?.icon ?? "question-mark"} />
      </span>
      {kind?.label}
    </div>
  );
}
