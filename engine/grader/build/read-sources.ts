import { readFileSync } from "node:fs";
import path from "node:path";
import type { Loader, Plugin } from "esbuild";
import { placeInSource } from "../../build/built-file.mjs";

/** What only works from the source itself: other threads and processes, `require`, computed imports. */
const NEEDS_LOADER = [
  /\b(?:worker_threads|child_process|cluster)\b/,
  /\brequire\b/,
  /\bimport\s*\(\s*[^\s"'`)]/,
  /\bimport\s*\(\s*`[^`]*\$\{/,
  /\bimport\.meta\b(?!\.(?:url|filename|dirname)\b)/,
];
/** What may go on unseen after the program has been taken apart: it keeps no process alive, or cannot be counted. */
const OUTLIVES =
  /\b(?:setInterval|setImmediate|unref|timers|AbortSignal|subtle|zlib|persistent|watchFile)\b/;
const LOADERS: Readonly<Record<string, Loader>> = { ".ts": "ts", ".mts": "ts" };

/** Reads the files of a submission for the bundler: `import.meta` goes on to say where the source lies. */
export function readSources(): {
  readonly plugin: Plugin;
  needLoader(): boolean;
  mayOutlive(): boolean;
} {
  let needsLoader = false;
  let outlives = false;
  const plugin: Plugin = {
    name: "sources",
    setup({ onLoad }) {
      onLoad({ filter: /\.c[jt]s$/ }, () => {
        needsLoader = true;
        return undefined;
      });
      onLoad({ filter: /\.m?[jt]s$/ }, ({ path: file }) => {
        const source = readFileSync(file, "utf8");
        needsLoader ||= NEEDS_LOADER.some((pattern) => pattern.test(source));
        outlives ||= OUTLIVES.test(source);
        const loader = LOADERS[path.extname(file)] ?? "js";
        return { contents: placeInSource(source, file), loader };
      });
    },
  };
  return { plugin, needLoader: () => needsLoader, mayOutlive: () => outlives };
}
