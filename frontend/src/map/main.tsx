import "@xyflow/react/dist/base.css";
import "./map.css";
import "./panel.css";

import { createRoot } from "react-dom/client";

import { App } from "./App";
import { readJson } from "./model/ordered";
import type { Boot } from "./model/types";

const box = document.getElementById("map");
const boot = document.getElementById(box?.dataset["boot"] ?? "");
if (box && boot) {
  box.removeAttribute("aria-busy");
  createRoot(box).render(<App boot={readJson<Boot>(boot.textContent ?? "{}", ["published", "map.draft"])} />);
}
