import { type LinePattern, PatternMistake, readPattern } from "./pattern.ts";

/** JSON in which some parts may vary. */
export type JsonPattern =
  | { readonly kind: "any" }
  /** A text, a name, a number near another: compared with the value's text. */
  | { readonly kind: "text"; readonly pattern: LinePattern }
  | { readonly kind: "scalar"; readonly pattern: LinePattern }
  | { readonly kind: "exact"; readonly value: number | boolean | null }
  /** `undefined`: any number of items. */
  | { readonly kind: "array"; readonly items: readonly (JsonPattern | undefined)[] }
  | { readonly kind: "object"; readonly members: readonly (readonly [string, JsonPattern])[] };

const STRING = /"(?:[^"\\\n]|\\.)*"/y;
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const VARYING =
  /~-?\d+(?:\.\d+)?(?:±\d+(?:\.\d+)?)?|\{\{\w+\}\}|\$[a-zA-Z]\w*(?:\.(?:sid|cookie|port)(?!\w))?/y;
const WORD = /true|false|null/y;

/**
 * Reads JSON with `…`, `~1800`, `$name` and `{{name}}` in the place of values, and wildcards inside texts.
 * @throws PatternMistake that says what stands where something else should
 */
export function readJsonPattern(source: string): JsonPattern {
  let at = 0;
  const blank = () => {
    while (/\s/.test(source.charAt(at))) at += 1;
  };
  const take = (regExp: RegExp): string | undefined => {
    regExp.lastIndex = at;
    const found = regExp.exec(source)?.[0];
    at += found?.length ?? 0;
    return found;
  };
  const skip = (character: string): boolean => {
    blank();
    if (source.charAt(at) !== character) return false;
    at += 1;
    return true;
  };
  const fail = (wanted: string): never => {
    const line = source.slice(0, at).split("\n").length;
    const here = source.slice(at).split("\n")[0]?.slice(0, 20) ?? "";
    throw new PatternMistake(
      `The body begins like JSON, but in its line ${line} ${wanted} is missing${here === "" ? " at the end" : ` before ${here}`}.`,
      "Mend the JSON.",
    );
  };
  const text = (): string => {
    const found = take(STRING) ?? fail("a text in quotes");
    try {
      return String(JSON.parse(found));
    } catch {
      return fail("a text with correct escapes");
    }
  };
  const list = <T>(end: string, item: () => T): T[] => {
    const items: T[] = [];
    if (skip(end)) return items;
    for (;;) {
      blank();
      items.push(item());
      if (skip(end)) return items;
      if (!skip(",")) fail(`a comma or ${end}`);
    }
  };
  const value = (): JsonPattern => {
    blank();
    if (skip("…")) return { kind: "any" };
    const varying = take(VARYING);
    if (varying !== undefined) return { kind: "scalar", pattern: readPattern(varying) };
    if (source.charAt(at) === '"') return { kind: "text", pattern: readPattern(text()) };
    if (skip("[")) {
      const items = list("]", () => (skip("…") ? undefined : value()));
      return { kind: "array", items };
    }
    if (skip("{")) {
      const members = list("}", (): readonly [string, JsonPattern] | undefined => {
        if (skip("…")) return undefined;
        const key = text();
        if (!skip(":")) fail("a colon");
        return [key, value()];
      });
      return { kind: "object", members: members.filter((member) => member !== undefined) };
    }
    const number = take(NUMBER);
    if (number !== undefined) return { kind: "exact", value: Number(number) };
    const word = take(WORD) ?? fail("a value");
    return { kind: "exact", value: word === "null" ? null : word === "true" };
  };
  const pattern = value();
  blank();
  if (at < source.length) fail("the end");
  return pattern;
}

/** Whether a body in an expectation is meant as JSON. */
export function looksLikeJson(body: string): boolean {
  return /^\s*(?:\{(?!\{)|\[)/.test(body);
}
