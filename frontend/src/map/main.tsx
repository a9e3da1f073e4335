import "@xyflow/react/dist/base.css";
import "./map.css";
import "./panel.css";

import { createRoot } from "react-dom/client";

import { App } from "./App";
import { TrialMap } from "./TrialMap";
import { readJson } from "./model/ordered";
import type { Boot } from "./model/types";

const box = document.getElementById("map");
const boot = document.getElementById(box?.dataset["boot"] ?? "");
if (box && boot) {
  box.removeAttribute("aria-busy");
  const told = readJson<Boot>(boot.textContent ?? "{}", ["published", "map.draft"]);
  createRoot(box).render(told.trial ? <TrialMap boot={told} trial={told.trial} /> : <App boot={told} />);
}
