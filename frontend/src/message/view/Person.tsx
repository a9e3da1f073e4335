import { useEffect, useState } from "react";

import { useScene } from "../context";
import { people } from "../server";
import type { Person } from "../types";

/** Whose eyes the preview is seen with: found by what is typed. */
export function PersonChoice({ chosen, onChoose }: { chosen: Person | null; onChoose: (person: Person | null) => void }) {
  const { boot, words } = useScene();
  const [typed, setTyped] = useState("");
  const [open, setOpen] = useState(false);
  const [found, setFound] = useState<Person[]>([]);
  useEffect(() => {
    if (!open) return;
    const timer = setTimeout(() => void people(boot.urls.people, typed).then(setFound), typed ? 250 : 0);
    return () => clearTimeout(timer);
  }, [open, typed, boot.urls.people]);
  if (!open)
    return (
      <button type="button" className="btn btn-sm person-chosen" onClick={() => setOpen(true)}>
        {chosen ? <bdi dir="auto">{chosen.name || chosen.address}</bdi> : words.t("nobody")}
      </button>
    );
  return (
    <div className="person-choice">
      <input
        className="form-control form-control-sm"
        type="search"
        dir="auto"
        autoFocus
        aria-label={words.t("find_contact")}
        placeholder={words.t("find_contact")}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onKeyDown={(event) => event.key === "Escape" && setOpen(false)}
      />
      <ul className="person-list">
        {[null, ...found].map((one) => (
          <li key={one?.id ?? ""}>
            <button
              type="button"
              className="person-one"
              onClick={() => {
                onChoose(one);
                setOpen(false);
              }}
            >
              {one ? <bdi dir="auto">{one.name || one.address}</bdi> : words.t("nobody")}
              {one?.name ? <bdi dir="ltr" className="ltr text-secondary">{one.address}</bdi> : null}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
