import type { Address, LuaModule } from "./lua-module.ts";

export const LuaType = {
  nil: 0,
  boolean: 1,
  lightUserdata: 2,
  number: 3,
  string: 4,
  table: 5,
  function: 6,
} as const;

/** The name that Lua's error messages give a type. */
export function luaTypeName(type: number): string {
  const names = ["nil", "boolean", "userdata", "number", "string", "table", "function"];
  return names[type] ?? "no value";
}

const GLOBALS = -10002;
const SMALL = 4096;

/** The Lua stack with strings as bytes. Each method works on the state (a coroutine) it is given. */
export class LuaState {
  readonly #scratch: Address;
  readonly main: Address;

  constructor(readonly module: LuaModule) {
    this.#scratch = module.malloc(SMALL + 8);
    this.main = module.luaL_newstate();
    module.luaL_openlibs(this.main);
  }

  pushBytes(state: Address, bytes: Uint8Array): void {
    const { module } = this;
    const small = bytes.length <= SMALL;
    const at = small ? this.#scratch : module.malloc(bytes.length);
    module.HEAPU8.set(bytes, at);
    module.lua_pushlstring(state, at, bytes.length);
    if (!small) module.free(at);
  }

  pushText(state: Address, text: string): void {
    this.pushBytes(state, Buffer.from(text, "latin1"));
  }

  /** The bytes of a string (or number, which becomes a string) on the stack, copied. */
  toBytes(state: Address, index: number): Buffer {
    const { module } = this;
    const sizeAt = this.#scratch + SMALL;
    const at = module.lua_tolstring(state, index, sizeAt);
    const size = module.HEAPU32[sizeAt >> 2] ?? 0;
    return Buffer.from(module.HEAPU8.subarray(at, at + size));
  }

  toText(state: Address, index: number): string {
    return this.toBytes(state, index).toString("latin1");
  }

  type(state: Address, index: number): number {
    return this.module.lua_type(state, index);
  }

  pop(state: Address, count = 1): void {
    this.module.lua_settop(state, -count - 1);
  }

  /** Pushes `table[name]` without metamethods; the table is at `index`. */
  getField(state: Address, index: number, name: string): void {
    const table = this.#absolute(state, index);
    this.pushText(state, name);
    this.module.lua_rawget(state, table);
  }

  /** `table[name] = ` the top of the stack, which is popped. */
  setField(state: Address, index: number, name: string): void {
    const table = this.#absolute(state, index);
    this.pushText(state, name);
    this.module.lua_insert(state, -2);
    this.module.lua_rawset(state, table);
  }

  getGlobal(state: Address, name: string): void {
    this.pushText(state, name);
    this.module.lua_rawget(state, GLOBALS);
  }

  setGlobal(state: Address, name: string): void {
    this.pushText(state, name);
    this.module.lua_insert(state, -2);
    this.module.lua_rawset(state, GLOBALS);
  }

  /** Replaces the table of globals, also of coroutines made later, by the top of the stack. */
  replaceGlobals(state: Address): void {
    this.module.lua_replace(state, GLOBALS);
  }

  /** Pushes a function written in JavaScript; it answers how many results it has pushed. */
  pushFunction(state: Address, handler: (state: Address) => number): void {
    const address = this.module.addFunction((calling = 0) => handler(calling), "ii");
    this.module.lua_pushcclosure(state, address, 0);
  }

  /** Compiles; the function, or the error message, is on the stack. Answers whether it went well. */
  load(state: Address, code: Buffer, name: string): boolean {
    const { module } = this;
    const nameBytes = Buffer.from(`${name}\0`, "latin1");
    const at = module.malloc(code.length + nameBytes.length);
    module.HEAPU8.set(code, at);
    module.HEAPU8.set(nameBytes, at + code.length);
    const result = module.luaL_loadbuffer(state, at, code.length, at + code.length);
    module.free(at);
    return result === 0;
  }

  /** Raises a Lua error with a message that begins with the place of the calling script. Never returns. */
  raise(state: Address, message: string): number {
    this.module.luaL_where(state, 1);
    const place = this.toText(state, -1);
    this.pop(state);
    this.pushText(state, place + message);
    return this.module.lua_error(state);
  }

  #absolute(state: Address, index: number): number {
    return index < 0 && index > -10000 ? this.module.lua_gettop(state) + index + 1 : index;
  }
}
