import path from "node:path";
import { pathToFileURL } from "node:url";
import { readSourceMap } from "./read-source-map.ts";

/**
 * Answers what rewrites a text, such as a stack: places in the JavaScript of this folder become the
 * places where it was written.
 */
export function mapPlaces(folder: string): (text: string) => string {
  const maps = new Map<string, ReturnType<typeof readSourceMap>>();
  const prefixes = [pathToFileURL(folder).href, folder].map(escape).join("|");
  const places = new RegExp(`(?:${prefixes})[\\\\/]([\\w.-]+\\.mjs):(\\d+)(?::(\\d+))?`, "g");
  return (text) =>
    text.replaceAll(places, (whole, name: string, line: string, column = "1") => {
      const file = path.join(folder, name);
      const find = maps.get(file) ?? readSourceMap(file);
      maps.set(file, find);
      const source = find(Number(line), Number(column));
      return source === undefined ? whole : `${source.file}:${source.line}:${source.column}`;
    });
}

function escape(text: string): string {
  return text.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`);
}
