import { useScene } from "../context";
import type { Fault, Remark } from "../types";
import { Icon } from "./Icon";

/** What to look at before it goes out: faults first. */
export function Remarks({ faults, remarks, looked }: { faults: Fault[]; remarks: Remark[]; looked: boolean }) {
  const { words } = useScene();
  const levels = ["fault", "warning", "note"] as const;
  const sorted = [...remarks].sort((a, b) => levels.indexOf(a.level) - levels.indexOf(b.level));
  return (
    <section className="card" aria-label={words.t("checks")}>
      <div className="card-header">
        <h2 className="card-title">{words.t("checks")}</h2>
      </div>
      {!looked && faults.length === 0 ? (
        <p className="card-body text-secondary mb-0">…</p>
      ) : faults.length + sorted.length === 0 ? (
        <p className="card-body text-secondary mb-0">
          <Icon icon="circle-check" /> {words.t("all_well")}
        </p>
      ) : (
        <ul className="remarks">
          {faults.map((one, number) => (
            <li key={`f${number}`} className="remark remark-fault">
              <Icon icon="alert-circle" />
              <span dir="auto">{one.message}</span>
            </li>
          ))}
          {sorted.map((one, number) => (
            <li key={number} className={`remark remark-${one.level}`}>
              {one.level === "note" ? <Icon icon="info-circle" /> : <Icon icon="alert-circle" />}
              <span>
                {one.language && <span className="remark-language">{words.t(`language_${one.language}`)}: </span>}
                <span dir="auto">{one.message}</span>
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
