import { build, type Plugin } from "vite";

/** Emits site/safar.js: the entry as one script without imports, for websites of others. It has a stable name, so its page may be cached. */
export function siteScript(entry: string): Plugin {
  return {
    name: "site-script",
    apply: "build",
    async generateBundle() {
      const made = await build({
        configFile: false,
        logLevel: "warn",
        build: { write: false, target: "es2020", lib: { entry, formats: ["iife"], name: "safarScript", fileName: () => "safar.js" } },
      });
      const chunk = [made].flat().flatMap((one) => ("output" in one ? one.output : [])).find((one) => one.type === "chunk");
      if (!chunk) return this.error("the script for websites could not be built");
      this.emitFile({ type: "asset", fileName: "site/safar.js", source: chunk.code });
    },
  };
}
