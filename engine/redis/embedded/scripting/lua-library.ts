import type { Address } from "./lua-module.ts";
import { BIT_FUNCTIONS, toHex } from "./lua-bit.ts";
import { decodeJson, defaultJsonSettings, encodeJson } from "./lua-cjson.ts";
import { LuaRaise } from "./lua-raise.ts";
import { tableFunctions } from "./lua-tables.ts";
import { pushError, pushField } from "./lua-reply.ts";
import { sha1 } from "./sha1.ts";
import { type LuaState, LuaType, luaTypeName } from "./lua-state.ts";

/** A function for scripts: pushes results and answers how many. LuaRaise becomes a Lua error. */
export type HostFunction = (state: Address) => number;

/** What `redis.` needs from the running script. */
export interface RedisHost {
  /** Runs the command on the stack and pushes its reply. */
  call(state: Address, raisesErrors: boolean): number;
  setProtocol(protocol: 2 | 3): void;
  /** Whether there is a command of this name. */
  hasCommand(name: string): boolean;
  /** Whether this is a coroutine of the script's own, not the one that the script runs in. */
  mayYield(state: Address): boolean;
}

const REDIS_NUMBERS: Readonly<Record<string, number>> = {
  LOG_DEBUG: 0,
  LOG_VERBOSE: 1,
  LOG_NOTICE: 2,
  LOG_WARNING: 3,
  REDIS_VERSION_NUM: 0x0007000f,
  REPL_NONE: 0,
  REPL_AOF: 1,
  REPL_SLAVE: 2,
  REPL_REPLICA: 2,
  REPL_ALL: 3,
};

/** Pushes a table with the functions that Lua itself does not have: redis, cjson, bit, random. */
export function pushLibraries(
  lua: LuaState,
  state: Address,
  originalsSlot: number,
  host: RedisHost,
): void {
  const { module } = lua;
  module.lua_createtable(state, 0, 8);
  pushRedis(lua, state, host);
  lua.setField(state, -2, "redis");
  pushTable(lua, state, jsonFunctions(lua));
  module.lua_pushlightuserdata(state, 0);
  lua.setField(state, -2, "null");
  setTexts(lua, state, { _NAME: "cjson", _VERSION: "2.1.0" });
  lua.setField(state, -2, "cjson");
  pushTable(lua, state, bitFunctions(lua));
  lua.setField(state, -2, "bit");
  const others = {
    ...randomFunctions(lua),
    ...tableFunctions(lua, originalsSlot),
    yield: (calling: Address): number => {
      if (host.mayYield(calling)) return module.lua_yield(calling, module.lua_gettop(calling));
      lua.pushText(calling, "attempt to yield across metamethod/C-call boundary");
      return module.lua_error(calling);
    },
  };
  for (const [name, handler] of Object.entries(others)) {
    lua.pushFunction(state, guarded(lua, handler));
    lua.setField(state, -2, name);
  }
}

function setTexts(lua: LuaState, state: Address, texts: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(texts)) {
    lua.pushText(state, text);
    lua.setField(state, -2, name);
  }
}

export function pushTable(
  lua: LuaState,
  state: Address,
  functions: Readonly<Record<string, HostFunction>>,
): void {
  lua.module.lua_createtable(state, 0, 16);
  for (const [name, handler] of Object.entries(functions)) {
    lua.pushFunction(state, guarded(lua, handler));
    lua.setField(state, -2, name);
  }
}

/** A LuaRaise becomes a Lua error; anything else (Lua's own jumps) passes. */
function guarded(lua: LuaState, handler: HostFunction): HostFunction {
  return (state) => {
    let message: string;
    try {
      return handler(state);
    } catch (error) {
      if (!(error instanceof LuaRaise)) throw error;
      ({ message } = error);
    }
    return lua.raise(state, message);
  };
}

