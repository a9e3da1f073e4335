import type { ReactNode } from "react";

/** A table that may be wider than its place: scrolled by touch, and by keys once it has the focus. */
export function Wide({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="table-responsive" tabIndex={0} role="region" aria-label={label}>
      {children}
    </div>
  );
}
