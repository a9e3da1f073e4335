import { useScene } from "../context";
import type { Json } from "../model/types";
import { OperatorInput } from "./Operators";
import { Rows } from "./Rows";
import { WordInput } from "./simple";

type Tests = Record<string, Json>;

/** What must hold for the properties of an event: property → tests. A bare value is `is`. */
export function Where({ value, onChange, event }: { value: Json; onChange: (value: Json | undefined) => void; event: string }) {
  const { boot, words } = useScene();
  const written = value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Record<string, Json>) : {};
  const timed = new Set(boot.operators.filter((operator) => operator.timed).map((operator) => operator.key));
  const keys = boot.operators.map((operator) => operator.key).filter((key) => !timed.has(key));
  const tests = (each: Json): Tests => (each !== null && typeof each === "object" && !Array.isArray(each) ? (each as Tests) : { is: each });
  return (
    <Rows<Json>
      label={words.t("property")}
      stacked
      entries={Object.entries(written)}
      onChange={(entries) => onChange(entries.length ? Object.fromEntries(entries) : undefined)}
      fresh={() => ({ is: "" })}
      name={([name], set) => <WordInput label={words.t("property")} value={name} onChange={set} offered={boot.offers.property[event] ?? []} />}
    >
      {(each, set) => <OperatorInput keys={keys} tests={tests(each)} onChange={set} />}
    </Rows>
  );
}
