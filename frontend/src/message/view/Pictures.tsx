import { useId, useState } from "react";

import { useScene } from "../context";
import { bringPicture, pictures } from "../server";
import type { Media } from "../types";
import { Icon } from "./Icon";

/** A picture of the library, or a new one brought into it. */
export function Pictures({ onChoose }: { onChoose: (src: string) => void }) {
  const { boot, words } = useScene();
  const id = useId();
  const [found, setFound] = useState<Media[] | null>(null);
  const [fault, setFault] = useState("");
  const bring = async (file: File | undefined) => {
    if (!file) return;
    const told = await bringPicture(boot.urls.media, file).catch(() => ({ refused: [{ place: "", message: words.t("offline") }] }));
    if ("refused" in told) return setFault(told.refused.map((one) => one.message).join(" "));
    setFault("");
    onChoose(told.src);
  };
  return (
    <div className="pictures">
      <div className="pictures-bar">
        <input
          id={id}
          className="visually-hidden-focusable"
          type="file"
          accept="image/png,image/jpeg,image/gif,image/webp"
          aria-label={words.t("bring_image")}
          onChange={(event) => {
            void bring(event.currentTarget.files?.[0]);
            event.currentTarget.value = "";
          }}
        />
        <label htmlFor={id} className="btn btn-sm">
          <Icon icon="upload" /> {words.t("bring_image")}
        </label>
        <button type="button" className="btn btn-sm" aria-expanded={found !== null} onClick={() => (found ? setFound(null) : void pictures(boot.urls.media).then(setFound))}>
          <Icon icon="photo" /> {words.t("choose_image")}
        </button>
      </div>
      {fault && (
        <p className="invalid-feedback d-block" role="alert">
          {fault}
        </p>
      )}
      {found && (
        <div className="pictures-list">
          {found.length === 0 && <span className="text-secondary">{words.t("no_images")}</span>}
          {found.map((one) => (
            <button
              key={one.src}
              type="button"
              onClick={() => {
                onChoose(one.src);
                setFound(null);
              }}
            >
              <img src={one.address} alt={one.name} loading="lazy" />
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
