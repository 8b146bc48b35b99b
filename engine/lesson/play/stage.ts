import { randomBytes } from "node:crypto";
import { Browser } from "../../http/browser.ts";
import { sessionIdOf } from "../../http/session-id.ts";
import { waitUntil } from "../../process/deadline.ts";
import type { StartedProgram } from "../../process/start-program.ts";
import type { Listening } from "../../redis/cli/listen.ts";
import { listenAt, openRedisPrompt, type RedisPrompt } from "../../redis/cli/redis-prompt.ts";
import { type LoggedCommand, type StartedGate, startGate } from "../../redis/gate.ts";
import type { StartedRedis } from "../../redis/provide-redis.ts";
import type { SentinelTopology } from "../../redis/start-sentinel-topology.ts";
import type { TopologyVerb } from "../../redis/topology/topology-actions.ts";
import { settle } from "../../redis/settle.ts";
import { type Names, UnknownName } from "../expect/names.ts";
import type { Lesson } from "../lesson.ts";
import type { ProgramLine, SeenCommand, Trouble } from "../lesson-event.ts";
import { describeSeen } from "./describe-seen.ts";
import { ProgramSlot } from "./program-slot.ts";
import { findSessionCookie, type SessionCookie, SessionLabels } from "./session-labels.ts";
import { useTopology, type UsedTopology } from "./use-topology.ts";
import { KeysViewer, type KeysView } from "./view-keys.ts";

/** What a stage is built from. */
export interface StageOptions {
  readonly lesson: Pick<Lesson, "apps" | "cookie" | "redis">;
  /** Absolute path of the lesson's folder. */
  readonly folder: string;
  readonly redis: Promise<StartedRedis>;
  /** Ports that the programs had on the stage before. */
  readonly ports: ReadonlyMap<string, number>;
  readonly tell: (event: ProgramLine | Trouble) => void;
  /** Each command of a program, as it comes. */
  readonly onCommand: (command: () => SeenCommand) => void;
}

const QUIET_DEADLINE_MS = 5000;
const STALLED_QUIET_MS = 200;
const ORDER_DEADLINE_MS = 3000;
const RECONNECT_DEADLINE_MS = 5000;
const REQUEST_DEADLINE_MS = 20_000;

/**
 * Everything that lives while a lesson plays: a Redis, gates, programs, browsers, and the names bound so
 * far. Going back means a new one.
 */
export class Stage implements AsyncDisposable {
  readonly folder: string;
  readonly redis: Promise<StartedRedis>;
  readonly slots: ReadonlyMap<string, ProgramSlot>;
  readonly labels = new SessionLabels();
  readonly names: Names;
  readonly secret = randomBytes(24).toString("base64url");
  /** Troubles of programs that were shown in full. */
  readonly shownTroubles = new WeakSet<Trouble>();
  /** The state of Redis for the programs. */
  outage: "none" | "cut" | "stalled" = "none";
  readonly #gates: readonly { name: string; gate: Promise<StartedGate> }[];
  readonly #ownGate: Promise<StartedGate>;
  readonly #browsers = new Map<string, Browser>();
  readonly #cookie: string | undefined;
  /** The session that each browser held last: it is still spoken of when its cookie is gone. */
  readonly #lastSessions = new Map<string, SessionCookie>();
  #nodes: SentinelTopology | undefined;
  readonly #seen: { program: string; command: LoggedCommand }[] = [];
  /** In place of one Redis. */
  readonly #topology: Promise<UsedTopology> | undefined;
  /** Of the one Redis, or of each node of a topology. */
  readonly #prompts = new Map<string, RedisPrompt>();
  #keys: Promise<KeysViewer> | undefined;
  #offsetMs = 0;

