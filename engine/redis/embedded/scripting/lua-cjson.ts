import { formatGeneral } from "../format-double.ts";
import type { Address } from "./lua-module.ts";
import { JsonReader } from "./json-reader.ts";
import { LuaRaise } from "./lua-raise.ts";
import { type LuaState, LuaType } from "./lua-state.ts";

const DEEPEST = 1000;
/** An array with holes is refused if its last place is beyond both limits. */
const SPARSE_SAFE = 10;
const SPARSE_RATIO = 2;

const TYPE_NAMES = [
  "nil",
  "boolean",
  "userdata",
  "number",
  "string",
  "table",
  "function",
  "userdata",
  "thread",
];

/** The settings that scripts can change; they stay for later scripts, as in Redis. */
export interface JsonSettings {
  precision: number;
  encodeDepth: number;
  decodeDepth: number;
  sparseConvert: boolean;
  sparseRatio: number;
  sparseSafe: number;
  encodeInvalidNumbers: boolean;
}

export function defaultJsonSettings(): JsonSettings {
  return {
    precision: 14,
    encodeDepth: DEEPEST,
    decodeDepth: DEEPEST,
    sparseConvert: false,
    sparseRatio: SPARSE_RATIO,
    sparseSafe: SPARSE_SAFE,
    encodeInvalidNumbers: false,
  };
}

/** cjson.encode of the value on top of the stack. The text is latin1: a character a byte. */
export function encodeJson(
  lua: LuaState,
  state: Address,
  settings: JsonSettings,
  depth = 0,
): string {
  const { module } = lua;
  switch (lua.type(state, -1)) {
    case LuaType.nil:
      return "null";
    case LuaType.boolean:
      return module.lua_toboolean(state, -1) === 1 ? "true" : "false";
    case LuaType.number:
      return encodeNumber(module.lua_tonumber(state, -1), settings);
    case LuaType.string:
      return quote(lua.toText(state, -1));
    case LuaType.table:
      return encodeTable(lua, state, settings, depth + 1);
    case LuaType.lightUserdata:
      return "null";
    default:
      throw new LuaRaise(
        `Cannot serialise ${TYPE_NAMES[lua.type(state, -1)] ?? "value"}: type not supported`,
      );
  }
}

function encodeNumber(value: number, settings: JsonSettings): string {
  if (!Number.isFinite(value) && !settings.encodeInvalidNumbers) {
    throw new LuaRaise("Cannot serialise number: must not be NaN or Inf");
  }
  return formatGeneral(value, settings.precision);
}

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  "\\": "\\\\",
  "/": "\\/",
  "\b": "\\b",
  "\t": "\\t",
  "\n": "\\n",
  "\f": "\\f",
  "\r": "\\r",
};

function quote(text: string): string {
  const escaped = text.replace(
    // Control characters are what this is about.
    // oxlint-disable-next-line no-control-regex
    /["\\/\x00-\x1f\x7f]/g,
    (character) =>
      ESCAPES[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return `"${escaped}"`;
}

function encodeTable(lua: LuaState, state: Address, settings: JsonSettings, depth: number): string {
  const { module } = lua;
  if (depth > settings.encodeDepth || module.lua_checkstack(state, 3) === 0) {
    throw new LuaRaise(`Cannot serialise, excessive nesting (${depth})`);
  }
  const length = arrayLength(lua, state, settings);
  const parts: string[] = [];
  if (length > 0) {
    for (let place = 1; place <= length; place++) {
      module.lua_rawgeti(state, -1, place);
      parts.push(encodeJson(lua, state, settings, depth));
      lua.pop(state);
    }
    return `[${parts.join(",")}]`;
  }
  module.lua_pushnil(state);
  while (module.lua_next(state, -2) !== 0) {
    parts.push(`${encodeKey(lua, state, settings)}:${encodeJson(lua, state, settings, depth)}`);
    lua.pop(state);
  }
  return `{${parts.join(",")}}`;
}

/** The key is below the value. */
function encodeKey(lua: LuaState, state: Address, settings: JsonSettings): string {
  const type = lua.type(state, -2);
  if (type === LuaType.string) return quote(lua.toText(state, -2));
  if (type === LuaType.number) {
    return `"${encodeNumber(lua.module.lua_tonumber(state, -2), settings)}"`;
  }
  throw new LuaRaise(
    `Cannot serialise ${TYPE_NAMES[type] ?? "value"}: table key must be a number or string`,
  );
}

/** The length if all keys are whole numbers from 1 on, else -1. */
function arrayLength(lua: LuaState, state: Address, settings: JsonSettings): number {
  const { module } = lua;
  let greatest = 0;
  let count = 0;
  module.lua_pushnil(state);
  while (module.lua_next(state, -2) !== 0) {
    const place = lua.type(state, -2) === LuaType.number ? module.lua_tonumber(state, -2) : 0;
    if (place < 1 || !Number.isInteger(place)) {
      lua.pop(state, 2);
      return -1;
    }
    greatest = Math.max(greatest, place);
    count += 1;
    lua.pop(state);
  }
  const { sparseRatio, sparseSafe } = settings;
  if (sparseRatio > 0 && greatest > count * sparseRatio && greatest > sparseSafe) {
    if (settings.sparseConvert) return -1;
    throw new LuaRaise("Cannot serialise table: excessively sparse array");
  }
  return greatest;
}

/** cjson.decode: pushes the value of a JSON text. */
export function decodeJson(
  lua: LuaState,
  state: Address,
  text: string,
  settings: JsonSettings,
): void {
  const { module } = lua;
  const reader = new JsonReader(text, settings.decodeDepth, {
    room: () => {
      if (module.lua_checkstack(state, 3) === 0)
        throw new LuaRaise("Too many nested data structures");
    },
    nil: () => module.lua_pushlightuserdata(state, 0),
    boolean: (value) => module.lua_pushboolean(state, value ? 1 : 0),
    number: (value) => module.lua_pushnumber(state, value),
    text: (value) => lua.pushText(state, value),
    table: () => module.lua_createtable(state, 0, 0),
    putAt: (place) => module.lua_rawseti(state, -2, place),
    put: () => module.lua_rawset(state, -3),
  });
  reader.read();
}
