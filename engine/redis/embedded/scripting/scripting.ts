import { Client } from "../client.ts";
import { call, lookUp } from "../dispatch.ts";
import { formatDouble } from "../format-double.ts";
import { RedisError } from "../redis-error.ts";
import { bulk, ErrorReply, NO_REPLY, OK, type Reply } from "../reply.ts";
import type { Protocol } from "../reply-encoder.ts";
import type { Server } from "../server.ts";
import { pushLibraries } from "./lua-library.ts";
import { type Address, loadLuaModule, type LuaModule } from "./lua-module.ts";
import { LUA_PRELUDE } from "./lua-prelude.ts";
import { popReply, pushError, pushReply } from "./lua-reply.ts";
import { LuaState, LuaType } from "./lua-state.ts";
import { sha1 } from "./sha1.ts";
import { readShebang } from "./script-shebang.ts";

const REGISTRY = -10000;
const COUNT_HOOK = 8;
const HOOK_EVERY_INSTRUCTIONS = 100_000;
const LUA_YIELD = 1;
const MOST_MEMORY_KEPT = 128 * 1024 * 1024;
/** Where the state keeps what scripts must not reach. */
const SLOT_WORLD = 7001;
const SLOT_DESCRIBE = 7002;
const SLOT_GLOBALS = 7003;
const SLOT_SCRIPTS = 7004;
const SLOT_ORIGINALS = 7005;
/** Places in lua_State of nCcalls and baseCcalls (16 bits each): unequal inside a C call. */
const C_CALLS_AT = 52;
const BASE_C_CALLS_AT = 54;
/** A script that cannot be interrupted (in pcall, MULTI) is ended after so many thresholds. */
const LIMIT_IN_THRESHOLDS = 2;

/** Reading commands that Redis sends to replicas, and so refuses in read-only scripts. */
const PROPAGATED = new Set(["publish", "spublish", "pfcount"]);

interface Script {
  readonly body: Buffer;
  readonly flags: ReadonlySet<string> | undefined;
}

interface Run {
  readonly caller: Client;
  readonly sha: string;
  readonly thread: Address;
  readonly readOnly: boolean;
  readonly startedAt: number;
  readonly mayWait: boolean;
  hasWritten: boolean;
  killed: boolean;
  stopped: boolean;
}

/** Lua scripts: one state for all, loaded with the first script. */
export class Scripting {
  readonly busyError = new ErrorReply(
    "BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.",
  );
  /** A script has run for longer than the threshold, and others are refused until it ends. */
  isBusy = false;
  readonly #scripts = new Map<string, Script>();
  #module: LuaModule | undefined;
  #lua: LuaState | undefined;
  #hook: Address = 0;
  #run: Run | undefined;
  #client: Client | undefined;

  constructor(private readonly server: Server) {}

  get isLoaded(): boolean {
    return this.#lua !== undefined;
  }

  /** Whether a command can only be carried out with Lua. */
  isNeededBy(command: string): boolean {
    return command.startsWith("eval") || command === "script|load";
  }

