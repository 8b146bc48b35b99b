import type { ComparisonRow } from "../lesson-event.ts";
import type { JsonPattern } from "./json-pattern.ts";
import { bindAll, matchLine } from "./match-line.ts";
import type { Names } from "./names.ts";

/**
 * Compares a value with a pattern: objects may hold more than is named, arrays may not (unless they
 * hold `…`). What is bound becomes known. Answers what differs, by its place: `.reader.genres[0]`.
 * @throws UnknownName
 */
export function matchJson(
  pattern: JsonPattern,
  value: unknown,
  names: Names,
  options: { anyOrder?: boolean; where?: string } = {},
): ComparisonRow[] {
  const where = options.where ?? "";
  const differ = (expected: string | undefined): ComparisonRow[] => [
    { where, expected, received: show(value), same: false },
  ];
  switch (pattern.kind) {
    case "any":
      return [];
    case "exact":
      return Object.is(pattern.value, value) ? [] : differ(show(pattern.value));
    case "text":
    case "scalar": {
      const isScalar = pattern.kind === "text" ? typeof value === "string" : !isNested(value);
      const match = isScalar ? matchLine(pattern.pattern, String(value), names) : undefined;
      if (match === undefined) {
        const { source } = pattern.pattern;
        return differ(pattern.kind === "text" ? JSON.stringify(source) : source);
      }
      bindAll(match, names);
      return [];
    }
    case "object": {
      if (!isNested(value) || Array.isArray(value)) return differ(showPattern(pattern));
      return pattern.members.flatMap(([key, member]) => {
        const place = `${where}${/^[a-z_]\w*$/i.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`}`;
        if (!Object.hasOwn(value, key)) {
          return [
            { where: place, expected: showPattern(member), received: undefined, same: false },
          ];
        }
        return matchJson(member, Reflect.get(value, key), names, { ...options, where: place });
      });
    }
    case "array":
      return Array.isArray(value)
        ? matchItems(pattern.items, value, names, { ...options, where })
        : differ(showPattern(pattern));
  }
}

function matchItems(
  items: readonly (JsonPattern | undefined)[],
  values: readonly unknown[],
  names: Names,
  options: { anyOrder?: boolean; where: string },
): ComparisonRow[] {
  const quiet = silence(names);
  const fits = (item: JsonPattern, value: unknown) =>
    matchJson(item, value, quiet, options).length === 0;
  const place = (at: number) => ({ ...options, where: `${options.where}[${at}]` });
  if (options.anyOrder !== true && !items.includes(undefined)) {
    const rows: ComparisonRow[] = [];
    for (let at = 0; at < Math.max(items.length, values.length); at += 1) {
      const { where } = place(at);
      const item = items[at];
      if (item === undefined) {
        rows.push({ where, expected: undefined, received: show(values[at]), same: false });
      } else if (at >= values.length) {
        rows.push({ where, expected: showPattern(item), received: undefined, same: false });
      } else rows.push(...matchJson(item, values[at], names, place(at)));
    }
    return rows;
  }
  const rows: ComparisonRow[] = [];
  const left = new Set(values.keys());
  let from = 0;
  for (const item of items) {
    if (item === undefined) continue;
    const found = [...left].find(
      (at) => (options.anyOrder === true || at >= from) && fits(item, values[at]),
    );
    if (found === undefined) {
      rows.push({
        where: `${options.where}[]`,
        expected: showPattern(item),
        received: undefined,
        same: false,
      });
      continue;
    }
    left.delete(found);
    from = found + 1;
    matchJson(item, values[found], names, place(found));
  }
  if (!items.includes(undefined)) {
    for (const at of left) {
      rows.push({
        where: place(at).where,
        expected: undefined,
        received: show(values[at]),
        same: false,
      });
    }
  }
  return rows;
}

/** For trying out: what is bound is forgotten. */
function silence(names: Names): Names {
  return { get: (...args) => names.get(...args), bound: (name) => names.bound(name), bind() {} };
}

function isNested(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? "nothing";
}

function showPattern(pattern: JsonPattern): string {
  switch (pattern.kind) {
    case "any":
      return "…";
    case "exact":
      return show(pattern.value);
    case "text":
      return JSON.stringify(pattern.pattern.source);
    case "scalar":
      return pattern.pattern.source;
    case "array":
      return `[${pattern.items.map((item) => (item === undefined ? "…" : showPattern(item))).join(", ")}]`;
    case "object":
      return `{ ${pattern.members.map(([key, member]) => `${JSON.stringify(key)}: ${showPattern(member)}`).join(", ")} }`;
  }
}
