import { readFileSync } from "node:fs";
import path from "node:path";
import type { Plugin } from "esbuild";

/**
 * What the packages do when they are loaded, done quicker and to the same effect: each process of a
 * grading loads them. A package of another version, in which a text is not found, is left as it is.
 */
export const quickPackages: Plugin = {
  name: "quick packages",
  setup({ onLoad, onResolve }) {
    // Tables of Asian encodings, half a megabyte: read from their own files by those who need them.
    onResolve({ filter: /^\.\/tables\/.*\.json$/ }, ({ path: file, resolveDir }) => ({
      path: path.join(resolveDir, file),
      external: true,
    }));
    const change = (filter: RegExp, edit: (source: string) => string) =>
      onLoad({ filter }, ({ path: file }) => ({
        contents: edit(readFileSync(file, "utf8")),
        loader: "js",
      }));
    change(/@redis[\\/]client[\\/]dist[\\/]lib[\\/]commander\.js$/, quickClient);
    change(/mime-types[\\/]index\.js$/, lateMaps);
    change(/mime-db[\\/]db\.json$/, parsedJson);
  },
};

/**
 * node-redis gives the prototype of its client 400 methods one by one, which takes V8 27 ms: it
 * copies the description of the prototype each time. Of an object from which something was
 * deleted it keeps a table instead, and the same takes 2 ms.
 */
function quickClient(source: string): string {
  return source.replace(
    /Class = class extends BaseClass \{\s*\};/,
    (text) => `${text} Class.prototype.none = 0; delete Class.prototype.none;`,
  );
}

/** Which type a file extension has is asked only by who serves files or sets a type by a short name. */
function lateMaps(source: string): string {
  return source.replace(
    "\npopulateMaps(exports.extensions, exports.types)\n",
    `
var maps = { extensions: exports.extensions, types: exports.types };
var isFilled = false;
Object.keys(maps).forEach(function (name) {
  Object.defineProperty(exports, name, {
    configurable: true,
    enumerable: true,
    get: function () {
      if (!isFilled) {
        isFilled = true;
        populateMaps(maps.extensions, maps.types);
      }
      return maps[name];
    },
  });
});
`,
  );
}

/** V8 reads a large object quicker from a text than from code. */
function parsedJson(source: string): string {
  const text = JSON.stringify(JSON.parse(source));
  return `module.exports = JSON.parse(${JSON.stringify(text)});`;
}
