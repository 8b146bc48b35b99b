import { readFileSync } from "node:fs";
import { SourceMap, type SourceMapPayload } from "node:module";
import path from "node:path";

/** Where something was written. Lines and columns count from 1. */
export interface SourcePosition {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Reads the map beside a JavaScript file, and answers what finds the source of a place in it. */
export function readSourceMap(
  file: string,
): (line: number, column: number) => SourcePosition | undefined {
  let map: SourceMap;
  try {
    map = new SourceMap(JSON.parse(readFileSync(`${file}.map`, "utf8")) as SourceMapPayload);
  } catch {
    return () => undefined;
  }
  return (line, column) => {
    const found = map.findEntry(line - 1, column - 1);
    if (!("originalSource" in found)) return undefined;
    return {
      file: path.resolve(path.dirname(file), found.originalSource),
      line: found.originalLine + 1,
      column: found.originalColumn + 1,
    };
  };
}
