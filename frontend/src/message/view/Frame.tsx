import { useEffect, useRef } from "react";

import { token, type Asked } from "../server";

let number = 0;

/**
 * The message's own HTML in a frame that can do nothing. What is asked goes by a form into a new frame, which takes the old one's
 * place once it is loaded: nothing flickers, and the browser's "back" does not walk through previews.
 */
export function Frame({ url, asked, title, phone }: { url: string; asked: Asked; title: string; phone: boolean }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const into = box.current;
    if (!into) return;
    const frame = document.createElement("iframe");
    frame.name = `message-preview-${number++}`;
    frame.title = title;
    frame.setAttribute("sandbox", "");
    frame.className = "message-frame is-coming";
    into.append(frame);
    const form = document.createElement("form");
    Object.assign(form, { method: "post", action: url, target: frame.name, hidden: true });
    for (const [name, value] of [["csrfmiddlewaretoken", token()], ["asked", JSON.stringify(asked)]] as const) {
      form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
    }
    document.body.append(form);
    frame.addEventListener("load", () => {
      for (const other of [...into.querySelectorAll("iframe")]) if (other !== frame) other.remove();
      frame.classList.remove("is-coming");
    });
    form.submit();
    form.remove();
  }, [url, asked, title]);
  return <div ref={box} className={phone ? "frame-box is-phone" : "frame-box"} />;
}