  constructor(options: StageOptions) {
    const { lesson, redis, folder } = options;
    this.folder = folder;
    this.redis = redis;
    this.#cookie = lesson.cookie;
    // Whoever asks for the Redis hears of its failure.
    redis.catch(() => {});
    const see = (name: string, gate: StartedGate) => {
      gate.onCommand((command) => {
        if (command.handshake) return;
        this.#seen.push({ program: name, command });
        options.onCommand(() => describeSeen(name, command));
      });
    };
    if (lesson.redis === "sentinel") {
      this.#topology = redis.then((started) => {
        const used = useTopology(started, see);
        this.#nodes = used.topology;
        return used;
      });
      this.#ownGate = this.#topology.then(({ gate }) => gate);
      this.#topology.catch(() => {});
      this.#ownGate.catch(() => {});
      this.#gates = [];
    } else {
      this.#ownGate = startGate({ redis, refuse: false });
      this.#gates = lesson.apps.map(({ name }) => ({
        name,
        gate: startGate({ redis, refuse: false }).then((gate) => {
          see(name, gate);
          return gate;
        }),
      }));
    }
    const setting = {
      folder,
      environment: async () => ({
        SESSION_SECRET: this.secret,
        ...(await this.#topology)?.environment,
      }),
      offsetMs: () => this.#offsetMs,
      tell: options.tell,
    };
    this.slots = new Map(
      lesson.apps.map((app, at) => {
        const gate = this.#gates[at]?.gate ?? this.#ownGate;
        const port = options.ports.get(app.name);
        return [app.name, new ProgramSlot(app, { gate, setting, port })];
      }),
    );
    for (const slot of this.slots.values()) if (!slot.app.byHand) slot.start();
    this.names = this.#createNames();
  }

  get offsetMs(): number {
    return this.#offsetMs;
  }

  /** Waits for the Redis and for every program that was started; answers what went wrong. */
  async ready(): Promise<Trouble[]> {
    await this.redis;
    const troubles = await Promise.all(
      [...this.slots.values()].map(async (slot) => await slot.ready()),
    );
    return troubles.filter((trouble) => trouble !== undefined);
  }

  /** The browser of this name; `nobody` has no cookies, each time. */
  browser(name: string): Browser {
    let browser = this.#browsers.get(name);
    if (browser === undefined) {
      browser = new Browser({
        name,
        baseUrl: () => [...this.slots.values()][0]?.url ?? "http://127.0.0.1:1",
        deadlineMs: REQUEST_DEADLINE_MS,
        offsetMs: this.#offsetMs,
      });
      this.#browsers.set(name, browser);
    }
    return browser;
  }

  /** Notes which session each browser holds now. */
  noteSessions(): void {
    for (const browser of this.#browsers.values()) {
      const cookie = findSessionCookie(browser, this.#cookie);
      if (cookie === undefined) continue;
      this.labels.note(browser.name, cookie.id);
      this.#lastSessions.set(browser.name, cookie);
    }
  }

  /** Notes a session that an answer has begun: of two at the same moment a browser keeps one. */
  noteAnswer(browser: string, headers: readonly (readonly [string, string])[]): void {
    for (const [name, value] of headers) {
      if (name.toLowerCase() !== "set-cookie") continue;
      const [, cookie = "", content = ""] = /^([^=;]*)=([^;]*)/.exec(value) ?? [];
      const id = sessionIdOf(content);
      const isSession = this.#cookie === undefined ? id !== undefined : cookie === this.#cookie;
      if (isSession) this.labels.note(browser, id ?? content);
    }
  }

  /** Answers a function that lists the commands that have come since. */
  watchCommands(): () => SeenCommand[] {
    this.#seen.length = 0;
    return () => this.#seen.map(({ program, command }) => describeSeen(program, command));
  }

  /** Waits until the programs have nothing to do. With `held`, replies kept back do not count. */
  async quiet(held = false): Promise<void> {
    const running = this.running();
    await Promise.all(
      running.map(async ({ gate, program }) => {
        await settle({
          gate: await gate,
          programs: [program],
          // Commands that are stuck in a stalled Redis would never be answered.
          deadlineMs: this.outage === "stalled" ? STALLED_QUIET_MS : QUIET_DEADLINE_MS,
          held,
        });
      }),
    );
  }

  running(): { slot: ProgramSlot; gate: Promise<StartedGate>; program: StartedProgram }[] {
    return [...this.slots.values()].flatMap((slot) =>
      slot.program === undefined || slot.url === undefined
        ? []
        : [{ slot, gate: slot.gate, program: slot.program }],
    );
  }

  async travel(ms: number): Promise<void> {
    await this.quiet();
    this.#offsetMs += ms;
    const redis = await this.redis;
    await redis.travel(ms);
    await Promise.all(
      this.running().map(async ({ program }) => {
        await program.setOffset(this.#offsetMs, ORDER_DEADLINE_MS);
      }),
    );
    for (const browser of this.#browsers.values()) browser.travel(ms);
  }

  /** For the programs only: the prompt still reaches Redis. */
  async changeRedis(to: "cut" | "stall" | "restore"): Promise<void> {
    const gates = await Promise.all(this.#gates.map(async ({ gate }) => await gate));
    if (to === "restore") {
      await Promise.all(gates.map(async (gate) => await gate.restore()));
      this.outage = "none";
      return;
    }
    for (const gate of gates) gate[to]();
    this.outage = to === "cut" ? "cut" : "stalled";
  }

  /** After an outage: waits until the programs that had a connection have one again. */
  async reconnected(): Promise<void> {
    const gates = await Promise.all(this.running().map(async ({ gate }) => await gate));
    const used = gates.filter((gate) => gate.log.length > 0);
    await waitUntil(() => used.every(({ connections }) => connections > 0), RECONNECT_DEADLINE_MS);
    await this.quiet();
  }

  /**
   * Kills, starts, waits, holds back; answers what came of it, in words.
   * @throws when it did not come true within its deadline
   */
  async changeTopology(verb: TopologyVerb, target: string): Promise<string> {
    const used = await this.#topology;
    if (used === undefined) throw new Error("This lesson has one Redis");
    try {
      return await used.topology.act(verb, target);
    } finally {
      // A sentinel that changes a Redis ends its connections.
      for (const prompt of this.#prompts.values()) prompt[Symbol.dispose]();
      this.#prompts.clear();
    }
  }

  /**
   * One line typed at the prompt, names put in.
   * @param on of a topology: which of its Redises and sentinels; without, the primary
   */
  async type(line: string, on?: string): Promise<string[]> {
    await this.redis;
    const used = await this.#topology;
    if (used === undefined) return await this.#promptAt((await this.#ownGate).url).type(line);
    const { topology } = used;
    const name = await topology.resolve(on ?? "primary");
    if (!topology.running.includes(name)) {
      // In the words of redis-cli.
      return [
        `Could not connect to Redis at 127.0.0.1:${topology.portOf(name)}: Connection refused`,
      ];
    }
    return await this.#promptAt(topology.urlOf(name)).type(line);
  }

  /** Past every gate: what comes answers no command. Undefined: it is a line for `type`. */
  async listen(line: string, show: (lines: string[]) => void): Promise<Listening | undefined> {
    const used = await this.#topology;
    const url =
      used === undefined
        ? (await this.redis).url
        : used.topology.urlOf(await used.topology.resolve("primary"));
    return await listenAt(url, line, show);
  }

  /** What a program that runs to its end is given. */
  async runEnvironment(): Promise<Record<string, string>> {
    return {
      REDIS_URL: (await this.#ownGate).url,
      SESSION_SECRET: this.secret,
      ...(await this.#topology)?.environment,
    };
  }

  async viewKeys(): Promise<KeysView> {
    this.#keys ??= this.redis.then((redis) => new KeysViewer(redis, this.labels));
    const viewer = await this.#keys;
    const topology = (await this.#topology)?.topology;
    const words = this.#seen.flatMap(({ command }) => command.args.slice(1));
    if (topology === undefined) {
      const isOut = this.outage !== "none";
      return { ...(await viewer.view(words)), ...(isOut ? { outOfReach: true } : {}) };
    }
    const primary = await topology.primary();
    try {
      return { ...(await viewer.view(words)), place: `on ${primary}, the primary` };
    } catch {
      // It was killed, or is losing its connections to a failover at this moment.
      return { keys: [], moreKeys: 0, unseen: "no primary answers" };
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const prompt of this.#prompts.values()) prompt[Symbol.dispose]();
    await Promise.all([...this.slots.values()].map(async (slot) => await slot.stop()));
    const gates = [this.#ownGate, ...this.#gates.map(({ gate }) => gate)];
    await Promise.all(
      gates.map(async (gate) => await (await gate.catch(() => undefined))?.[Symbol.asyncDispose]()),
    );
    const redis = await this.redis.catch(() => undefined);
    await redis?.[Symbol.asyncDispose]();
  }

  #promptAt(url: string): RedisPrompt {
    let prompt = this.#prompts.get(url);
    if (prompt === undefined) {
      prompt = openRedisPrompt(url);
      this.#prompts.set(url, prompt);
    }
    return prompt;
  }

  #portOf(name: string): number | undefined {
    return this.slots.get(name)?.port ?? this.#nodes?.portOf(name);
  }

  #createNames(): Names {
    const bound = new Map<string, string>();
    return {
      bound: (name) => bound.get(name),
      bind: (name, value) => void bound.set(name, value),
      get: (name, of) => {
        if (of === "port" || (of === undefined && name === "port" && !bound.has(name))) {
          const [first] = this.slots.values();
          const port = of === "port" ? this.#portOf(name) : first?.port;
          if (port === undefined)
            throw new UnknownName(`${name} has not listened yet: it has no port.`);
          return String(port);
        }
        if (of === undefined) {
          const value = bound.get(name);
          if (value === undefined) {
            throw new UnknownName(
              `$${name} has no value: the expectation with {{${name}}} did not hold.`,
            );
          }
          return value;
        }
        const browser = this.#browsers.get(name);
        const cookie =
          (browser && findSessionCookie(browser, this.#cookie)) ?? this.#lastSessions.get(name);
        if (cookie === undefined) {
          throw new UnknownName(
            `$${name}.${of} has no value: the browser of ${name} has had no session cookie.`,
          );
        }
        return of === "sid" ? cookie.id : cookie.value;
      },
    };
  }
}
