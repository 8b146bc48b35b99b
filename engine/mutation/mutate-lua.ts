const OPERATORS: readonly (readonly [RegExp, string])[] = [
  [/ >= /g, " > "],
  [/ > /g, " >= "],
  [/ <= /g, " < "],
  [/ < /g, " <= "],
  [/ == /g, " ~= "],
  [/ ~= /g, " == "],
  [/ and /g, " or "],
  [/ or /g, " and "],
  [/ \+ /g, " - "],
  [/ - /g, " + "],
  [/math\.max/g, "math.min"],
  [/math\.min/g, "math.max"],
  [/math\.ceil/g, "math.floor"],
];

/**
 * Mutants of a Lua script inside a template literal: operators turned, numbers raised by
 * one, calls that stand alone left out. Indices such as KEYS[1] are left alone: they only name.
 */
export function mutateLua(
  { start, end }: { readonly start: number; readonly end: number },
  text: string,
  add: (place: { start: number; end: number }, replacement: string) => void,
): void {
  const script = text.slice(start, end);
  const change = (index: number, length: number, replacement: string) =>
    add({ start: start + index, end: start + index + length }, replacement);
  for (const [pattern, replacement] of OPERATORS) {
    for (const match of script.matchAll(pattern)) {
      change(match.index, match[0].length, replacement);
    }
  }
  for (const match of script.matchAll(/(?<![\w."[-])\d+(?![\w."\]])/g)) {
    change(match.index, match[0].length, String(Number(match[0]) + 1));
  }
  for (const match of script.matchAll(/^[ \t]*(redis\.call\([^\n]*\))[ \t]*$/gm)) {
    const call = match[1] ?? "";
    change(match.index + match[0].indexOf(call), call.length, "local _ = 0");
  }
}
