import "@xyflow/react/dist/base.css";
import "./map.css";
import "./panel.css";

import { createRoot } from "react-dom/client";

import { App } from "./App";
import type { Boot } from "./model/types";

const box = document.getElementById("map");
const boot = document.getElementById(box?.dataset["boot"] ?? "");
if (box && boot) {
  box.removeAttribute("aria-busy");
  createRoot(box).render(<App boot={JSON.parse(boot.textContent ?? "{}") as Boot} />);
}