  async load(): Promise<void> {
    if (this.#lua) return;
    const module = await loadLuaModule();
    // Several clients may have waited for it.
    if (this.#lua) return;
    this.#module = module;
    this.#newState(module);
    const bodies = [...this.#scripts.values()].map((script) => script.body);
    this.#scripts.clear();
    for (const body of bodies) this.add(body);
  }

  /** Whether each of the scripts is known, as 1 and 0. */
  exists(shas: readonly Buffer[]): number[] {
    return shas.map((sha) => (this.#scripts.has(sha.toString("latin1").toLowerCase()) ? 1 : 0));
  }

  flush(): void {
    this.#scripts.clear();
    if (this.#module && !this.#run) this.#newState(this.#module);
  }

  /** SCRIPT KILL */
  kill(): Reply {
    if (!this.#run) throw new RedisError("NOTBUSY No scripts in execution right now.");
    if (this.#run.hasWritten) {
      throw new RedisError(
        "UNKILLABLE Sorry the script already executed write commands against the dataset. You can either wait the script termination or kill the server in a hard way using the SHUTDOWN NOSAVE command.",
      );
    }
    this.#run.killed = true;
    return OK;
  }

  /**
   * Compiles a script and remembers it; answers its SHA1.
   * @throws RedisError when it does not compile
   */
  add(body: Buffer): string {
    const sha = sha1(body);
    if (this.#scripts.has(sha)) return sha;
    const lua = this.#state;
    const { code, flags } = readShebang(body);
    const { main, module } = lua;
    module.lua_rawgeti(main, REGISTRY, SLOT_SCRIPTS);
    if (!lua.load(main, code, "@user_script")) {
      const message = lua.toText(main, -1);
      lua.pop(main, 2);
      throw new RedisError(`ERR Error compiling script (new function): ${message}`);
    }
    lua.setField(main, -2, sha);
    lua.pop(main);
    this.#scripts.set(sha, { body, flags });
    return sha;
  }

  /** EVALSHA by the SHA1, in lower case; `readOnly` for the _RO commands. */
  run(
    caller: Client,
    sha: string,
    keys: readonly Buffer[],
    values: readonly Buffer[],
    readOnly: boolean,
  ): Reply {
    const script = this.#scripts.get(sha);
    if (!script) throw new RedisError("NOSCRIPT No matching script. Please use EVAL.");
    const noWrites = script.flags?.has("no-writes") === true;
    if (readOnly && script.flags && !noWrites) {
      throw new RedisError("ERR Can not execute a script with write flag using *_ro command.");
    }
    const lua = this.#state;
    const { main, module } = lua;
    module.lua_rawgeti(main, REGISTRY, SLOT_WORLD);
    this.#setList("KEYS", keys);
    this.#setList("ARGV", values);
    lua.pop(main);
    const thread = module.lua_newthread(main);
    module.lua_rawgeti(thread, REGISTRY, SLOT_SCRIPTS);
    lua.getField(thread, -1, sha);
    module.lua_remove(thread, -2);
    module.lua_sethook(thread, this.#hook, COUNT_HOOK, HOOK_EVERY_INSTRUCTIONS);
    const client = this.#scriptClient;
    client.database = caller.database;
    client.protocol = 2;
    this.#run = {
      caller,
      sha,
      thread,
      readOnly: readOnly || noWrites,
      startedAt: performance.now(),
      mayWait: !this.server.inTransaction,
      hasWritten: false,
      killed: false,
      stopped: false,
    };
    return this.#goOn(this.#run);
  }

  get #state(): LuaState {
    if (!this.#lua) throw new Error("Lua is not loaded");
    return this.#lua;
  }

  get #scriptClient(): Client {
    this.#client ??= new Client(
      this.server,
      0,
      {
        remoteAddress: "lua",
        localAddress: "lua",
        outputReady: () => {},
        resume: () => {},
        close: () => {},
        destroy: () => {},
      },
      true,
    );
    return this.#client;
  }

  /** Runs until the script ends, or has been busy for so long that others get their turn. */
  #goOn(run: Run): Reply {
    const lua = this.#state;
    let result: number;
    try {
      result = lua.module.lua_resume(run.thread, 0);
    } catch (error) {
      // WebAssembly itself gave up (its stack is full): the state cannot be trusted any more.
      this.#run = undefined;
      this.isBusy = false;
      this.#discard();
      const text = error instanceof Error ? error.message : String(error);
      return new ErrorReply(`ERR Error running script ${run.sha}: ${text}`);
    }
    if (result === LUA_YIELD) {
      this.isBusy = true;
      run.caller.suspended = true;
      setImmediate(() => this.#goOnLater(run));
      return NO_REPLY;
    }
    this.#run = undefined;
    this.isBusy = false;
    const reply =
      result === 0
        ? popResult(lua, run.thread, this.#scriptClient.protocol)
        : this.#describeError(lua, run);
    lua.pop(lua.main);
    // The memory of WebAssembly only grows.
    if (lua.module.HEAPU8.length > MOST_MEMORY_KEPT && !this.server.inTransaction) this.#discard();
    return reply;
  }

  #goOnLater(run: Run): void {
    if (this.#run !== run) return;
    this.server.clock.refresh();
    const reply = this.#goOn(run);
    if (reply === NO_REPLY) return;
    run.caller.reply(reply);
    run.caller.resume();
    this.server.blocked.serveReady();
  }

  #describeError(lua: LuaState, run: Run): Reply {
    const { main, module } = lua;
    const top = module.lua_gettop(main);
    module.lua_rawgeti(main, REGISTRY, SLOT_DESCRIBE);
    // The coroutine lies on the main stack; its error is on top of its own.
    module.lua_pushvalue(main, top);
    module.lua_xmove(run.thread, main, 1);
    if (module.lua_pcall(main, 2, 3, 0) !== 0) {
      const message = lua.toText(main, -1);
      module.lua_settop(main, top);
      return new ErrorReply(`ERR Error running script ${run.sha}: ${message}`);
    }
    const message = lua.toText(main, top + 1);
    const hasPlace = lua.type(main, top + 2) === LuaType.string;
    const place = hasPlace
      ? ` script: ${run.sha}, on ${lua.toText(main, top + 2)}:${lua.toText(main, top + 3)}.`
      : "";
    module.lua_settop(main, top);
    return new ErrorReply(`${message}${place}`);
  }

  #setList(name: string, items: readonly Buffer[]): void {
    const { main, module } = this.#state;
    module.lua_createtable(main, items.length, 0);
    for (const [index, item] of items.entries()) {
      this.#state.pushBytes(main, item);
      module.lua_rawseti(main, -2, index + 1);
    }
    this.#state.setField(main, -2, name);
  }

  /** redis.call and redis.pcall */
  #call(state: Address, raisesErrors: boolean): number {
    const lua = this.#state;
    let reply: Reply;
    try {
      reply = this.#carryOut(state);
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      reply = new ErrorReply(error instanceof RedisError ? text : `ERR internal error: ${text}`);
    }
    pushReply(lua, state, reply, this.#scriptClient.protocol);
    if (reply instanceof ErrorReply && raisesErrors) return lua.module.lua_error(state);
    return 1;
  }

  #carryOut(state: Address): Reply {
    const run = this.#run;
    if (!run) throw new RedisError("ERR redis.call can only be called inside a script invocation");
    const args = this.#readArguments(state);
    const command = lookUp(this.server.table, args);
    if (command instanceof ErrorReply) {
      throw new RedisError(
        command.text.includes("wrong number of arguments")
          ? "ERR Wrong number of args calling Redis command from script"
          : "ERR Unknown Redis command called from script",
      );
    }
    if (command.flags.has("noscript")) {
      throw new RedisError("ERR This Redis command is not allowed from script");
    }
    if (run.readOnly && (command.writes || PROPAGATED.has(command.name))) {
      throw new RedisError("ERR Write commands are not allowed from read-only scripts.");
    }
    if (command.writes) run.hasWritten = true;
    return call(this.#scriptClient, command, args);
  }

  #readArguments(state: Address): Buffer[] {
    const lua = this.#state;
    const count = lua.module.lua_gettop(state);
    if (count === 0) {
      throw new RedisError("ERR Please specify at least one argument for this redis lib call");
    }
    return Array.from({ length: count }, (_, index) => {
      const type = lua.type(state, index + 1);
      if (type === LuaType.string) return lua.toBytes(state, index + 1);
      if (type === LuaType.number) {
        return bulk(formatDouble(lua.module.lua_tonumber(state, index + 1)));
      }
      throw new RedisError("ERR Lua redis lib command arguments must be strings or integers");
    });
  }

  /** Called by Lua every so many instructions. */
  #onHook(state: Address): void {
    const run = this.#run;
    const lua = this.#lua;
    if (!run || !lua) return;
    const { module } = lua;
    if (run.killed || run.stopped) {
      // Again at the next instruction, so that pcall does not help.
      module.lua_sethook(state, this.#hook, COUNT_HOOK, 1);
      pushError(
        lua,
        state,
        run.killed
          ? "ERR Script killed by user with SCRIPT KILL."
          : "ERR Script stopped: inside pcall or MULTI, the embedded Redis ends a script that runs too long.",
      );
      module.lua_error(state);
      return;
    }
    const elapsedMs = performance.now() - run.startedAt;
    const thresholdMs = this.server.config.busyReplyThresholdMs;
    if (thresholdMs <= 0 || elapsedMs < thresholdMs) return;
    const words = module.HEAPU16;
    const canYield =
      state === run.thread &&
      run.mayWait &&
      words[(state + C_CALLS_AT) >> 1] === words[(state + BASE_C_CALLS_AT) >> 1];
    if (canYield) module.lua_yield(state, 0);
    else if (elapsedMs > thresholdMs * LIMIT_IN_THRESHOLDS) run.stopped = true;
  }

  #newState(module: LuaModule): void {
    const lua = new LuaState(module);
    const { main } = lua;
    this.#lua = lua;
    this.#hook ||= module.addFunction((state = 0) => {
      this.#onHook(state);
      return undefined;
    }, "vii");
    if (!lua.load(main, Buffer.from(LUA_PRELUDE, "latin1"), "=(workbook)")) {
      throw new Error(lua.toText(main, -1));
    }
    pushLibraries(lua, main, SLOT_ORIGINALS, {
      call: (state, raisesErrors) => this.#call(state, raisesErrors),
      hasCommand: (name) => this.server.table.has(name.toLowerCase()),
      mayYield: (state) => state !== this.#run?.thread,
      setProtocol: (protocol) => {
        this.#scriptClient.protocol = protocol;
      },
    });
    if (module.lua_pcall(main, 1, 4, 0) !== 0) throw new Error(lua.toText(main, -1));
    module.lua_rawseti(main, REGISTRY, SLOT_ORIGINALS);
    module.lua_rawseti(main, REGISTRY, SLOT_DESCRIBE);
    module.lua_rawseti(main, REGISTRY, SLOT_WORLD);
    module.lua_pushvalue(main, -1);
    module.lua_rawseti(main, REGISTRY, SLOT_GLOBALS);
    lua.replaceGlobals(main);
    module.lua_createtable(main, 0, 0);
    module.lua_rawseti(main, REGISTRY, SLOT_SCRIPTS);
  }

  /** Forgets Lua and its memory; the next script loads it anew, with the scripts that are known. */
  #discard(): void {
    this.#module = undefined;
    this.#lua = undefined;
    this.#hook = 0;
  }
}

function popResult(lua: LuaState, thread: Address, protocol: Protocol): Reply {
  if (lua.module.lua_gettop(thread) === 0) return null;
  // Of several results only the first counts.
  lua.module.lua_settop(thread, 1);
  return popReply(lua, thread, protocol);
}
