import { useScene } from "../context";

/** An icon of the sprite. The build finds its name where it is written as icon="…" (src/build/icons.ts). */
export function Icon({ icon, directed = false }: { icon: string; directed?: boolean }) {
  const { boot } = useScene();
  return (
    <svg className={directed ? "icon icon-directed" : "icon"} aria-hidden="true" focusable="false">
      <use href={`${boot.sprite}#${icon}`} />
    </svg>
  );
}
