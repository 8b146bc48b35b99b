import type { Address } from "./lua-module.ts";
import { LuaRaise } from "./lua-raise.ts";
import { type LuaState, LuaType, luaTypeName } from "./lua-state.ts";

const REGISTRY = -10000;

/**
 * Lua's functions on tables for a world in which some tables are read-only: those are empty ones
 * that stand before their originals, found in the table of the registry's slot.
 */
export function tableFunctions(
  lua: LuaState,
  originalsSlot: number,
): Record<string, (state: Address) => number> {
  const { module } = lua;
  const expectTable = (state: Address, name: string): void => {
    const type = lua.type(state, 1);
    if (type === LuaType.table) return;
    throw new LuaRaise(`bad argument #1 to '${name}' (table expected, got ${luaTypeName(type)})`);
  };
  /** Puts the original in the place of a read-only table; answers whether it was one. */
  const unwrap = (state: Address): boolean => {
    module.lua_rawgeti(state, REGISTRY, originalsSlot);
    module.lua_pushvalue(state, 1);
    module.lua_rawget(state, -2);
    module.lua_remove(state, -2);
    const found = lua.type(state, -1) !== LuaType.nil;
    if (found) module.lua_replace(state, 1);
    else lua.pop(state);
    return found;
  };
  const refuseReadOnly = (state: Address): boolean => {
    if (!unwrap(state)) return false;
    lua.pushText(state, "Attempt to modify a readonly table");
    return true;
  };
  const next = (state: Address): number => {
    module.lua_settop(state, 2);
    if (module.lua_next(state, 1) !== 0) return 2;
    module.lua_pushnil(state);
    return 1;
  };
  return {
    next: (state) => {
      expectTable(state, "next");
      unwrap(state);
      return next(state);
    },
    pairs: (state) => {
      expectTable(state, "pairs");
      unwrap(state);
      module.lua_rawgeti(state, REGISTRY, originalsSlot);
      lua.getField(state, -1, "next");
      module.lua_remove(state, -2);
      module.lua_pushvalue(state, 1);
      module.lua_pushnil(state);
      return 3;
    },
    rawset: (state) => {
      expectTable(state, "rawset");
      if (refuseReadOnly(state)) return module.lua_error(state);
      module.lua_settop(state, 3);
      module.lua_rawset(state, 1);
      return 1;
    },
    setmetatable: (state) => {
      expectTable(state, "setmetatable");
      const type = lua.type(state, 2);
      if (type !== LuaType.nil && type !== LuaType.table) {
        throw new LuaRaise("bad argument #2 to 'setmetatable' (nil or table expected)");
      }
      if (refuseReadOnly(state)) return module.lua_error(state);
      if (module.lua_getmetatable(state, 1) !== 0) {
        lua.getField(state, -1, "__metatable");
        if (lua.type(state, -1) !== LuaType.nil) {
          throw new LuaRaise("cannot change a protected metatable");
        }
      }
      module.lua_settop(state, 2);
      module.lua_setmetatable(state, 1);
      return 1;
    },
  };
}
