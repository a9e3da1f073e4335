import "../map/panel.css";
import "./conditions.css";

import { useEffect, useMemo, useState } from "react";
import { createRoot } from "react-dom/client";

import { SceneContext, type Scene } from "../map/context";
import { Condition } from "../map/form/Condition";
import type { Boot, Json } from "../map/model/types";
import { wordsOf } from "../map/words";

/** What the page gives: as much of the map's Boot as conditions need, and the condition itself. */
export type ConditionsBoot = Pick<Boot, "language" | "zone" | "calendar" | "sprite" | "conditions" | "operators" | "paths" | "choices" | "offers" | "words" | "mayEdit"> & {
  value: Json;
  parse: string;
};

type Props = { boot: ConditionsBoot; text: HTMLTextAreaElement };

/** The builder of conditions by itself. The textarea of the page holds the truth: what is built is written there, what is typed there is built. */
export function Conditions({ boot, text }: Props) {
  const [value, setValue] = useState<Json | undefined>(boot.value ?? undefined);
  const scene = useMemo(() => ({ boot, words: wordsOf(boot), kinds: new Map() }) as unknown as Scene, [boot]);
  const change = (next: Json | undefined) => {
    setValue(next);
    text.value = next === undefined ? "" : JSON.stringify(next, null, 2);
    text.dispatchEvent(new Event("input", { bubbles: true }));
  };
  useEffect(() => {
    const typed = () => void parse(boot.parse, text.value).then((found) => found !== undefined && setValue(found));
    text.addEventListener("change", typed);
    return () => text.removeEventListener("change", typed);
  }, [boot, text]);
  return (
    <SceneContext.Provider value={scene}>
      <fieldset className="conditions" disabled={!boot.mayEdit}>
        <Condition value={value} onChange={change} />
      </fieldset>
    </SceneContext.Provider>
  );
}

/** The condition that a text says; undefined where it says none: the page's preview tells why. */
export async function parse(url: string, text: string): Promise<Json | undefined> {
  const token = document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "";
  const answer = await fetch(url, { method: "POST", headers: { "X-CSRFToken": token }, body: new URLSearchParams({ condition: text }), credentials: "same-origin" });
  return answer.ok ? ((await answer.json()) as { condition: Json }).condition : undefined;
}

const box = document.getElementById("conditions");
const boot = document.getElementById(box?.dataset["boot"] ?? "");
const text = document.getElementById(box?.dataset["text"] ?? "");
if (box && boot && text instanceof HTMLTextAreaElement) {
  box.removeAttribute("aria-busy");
  createRoot(box).render(<Conditions boot={JSON.parse(boot.textContent ?? "{}") as ConditionsBoot} text={text} />);
}
