import "./message.css";

import { createRoot } from "react-dom/client";

import { App } from "./App";
import { Scene, wordsOf } from "./context";
import type { Boot } from "./types";

const box = document.getElementById("message");
const boot = document.getElementById(box?.dataset["boot"] ?? "");
if (box && boot) {
  const given = JSON.parse(boot.textContent ?? "{}") as Boot;
  box.removeAttribute("aria-busy");
  createRoot(box).render(
    <Scene value={{ boot: given, words: wordsOf(given) }}>
      <App boot={given} />
    </Scene>,
  );
}
