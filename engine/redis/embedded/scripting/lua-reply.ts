import { formatDouble } from "../format-double.ts";
import {
  BigNumberReply,
  BooleanReply,
  DoubleReply,
  EncodedReply,
  ErrorReply,
  MapReply,
  NilArray,
  NoReply,
  PushReply,
  type Reply,
  SetReply,
  SimpleString,
  VerbatimReply,
} from "../reply.ts";
import type { Protocol } from "../reply-encoder.ts";
import type { Address } from "./lua-module.ts";
import { type LuaState, LuaType } from "./lua-state.ts";

const NEEDED_SLOTS = 10;

/** Pushes a command's reply as the value that scripts get for it. */
export function pushReply(lua: LuaState, state: Address, reply: Reply, protocol: Protocol): void {
  const { module } = lua;
  module.lua_checkstack(state, NEEDED_SLOTS);
  if (Buffer.isBuffer(reply)) lua.pushBytes(state, reply);
  else if (typeof reply === "number" || typeof reply === "bigint") {
    module.lua_pushnumber(state, Number(reply));
  } else if (reply === null || reply instanceof NilArray) pushNothing(lua, state, protocol);
  else if (reply instanceof SimpleString) pushField(lua, state, "ok", reply.text);
  else if (reply instanceof ErrorReply) pushError(lua, state, reply.text);
  else if (reply instanceof MapReply) pushMap(lua, state, reply, protocol);
  else if (reply instanceof SetReply) pushSet(lua, state, reply, protocol);
  else if (reply instanceof DoubleReply) pushDouble(lua, state, reply.value, protocol);
  else if (reply instanceof BooleanReply) {
    if (protocol === 3) module.lua_pushboolean(state, reply.value ? 1 : 0);
    else module.lua_pushnumber(state, reply.value ? 1 : 0);
  } else if (reply instanceof VerbatimReply) pushVerbatim(lua, state, reply, protocol);
  else if (reply instanceof PushReply) pushArray(lua, state, reply.items, protocol);
  else if (
    reply instanceof EncodedReply ||
    reply instanceof NoReply ||
    reply instanceof BigNumberReply
  )
    module.lua_pushnil(state);
  else pushArray(lua, state, reply, protocol);
}

/** `{err = text}`, what redis.error_reply and failing commands give. */
export function pushError(lua: LuaState, state: Address, text: string): void {
  pushField(lua, state, "err", text);
}

export function pushField(lua: LuaState, state: Address, field: string, text: string): void {
  lua.module.lua_createtable(state, 0, 1);
  lua.pushText(state, text);
  lua.setField(state, -2, field);
}

function pushNothing(lua: LuaState, state: Address, protocol: Protocol): void {
  if (protocol === 3) lua.module.lua_pushnil(state);
  else lua.module.lua_pushboolean(state, 0);
}

function pushArray(
  lua: LuaState,
  state: Address,
  items: readonly Reply[],
  protocol: Protocol,
): void {
  lua.module.lua_createtable(state, items.length, 0);
  for (const [index, item] of items.entries()) {
    pushReply(lua, state, item, protocol);
    lua.module.lua_rawseti(state, -2, index + 1);
  }
}

function pushMap(lua: LuaState, state: Address, map: MapReply, protocol: Protocol): void {
  if (protocol === 2) {
    pushArray(lua, state, map.pairs.flat(), protocol);
    return;
  }
  lua.module.lua_createtable(state, 0, 1);
  lua.module.lua_createtable(state, 0, map.pairs.length);
  for (const [key, value] of map.pairs) {
    pushReply(lua, state, key, protocol);
    pushReply(lua, state, value, protocol);
    lua.module.lua_rawset(state, -3);
  }
  lua.setField(state, -2, "map");
}

function pushSet(lua: LuaState, state: Address, set: SetReply, protocol: Protocol): void {
  if (protocol === 2) {
    pushArray(lua, state, set.items, protocol);
    return;
  }
  lua.module.lua_createtable(state, 0, 1);
  lua.module.lua_createtable(state, 0, set.items.length);
  for (const item of set.items) {
    pushReply(lua, state, item, protocol);
    lua.module.lua_pushboolean(state, 1);
    lua.module.lua_rawset(state, -3);
  }
  lua.setField(state, -2, "set");
}

function pushDouble(lua: LuaState, state: Address, value: number, protocol: Protocol): void {
  if (protocol === 2) {
    lua.pushText(state, formatDouble(value));
    return;
  }
  lua.module.lua_createtable(state, 0, 1);
  lua.module.lua_pushnumber(state, value);
  lua.setField(state, -2, "double");
}

