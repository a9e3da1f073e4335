import { Condition } from "../form/Condition";
import { Field, Group } from "../form/Field";
import { DurationInput, NumberInput, Select, TextInput, WordInput } from "../form/simple";
import { Where } from "../form/Where";
import { useBoard, useScene } from "../context";
import type { Draft, Fault, Json } from "../model/types";
import { Icon } from "./Icon";
import { FaultList } from "./Panel";

type Mapping = Record<string, Json>;
const mapping = (value: Json | undefined): Mapping => (value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Mapping) : {});
const without = (value: Mapping, name: string): Mapping => Object.fromEntries(Object.entries(value).filter(([each]) => each !== name));
const put = (value: Mapping, name: string, part: Json | undefined): Mapping => (part === undefined || part === "" || part === null ? without(value, name) : { ...value, [name]: part });

type Props = { edit: (change: (now: Draft) => Draft, label?: string) => void; onClose: () => void };

/** What holds for the whole journey: title, duty, re-entry, goal, exit, control group. */
export function Settings({ edit, onClose }: Props) {
  const { boot, words } = useScene();
  const { draft, faults, mayEdit } = useBoard();
  const loose = faults.get("") ?? [];
  const settings = mapping(draft.settings);
  const goal = mapping(settings["goal"]);
  const at = (place: string): Fault[] => loose.filter((fault) => fault.place === place || fault.place.startsWith(`${place}.`));
  const others = loose.filter((fault) => !fault.place.startsWith("settings.") && !fault.place.startsWith("title") && fault.place !== "serves");
  const set = (name: string, part: Json | undefined) => edit((now) => ({ ...now, settings: put(mapping(now.settings), name, part) }), `settings.${name}`);
  const setGoal = (name: string, part: Json | undefined) => {
    const next = put(goal, name, part);
    set("goal", "event" in next || name !== "event" ? next : undefined);
  };
  const title = typeof draft.title === "string" ? { [words.language]: draft.title } : mapping(draft.title);
  const setTitle = (language: string, text: string) => edit((now) => ({ ...now, title: put(title, language, text) }), `title.${language}`);
  const reentry = typeof settings["reentry"] === "string" ? settings["reentry"] : "never";
  const span = reentry.startsWith("P");
  return (
    <aside className="panel" aria-label={words.t("settings_of_journey")}>
      <div className="panel-head">
        <span className="point-icon">
          <Icon icon="adjustments" />
        </span>
        <h2 className="h3 flex-fill">{words.t("settings_of_journey")}</h2>
        <button type="button" className="btn btn-icon btn-ghost-secondary" aria-label={words.t("close")} title={words.t("close")} onClick={onClose}>
          <Icon icon="x" />
        </button>
      </div>
      <div className="panel-body">
        <FaultList faults={others} />
        <fieldset disabled={!mayEdit} className="panel-form">
          {(words.rtl ? ["fa", "en"] : ["en", "fa"]).map((language) => (
            <Field key={language} label={words.t(`title_${language}`)} required={false} faults={at(`title.${language}`)}>
              {(ids) => <TextInput {...ids} value={String(title[language] ?? "")} onChange={(text) => setTitle(language, text)} />}
            </Field>
          ))}
          <Field label={words.t("serves")} required={false} help={words.t("serves_help")} faults={at("serves")}>
            {(ids) => (
              <Select
                {...ids}
                value={String(draft.serves ?? "")}
                none={words.t("none")}
                choices={boot.duties.map((duty) => ({ value: duty, label: words.t(`duty_${duty}`) }))}
                onChange={(duty) => edit((now) => ({ ...now, serves: duty || null }))}
              />
            )}
          </Field>
          <Group label={words.t("reentry")} faults={at("settings.reentry")}>
            <Select
              label={words.t("reentry")}
              value={span ? "after" : reentry}
              choices={["never", "always", "after"].map((each) => ({ value: each, label: words.t(`reentry_${each}`) }))}
              onChange={(next) => set("reentry", next === "after" ? "P30D" : next)}
            />
            {span && <DurationInput value={reentry} onChange={(next) => set("reentry", next || "P30D")} />}
          </Group>
          <Field label={words.t("one_per")} required={false} help={words.t("one_per_help")} faults={at("settings.one_per")}>
            {(ids) => <WordInput {...ids} value={String(settings["one_per"] ?? "")} offered={["order_id"]} onChange={(text) => set("one_per", text)} />}
          </Field>
          <Group label={words.t("goal")} help={words.t("goal_help")} faults={at("settings.goal")}>
            <WordInput label={words.t("event")} value={String(goal["event"] ?? "")} offered={boot.offers.event} onChange={(text) => setGoal("event", text)} />
            {goal["event"] !== undefined && (
              <>
                <div className="part" role="group" aria-label={words.t("goal_within")}>
                  <span>{words.t("goal_within")}</span>
                  <DurationInput value={String(goal["within"] ?? "")} onChange={(text) => setGoal("within", text)} />
                </div>
                <div className="part" role="group" aria-label={words.t("goal_money")}>
                  <span>{words.t("goal_money")}</span>
                  <WordInput label={words.t("goal_money")} value={String(goal["money"] ?? "")} offered={["total"]} onChange={(text) => setGoal("money", text)} />
                </div>
                <div className="part" role="group" aria-label={words.t("only_where")}>
                  <span>{words.t("only_where")}</span>
                  <Where value={goal["where"] ?? null} event={String(goal["event"])} onChange={(where) => setGoal("where", where)} />
                </div>
              </>
            )}
          </Group>
          <Group label={words.t("exit_when")} help={words.t("exit_when_help")} faults={at("settings.exit_when")}>
            <Condition value={settings["exit_when"] ?? undefined} onChange={(value) => set("exit_when", value)} />
          </Group>
          <Field label={words.t("control_group")} required={false} help={words.t("control_group_help")} faults={at("settings.control_group")}>
            {(ids) => <NumberInput {...ids} value={typeof settings["control_group"] === "number" ? settings["control_group"] : null} onChange={(n) => set("control_group", n ?? undefined)} />}
          </Field>
        </fieldset>
      </div>
    </aside>
  );
}

