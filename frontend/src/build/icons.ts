import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

import type { Plugin } from "vite";

// How a name of an icon is written: {% icon "mail" %} in templates, icon = "mail" in kinds, icon="mail" and icon: "mail" here.
const TEMPLATES = /\{%\s*icon\s+"([a-z0-9-]+)"/g;
const KINDS = /\bicon(?:: ClassVar\[str\])? = "([a-z0-9-]+)"/g;
const ISLANDS = /\bicon(?:=|: )"([a-z0-9-]+)"/g;

export function namesIn(text: string, extension: string): string[] {
  const patterns = extension === "html" ? [TEMPLATES] : extension === "py" ? [KINDS] : [ISLANDS];
  return patterns.flatMap((pattern) => [...text.matchAll(pattern)].map((found) => found[1]!));
}

/** One symbol of the sprite: the icon's paths, its strokes left to the page's colour. */
export function symbolOf(name: string, svg: string): string {
  const inner = svg.replace(/<!--[\s\S]*?-->/g, "").replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "");
  return `<symbol id="${name}" viewBox="0 0 24 24">${inner.replace(/\s*\n\s*/g, "")}</symbol>`;
}

/** Emits icons.svg with the icons (from the folder of that name) that templates, kinds and islands name, and no others. Fails for an unknown name. */
export function iconSprite(icons: string, python: string, islands: string): Plugin {
  return {
    name: "icon-sprite",
    apply: "build",
    generateBundle() {
      const names = new Set([...used(python, ["html", "py"]), ...used(islands, ["ts", "tsx"])]);
      const symbols = [...names].sort().map((name) => {
        try {
          return symbolOf(name, readFileSync(join(icons, `${name}.svg`), "utf8"));
        } catch {
          return this.error(`there is no icon "${name}" at tabler.io/icons`);
        }
      });
      const source = `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`;
      this.emitFile({ type: "asset", name: "icons.svg", originalFileName: "icons.svg", source });
    },
  };
}

function used(folder: string, extensions: string[]): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => !/(^|\/)(tests|static|__pycache__|build)\//.test(path) && !path.includes(".test."))
    .filter((path) => extensions.includes(path.split(".").pop() ?? ""))
    .flatMap((path) => namesIn(readFileSync(join(folder, path), "utf8"), path.split(".").pop()!));
}
