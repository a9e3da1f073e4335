/** Figures with their labels: a line of a list, an item of the headline. */

import { useScene } from "../context";

export function Line({ label, value, share, href }: { label: string; value: number; share?: number; href?: string }) {
  const { words } = useScene();
  const shown = words.number(value) + (share !== undefined && Number.isFinite(share) ? ` · ${words.percent(share)}` : "");
  return (
    <div className="figures-line">
      <dt>{label}</dt>
      <dd className="num">{href && value > 0 ? <a href={href}>{shown}</a> : shown}</dd>
    </div>
  );
}

export function Text({ label, text, heading = false, title }: { label: string; text: string; heading?: boolean; title?: string | undefined }) {
  return (
    <div className={heading ? "figures-line figures-heading" : "figures-line"} title={title}>
      <dt>{label}</dt>
      <dd>{text}</dd>
    </div>
  );
}

/** quiet: words and no number. */
export function Item({ label, value, title, text, quiet = false }: { label: string; value?: number; title?: string | undefined; text?: string; quiet?: boolean }) {
  const { words } = useScene();
  return (
    <span className="headline-item" title={title}>
      {quiet ? (
        <>
          <span className="headline-label">{label}:</span> <span className="headline-words">{text}</span>
        </>
      ) : (
        <>
          <span className="num headline-number">{text ?? words.number(value ?? 0)}</span> <span className="headline-label">{label}</span>
        </>
      )}
    </span>
  );
}