function pushVerbatim(
  lua: LuaState,
  state: Address,
  reply: VerbatimReply,
  protocol: Protocol,
): void {
  if (protocol === 2) {
    lua.pushBytes(state, reply.bytes);
    return;
  }
  lua.module.lua_createtable(state, 0, 1);
  lua.module.lua_createtable(state, 0, 2);
  lua.pushBytes(state, reply.bytes);
  lua.setField(state, -2, "string");
  lua.pushText(state, reply.format);
  lua.setField(state, -2, "format");
  lua.setField(state, -2, "verbatim_string");
}

/** The value on top of the stack as a reply; it is popped. `protocol` is the script's own. */
export function popReply(lua: LuaState, state: Address, protocol: Protocol): Reply {
  const reply = toReply(lua, state, protocol);
  lua.pop(state);
  return reply;
}

function toReply(lua: LuaState, state: Address, protocol: Protocol): Reply {
  const { module } = lua;
  if (module.lua_checkstack(state, NEEDED_SLOTS) === 0) {
    return new ErrorReply("ERR reached lua stack limit");
  }
  switch (lua.type(state, -1)) {
    case LuaType.string:
      return lua.toBytes(state, -1);
    case LuaType.number:
      return toInteger(module.lua_tonumber(state, -1));
    case LuaType.boolean: {
      const value = module.lua_toboolean(state, -1) === 1;
      if (protocol === 3) return new BooleanReply(value);
      return value ? 1 : null;
    }
    case LuaType.table:
      return tableToReply(lua, state, protocol);
    default:
      return null;
  }
}

/** Cut as C casts a double to a 64-bit integer: what does not fit becomes the least one. */
function toInteger(value: number): number | bigint {
  if (!(Math.abs(value) < 2 ** 63)) return -(2n ** 63n);
  const whole = Math.trunc(value);
  return Number.isSafeInteger(whole) ? whole + 0 : BigInt(whole);
}

function tableToReply(lua: LuaState, state: Address, protocol: Protocol): Reply {
  const text = (field: string): string | undefined => {
    lua.getField(state, -1, field);
    const found = lua.type(state, -1) === LuaType.string ? lua.toText(state, -1) : undefined;
    lua.pop(state);
    return found;
  };
  const error = text("err");
  if (error !== undefined) return new ErrorReply(error);
  const status = text("ok");
  if (status !== undefined) return new SimpleString(status.replace(/[\r\n]/g, " "));
  return typedReply(lua, state, protocol) ?? arrayReply(lua, state, protocol);
}

/** `{double = …}`, `{map = …}`, `{set = …}` and `{verbatim_string = …}`. */
function typedReply(lua: LuaState, state: Address, protocol: Protocol): Reply | undefined {
  for (const field of ["double", "map", "set", "big_number", "verbatim_string"] as const) {
    lua.getField(state, -1, field);
    const reply = typedField(lua, state, field, protocol);
    lua.pop(state);
    if (reply !== undefined) return reply;
  }
  return undefined;
}

function typedField(
  lua: LuaState,
  state: Address,
  field: "double" | "map" | "set" | "big_number" | "verbatim_string",
  protocol: Protocol,
): Reply | undefined {
  const type = lua.type(state, -1);
  if (field === "double" && type === LuaType.number) {
    return new DoubleReply(lua.module.lua_tonumber(state, -1));
  }
  if (field === "big_number" && type === LuaType.string) {
    return new BigNumberReply(lua.toText(state, -1).replace(/[\r\n]/g, " "));
  }
  if (type !== LuaType.table) return undefined;
  if (field === "map") return new MapReply(pairs(lua, state, protocol));
  if (field === "set") return new SetReply(pairs(lua, state, protocol).map(([key]) => key));
  if (field === "verbatim_string") {
    lua.getField(state, -1, "string");
    const bytes = lua.toBytes(state, -1);
    lua.pop(state);
    return new VerbatimReply(bytes);
  }
  return undefined;
}

function pairs(lua: LuaState, state: Address, protocol: Protocol): [Reply, Reply][] {
  const found: [Reply, Reply][] = [];
  lua.module.lua_pushnil(state);
  while (lua.module.lua_next(state, -2) !== 0) {
    const value = toReply(lua, state, protocol);
    lua.pop(state);
    found.push([toReply(lua, state, protocol), value]);
  }
  return found;
}

function arrayReply(lua: LuaState, state: Address, protocol: Protocol): Reply {
  const items: Reply[] = [];
  for (let place = 1; ; place++) {
    lua.module.lua_rawgeti(state, -1, place);
    if (lua.type(state, -1) === LuaType.nil) break;
    items.push(popReply(lua, state, protocol));
  }
  lua.pop(state);
  return items;
}
