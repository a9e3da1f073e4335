import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";

import type { Plugin } from "vite";

const COMPRESSED = /\.(js|css|svg)$/;

/** Writes a .br and a .gz beside every text: WhiteNoise picks the one that the browser takes. 640 kB of styles are 60 then. */
export function compressedTwins(folder: string): Plugin {
  return {
    name: "compressed-twins",
    apply: "build",
    writeBundle() {
      const names = ["assets", "site"].flatMap((below) => readdirSync(join(folder, below)).map((name) => join(below, name)));
      for (const name of names.filter((each) => COMPRESSED.test(each))) {
        const path = join(folder, name);
        const content = readFileSync(path);
        writeFileSync(`${path}.br`, brotliCompressSync(content));
        writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
      }
    },
  };
}