function pushRedis(lua: LuaState, state: Address, host: RedisHost): void {
  const { module } = lua;
  /** Redis's own errors are tables: they carry no place. */
  const fail = (calling: Address, text: string): number => {
    pushError(lua, calling, `ERR ${text}`);
    return module.lua_error(calling);
  };
  const count = (calling: Address): number => module.lua_gettop(calling);
  const isText = (calling: Address): boolean =>
    count(calling) === 1 && lua.type(calling, -1) === LuaType.string;
  module.lua_createtable(state, 0, 32);
  const functions: Record<string, HostFunction> = {
    call: (calling) => host.call(calling, true),
    pcall: (calling) => host.call(calling, false),
    error_reply: (calling) => {
      if (!isText(calling)) pushError(lua, calling, "ERR wrong number or type of arguments");
      else pushError(lua, calling, errorText(lua.toText(calling, -1)));
      return 1;
    },
    status_reply: (calling) => {
      if (!isText(calling)) pushError(lua, calling, "ERR wrong number or type of arguments");
      else pushField(lua, calling, "ok", lua.toText(calling, -1));
      return 1;
    },
    sha1hex: (calling) => {
      if (count(calling) !== 1) return fail(calling, "wrong number of arguments");
      const bytes = lua.toBytes(calling, 1);
      lua.pushText(calling, sha1(bytes));
      return 1;
    },
    log: (calling) => {
      if (count(calling) < 2) return fail(calling, "redis.log() requires two arguments or more.");
      if (lua.type(calling, 1) !== LuaType.number) {
        return fail(calling, "First argument must be a number (log level).");
      }
      const level = module.lua_tonumber(calling, 1);
      return level < 0 || level > 3 ? fail(calling, "Invalid debug level.") : 0;
    },
    setresp: (calling) => {
      if (count(calling) !== 1) return fail(calling, "redis.setresp() requires one argument.");
      const version = module.lua_tonumber(calling, 1);
      if (version !== 2 && version !== 3) return fail(calling, "RESP version must be 2 or 3.");
      host.setProtocol(version);
      return 0;
    },
    replicate_commands: (calling) => {
      module.lua_pushboolean(calling, 1);
      return 1;
    },
    set_repl: (calling) => {
      const flags = Math.trunc(module.lua_tonumber(calling, 1));
      if ((flags & ~3) === 0) return 0;
      return fail(
        calling,
        "Invalid replication flags. Use REPL_AOF, REPL_REPLICA, REPL_ALL or REPL_NONE.",
      );
    },
    breakpoint: (calling) => {
      module.lua_pushboolean(calling, 0);
      return 1;
    },
    debug: () => 0,
    acl_check_cmd: (calling) => {
      if (count(calling) === 0) {
        return fail(calling, "Please specify at least one argument for this redis lib call");
      }
      if (!host.hasCommand(lua.toText(calling, 1))) {
        return fail(calling, "Invalid command passed to redis.acl_check_cmd()");
      }
      module.lua_pushboolean(calling, 1);
      return 1;
    },
  };
  for (const [name, handler] of Object.entries(functions)) {
    lua.pushFunction(state, handler);
    lua.setField(state, -2, name);
  }
  for (const [name, value] of Object.entries(REDIS_NUMBERS)) {
    module.lua_pushnumber(state, value);
    lua.setField(state, -2, name);
  }
  setTexts(lua, state, { REDIS_VERSION: "7.0.15" });
}

/** A text of one word gets the code ERR; of several, its first word is the code. */
function errorText(given: string): string {
  const text = (given.startsWith("-") ? given.slice(1) : given).replace(/[\r\n]+$/, "");
  return text.includes(" ") ? text : `ERR ${text}`;
}

