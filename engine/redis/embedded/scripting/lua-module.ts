import { createRequire } from "node:module";
import { workerData } from "node:worker_threads";

/** The address of a Lua state (or of anything else) in the memory of the module. */
export type Address = number;

/** The parts of the Lua C API that are used, as the WebAssembly module exports them. */
export interface LuaModule {
  readonly HEAPU8: Uint8Array;
  readonly HEAPU16: Uint16Array;
  readonly HEAPU32: Uint32Array;
  addFunction(handler: (...args: number[]) => number | undefined, signature: string): Address;
  malloc(size: number): Address;
  free(address: Address): void;
  luaL_newstate(): Address;
  luaL_openlibs(state: Address): void;
  luaL_loadbuffer(state: Address, code: Address, size: number, name: Address): number;
  luaL_where(state: Address, level: number): void;
  lua_pcall(state: Address, args: number, results: number, handler: number): number;
  lua_newthread(state: Address): Address;
  lua_resume(state: Address, args: number): number;
  lua_yield(state: Address, results: number): number;
  lua_sethook(state: Address, hook: Address, mask: number, count: number): void;
  lua_error(state: Address): number;
  lua_gc(state: Address, what: number, data: number): number;
  lua_checkstack(state: Address, size: number): number;
  lua_gettop(state: Address): number;
  lua_settop(state: Address, index: number): void;
  lua_pushvalue(state: Address, index: number): void;
  lua_remove(state: Address, index: number): void;
  lua_replace(state: Address, index: number): void;
  lua_insert(state: Address, index: number): void;
  lua_type(state: Address, index: number): number;
  lua_isnumber(state: Address, index: number): number;
  lua_setmetatable(state: Address, index: number): number;
  lua_getmetatable(state: Address, index: number): number;
  lua_next(state: Address, index: number): number;
  lua_objlen(state: Address, index: number): number;
  lua_rawequal(state: Address, left: number, right: number): number;
  lua_rawget(state: Address, index: number): void;
  lua_rawgeti(state: Address, index: number, place: number): void;
  lua_rawset(state: Address, index: number): void;
  lua_rawseti(state: Address, index: number, place: number): void;
  lua_gettable(state: Address, index: number): void;
  lua_createtable(state: Address, arraySize: number, recordSize: number): void;
  lua_setfenv(state: Address, index: number): number;
  lua_xmove(from: Address, to: Address, count: number): void;
  lua_pushnil(state: Address): void;
  lua_pushnumber(state: Address, value: number): void;
  lua_pushboolean(state: Address, value: number): void;
  lua_pushlstring(state: Address, text: Address, size: number): void;
  lua_pushlightuserdata(state: Address, value: Address): void;
  lua_pushcclosure(state: Address, handler: Address, upvalues: number): void;
  lua_tonumber(state: Address, index: number): number;
  lua_toboolean(state: Address, index: number): number;
  lua_tolstring(state: Address, index: number, size: Address): Address;
}

/** The exports of the WebAssembly module have an underscore before each name. */
type WasmModule = Readonly<Record<string, unknown>>;

interface Wasmoon {
  LuaApi: { initialize(): Promise<{ module: WasmModule }> };
}

/** Loads Lua 5.1, about 20 ms; only when the first script comes. */
export async function loadLuaModule(): Promise<LuaModule> {
  // In a worker the bundle may lie outside the folder with the packages.
  const data: unknown = workerData;
  const from =
    typeof data === "object" && data !== null && "resolveFrom" in data
      ? String(data.resolveFrom)
      : import.meta.url;
  const wasmoon = createRequire(from)("wasmoon-lua5.1") as Wasmoon;
  const { module } = await wasmoon.LuaApi.initialize();
  const views = {
    // Growing the memory makes new views, so they are asked for each time.
    get HEAPU8() {
      return module["HEAPU8"];
    },
    get HEAPU16() {
      return module["HEAPU16"];
    },
    get HEAPU32() {
      return module["HEAPU32"];
    },
  };
  for (const [name, exported] of Object.entries(module)) {
    if (typeof exported !== "function") continue;
    Object.defineProperty(views, name.replace(/^_/, ""), { value: exported });
  }
  return views as unknown as LuaModule;
}
