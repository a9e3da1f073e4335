import { useScene } from "../context";
import type { Json } from "../model/types";
import { Condition } from "./Condition";
import { Rows } from "./Rows";
import { Select, WordInput } from "./simple";
import { Where } from "./Where";

type Mapping = Record<string, Json>;
const isMapping = (value: Json | undefined): value is Mapping => value !== null && typeof value === "object" && !Array.isArray(value);
type Form = "event" | "any_event" | "condition";

/** `{event, where}` and nothing else is an event that is waited for; with more in it, it is a condition on events. */
export function awaitedForm(value: Json | undefined): Form | "" {
  if (!isMapping(value)) return "";
  if ("any_event" in value) return "any_event";
  return "event" in value && Object.keys(value).every((name) => name === "event" || name === "where") ? "event" : "condition";
}

/** What a wait is for: an event, one of several, or a condition. */
export function Awaited({ value, onChange }: { value: Json | undefined; onChange: (value: Json | undefined) => void }) {
  const { words } = useScene();
  const form = awaitedForm(value);
  const begin: Record<Form, Json> = { event: { event: "" }, any_event: { any_event: [{ event: "" }] }, condition: { all: [] } };
  const forms = (["event", "any_event", "condition"] as Form[]).map((each) => ({ value: each, label: words.t(`awaits_${each}`) }));
  return (
    <div className="rows">
      <Select label={words.t("awaits")} value={form} choices={forms} none={words.t("choose")} onChange={(next) => onChange(next ? begin[next as Form] : undefined)} />
      {form === "event" && <EventInput value={value as Mapping} onChange={onChange} />}
      {form === "any_event" && <Several value={value as Mapping} onChange={onChange} />}
      {form === "condition" && <Condition value={value} onChange={onChange} />}
    </div>
  );
}

function EventInput({ value, onChange }: { value: Mapping; onChange: (value: Json) => void }) {
  const { boot, words } = useScene();
  const event = String(value["event"] ?? "");
  return (
    <>
      <WordInput label={words.t("event")} value={event} offered={boot.offers.event} onChange={(next) => onChange({ ...value, event: next })} />
      <div className="part" role="group" aria-label={words.t("only_where")}>
        <span>{words.t("only_where")}</span>
        <Where
          value={value["where"] ?? null}
          event={event}
          onChange={(where) => {
            const { where: _, ...rest } = value;
            onChange(where === undefined ? rest : { ...rest, where });
          }}
        />
      </div>
    </>
  );
}

function Several({ value, onChange }: { value: Mapping; onChange: (value: Json) => void }) {
  const { words } = useScene();
  const events = (Array.isArray(value["any_event"]) ? value["any_event"] : []).map((each) => (isMapping(each) ? each : { event: each }));
  return (
    <Rows<Mapping>
      label={words.t("event")}
      stacked
      entries={events.map((each, at) => [String(at), each])}
      onChange={(entries) => onChange({ any_event: entries.map(([, each]) => each) })}
      fresh={() => ({ event: "" })}
      name={() => <span className="flex-fill" />}
    >
      {(each, set) => <EventInput value={each} onChange={(next) => set(next as Mapping)} />}
    </Rows>
  );
}
