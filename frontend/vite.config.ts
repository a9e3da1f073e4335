import { fileURLToPath } from "node:url";

import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

import { compressedTwins } from "./src/build/compress.ts";
import { iconSprite } from "./src/build/icons.ts";
import { siteScript } from "./src/build/site.ts";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// Entries are what `{% assets "name" %}` can ask for (docs/rooms/frontend.md).
export default defineConfig({
  base: "./", // paths relative to the files: they work under any prefix
  plugins: [
    react(),
    iconSprite(here("./node_modules/@tabler/icons/icons/outline"), here("../safar"), here("./src")),
    siteScript(here("./src/site/main.ts")),
    compressedTwins(here("../safar/console/static/console")),
  ],
  build: {
    outDir: here("../safar/console/static/console"),
    emptyOutDir: true,
    manifest: true,
    assetsInlineLimit: 0, // fonts and pictures as files: a policy need not allow data: for them
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      checks: { eval: false }, // htmx can; ours is told not to (src/base/htmx.ts), and the policy forbids it
      input: {
        base: here("./src/base/main.ts"),
        ltr: here("./src/base/ltr.css"),
        rtl: here("./src/base/rtl.css"),
        map: here("./src/map/main.tsx"),
        message: here("./src/message/main.tsx"),
        conditions: here("./src/conditions/main.tsx"),
        form: here("./src/website/main.ts"),
        form_preview: here("./src/website/preview.ts"),
      },
    },
  },
  test: { environment: "happy-dom", include: ["src/**/*.test.{ts,tsx}"] },
});
