import { existsSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import type { Plugin } from "esbuild";
import { findPackages } from "./find-packages.ts";
import type { ReadyPackages } from "./ready-packages.ts";

/**
 * Lets imports of the packages that a host has loaded already (load-packages.mjs) end there. A package
 * that is not installed is an error at its import.
 */
export function shareReadyPackages({ exports }: ReadyPackages, folder: string): Plugin {
  return {
    name: "ready packages",
    setup({ onLoad, onResolve }) {
      onResolve({ filter: /^[\w@]/ }, ({ path, importer, kind }) => {
        if (kind === "entry-point" || isBuiltin(path)) return undefined;
        if (Object.hasOwn(exports, path)) return { path, namespace: "ready" };
        // `@scope/name/file` and `name/file` are in the package `@scope/name` and `name`.
        const name = path.split("/", path.startsWith("@") ? 2 : 1).join("/");
        if (findPackages(folder).some((each) => existsSync(join(each, name)))) return undefined;
        const text = `There is no package "${name}": the workbook brings those that its package.json lists`;
        return { errors: [{ text, detail: importer }] };
      });
      onLoad({ filter: /.*/, namespace: "ready" }, ({ path }) => ({
        contents: moduleText(path, exports[path] ?? []),
        loader: "js",
      }));
    },
  };
}

/** Exactly the names that an import by Node would find: any other is an error, as it would be. */
function moduleText(name: string, names: readonly string[]): string {
  const place = `globalThis[Symbol.for("workbook.packages")][${JSON.stringify(name)}]`;
  return [
    `const all = ${place};`,
    ...names.map((each, at) => `const e${at} = all[${JSON.stringify(each)}];`),
    `export { ${names.map((each, at) => `e${at} as ${JSON.stringify(each)}`).join(", ")} };`,
  ].join("\n");
}