function jsonFunctions(lua: LuaState): Record<string, HostFunction> {
  const { module } = lua;
  const settings = defaultJsonSettings();
  const setting =
    (name: "precision" | "encodeDepth" | "decodeDepth"): HostFunction =>
    (state) => {
      if (module.lua_gettop(state) > 0) settings[name] = module.lua_tonumber(state, 1);
      module.lua_pushnumber(state, settings[name]);
      return 1;
    };
  const expectOne = (state: Address, name: string): void => {
    if (module.lua_gettop(state) !== 1) {
      throw new LuaRaise(`bad argument #1 to '${name}' (expected 1 argument)`);
    }
  };
  return {
    encode: (state) => {
      expectOne(state, "encode");
      const text = encodeJson(lua, state, settings);
      lua.pushText(state, text);
      return 1;
    },
    decode: (state) => {
      expectOne(state, "decode");
      const type = lua.type(state, 1);
      if (type !== LuaType.string && type !== LuaType.number) {
        throw new LuaRaise(
          `bad argument #1 to 'decode' (string expected, got ${luaTypeName(type)})`,
        );
      }
      decodeJson(lua, state, lua.toText(state, 1), settings);
      return 1;
    },
    encode_number_precision: setting("precision"),
    encode_max_depth: setting("encodeDepth"),
    decode_max_depth: setting("decodeDepth"),
    // Kept for scripts that set them: no buffer is kept, and NaN and infinities can be read.
    encode_keep_buffer: (state) => {
      module.lua_pushboolean(state, 1);
      return 1;
    },
    decode_invalid_numbers: (state) => {
      module.lua_pushboolean(state, 1);
      return 1;
    },
    encode_sparse_array: (state) => {
      const top = module.lua_gettop(state);
      if (top >= 1) settings.sparseConvert = module.lua_toboolean(state, 1) === 1;
      if (top >= 2) settings.sparseRatio = module.lua_tonumber(state, 2);
      if (top >= 3) settings.sparseSafe = module.lua_tonumber(state, 3);
      module.lua_pushboolean(state, settings.sparseConvert ? 1 : 0);
      module.lua_pushnumber(state, settings.sparseRatio);
      module.lua_pushnumber(state, settings.sparseSafe);
      return 3;
    },
    encode_invalid_numbers: (state) => {
      if (module.lua_gettop(state) > 0) {
        settings.encodeInvalidNumbers = module.lua_toboolean(state, 1) === 1;
      }
      module.lua_pushboolean(state, settings.encodeInvalidNumbers ? 1 : 0);
      return 1;
    },
  };
}

function bitFunctions(lua: LuaState): Record<string, HostFunction> {
  const { module } = lua;
  const functions: Record<string, HostFunction> = {};
  const read = (state: Address, name: string, index: number): number => {
    const type = lua.type(state, index);
    if (module.lua_isnumber(state, index) === 0) {
      throw new LuaRaise(
        `bad argument #${index} to '${name}' (number expected, got ${luaTypeName(type)})`,
      );
    }
    return module.lua_tonumber(state, index);
  };
  const readAll = (state: Address, name: string): number[] =>
    Array.from({ length: Math.max(module.lua_gettop(state), 1) }, (_, index) =>
      read(state, name, index + 1),
    );
  for (const [name, compute] of Object.entries(BIT_FUNCTIONS)) {
    functions[name] = (state) => {
      module.lua_pushnumber(state, compute(...readAll(state, name)));
      return 1;
    };
  }
  functions["tohex"] = (state) => {
    const [value = 0, digits] = readAll(state, "tohex");
    lua.pushText(state, toHex(value, digits));
    return 1;
  };
  return functions;
}

const MULTIPLIER = 0x5deece66dn;
const MASK = 2n ** 48n - 1n;
const RANDOM_MAX = 2 ** 31 - 1;

/** Redis replaces C's generator by one that gives the same numbers everywhere: drand48's. */
function randomFunctions(lua: LuaState): Record<string, HostFunction> {
  const { module } = lua;
  let x = 0x330en;
  const next = (): number => {
    x = (x * MULTIPLIER + 0xbn) & MASK;
    return (Number(x >> 17n) % RANDOM_MAX) / RANDOM_MAX;
  };
  return {
    random: (state) => {
      const count = module.lua_gettop(state);
      const part = next();
      const low = count >= 2 ? Math.trunc(module.lua_tonumber(state, 1)) : 1;
      const high = Math.trunc(module.lua_tonumber(state, count >= 2 ? 2 : 1));
      if (count > 2) throw new LuaRaise("wrong number of arguments");
      if (count > 0 && low > high) {
        throw new LuaRaise(`bad argument #${count} to 'random' (interval is empty)`);
      }
      module.lua_pushnumber(state, count === 0 ? part : Math.floor(part * (high - low + 1)) + low);
      return 1;
    },
    randomseed: (state) => {
      x = (BigInt(Math.trunc(module.lua_tonumber(state, 1)) >>> 0) << 16n) | 0x330en;
      return 0;
    },
  };
}
