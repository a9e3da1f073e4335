import { useScene } from "../context";
import { UTM_NAMES, type Switches } from "../types";
import { Field } from "./Field";

/** Left to right, also within a line of Persian. */
const asWritten = (text: string) => `\u2066${text}\u2069`;
const WORDS = asWritten("{channel} {journey} {point} {template} {variant} {language}");

/** What this message says of openings, clicks and UTM parameters; left alone, the workspace's settings hold. */
export function TrackingForm({ own, onChange }: { own: Switches; onChange: (own: Switches) => void }) {
  const { boot, words } = useScene();
  const change = (name: keyof Switches, chosen: string) => {
    const { [name]: _gone, ...rest } = own;
    onChange(chosen === "" ? rest : { ...rest, [name]: chosen === "own" ? {} : chosen === "on" });
  };
  const utm = typeof own.utm === "object" ? own.utm : null;
  const sms = boot.channel === "sms";
  return (
    <fieldset className="mb-3">
      <legend className="form-label">{words.t("tracking")}</legend>
      {!sms && <Switch name="opens" label={words.t("tracking_opens")} own={own} onChange={change} />}
      <Switch name="clicks" label={words.t(sms ? "tracking_clicks_sms" : "tracking_clicks")} own={own} onChange={change} />
      <Switch name="utm" label={words.t("tracking_utm")} own={own} onChange={change} values />
      {utm && (
        <div className="ms-3">
          {UTM_NAMES.map((name) => (
            <Field key={name} ltr label={name} value={utm[name] ?? ""} hint={asWritten(boot.tracking[name])} disabled={!boot.mayEdit} onChange={(text) => onChange({ ...own, utm: { ...utm, [name]: text } })} />
          ))}
          <p className="form-hint">{words.t("tracking_utm_help", { words: WORDS })}</p>
        </div>
      )}
      {own.utm && !boot.tracking.sites && <p className="form-hint">{words.t("tracking_no_sites")}</p>}
      {boot.tracking.address && (
        <a className="small" href={boot.tracking.address}>
          {words.t("tracking_settings")}
        </a>
      )}
    </fieldset>
  );
}

type Props = { name: keyof Switches; label: string; own: Switches; onChange: (name: keyof Switches, chosen: string) => void; values?: boolean };

function Switch({ name, label, own, onChange, values = false }: Props) {
  const { boot, words } = useScene();
  const said = own[name];
  const shown = said === undefined ? "" : typeof said === "object" ? "own" : said ? "on" : "off";
  return (
    <label className="mb-2 d-block">
      <span className="form-label fw-normal">{label}</span>
      <select className="form-select" disabled={!boot.mayEdit} value={shown} onChange={(event) => onChange(name, event.currentTarget.value)}>
        <option value="">{words.t("tracking_as_set", { state: words.t(boot.tracking[name] ? "tracking_on" : "tracking_off") })}</option>
        <option value="on">{words.t("tracking_on")}</option>
        {values && <option value="own">{words.t("tracking_own")}</option>}
        <option value="off">{words.t("tracking_off")}</option>
      </select>
    </label>
  );
}
