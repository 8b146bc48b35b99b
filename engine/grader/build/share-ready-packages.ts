import type { Plugin } from "esbuild";
import type { ReadyPackages } from "./ready-packages.ts";

/** Lets imports of the packages that a host has loaded already (load-packages.mjs) end there. */
export function shareReadyPackages({ exports }: ReadyPackages): Plugin {
  return {
    name: "ready packages",
    setup({ onLoad, onResolve }) {
      onResolve({ filter: /^[a-z]/ }, ({ path }) =>
        Object.hasOwn(exports, path) ? { path, namespace: "ready" } : undefined,
      );
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
