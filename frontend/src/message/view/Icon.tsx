import { useScene } from "../context";

/** An icon of the sprite; the build finds its name where it is written as icon="…". */
export function Icon({ icon }: { icon: string }) {
  return (
    <svg className="icon" aria-hidden="true" focusable="false">
      <use href={`${useScene().boot.sprite}#${icon}`} />
    </svg>
  );
}
