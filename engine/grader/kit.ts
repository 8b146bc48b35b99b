import type { BrowserCookie } from "../http/browser.ts";
import type { LoggedCommand } from "../redis/gate.ts";
import type { RedisValue } from "../redis/provide-redis.ts";

/** What a check works with: one boot of the submission, seen from outside. */
export interface Kit {
  /** As the programs of this boot got them in their context. */
  readonly settings: object;
  /** `context.secret`. */
  readonly secret: string;
  /** From 0 up to 1, from the seed that the report prints: verdicts never depend on luck. */
  random(): number;
  /** A new browser without cookies. Its requests go to the first program unless they say otherwise. */
  browser(): KitBrowser;
  /** The running program of this name (default: the first one of the exercise). */
  program(name?: string): Instance;

  /**
   * Sends all requests so that they are under way at the same moment: replies of Redis are kept
   * back until every request is sent and the programs are quiet, then let go in rounds. An update
   * that can be lost is lost each time. `Date` of the programs stands still meanwhile, so that all
   * of it falls into one millisecond. Answers come in the order of the requests.
   */
  burst(requests: readonly (() => Promise<Answer>)[]): Promise<Answer[]>;
  /**
   * Sends one request and stops it at each of its commands: whenever the programs are
   * quiet, with commands carried out by Redis and their replies kept back, `inspect` is called, then one
   * round of replies is let go, until the request is answered and what it began is over. Only `instance` is held back
   * (default: the first program); inside `inspect` others can be sent requests, which come to rest before it goes on.
   */
  stepThrough(
    send: () => Promise<Answer>,
    inspect: (step: number) => Promise<void>,
    instance?: Instance,
  ): Promise<Answer>;
  /**
   * Runs `action` and answers the commands that the programs sent meanwhile (handshakes left out).
   * Waits until the programs are quiet before and after it. Only in a check with `needs: "own"`.
   */
  saw<T>(action: () => Promise<T>): Promise<{ result: T; commands: readonly LoggedCommand[] }>;
  /** Waits until the programs are quiet: no command, door or timer of 0 ms outstanding. */
  quiet(): Promise<void>;

  /** What the submission reached the outside world with. */
  readonly doors: Doors;
  /** The Redis of this boot, past the gate: nothing done here shows in `saw`. */
  readonly redis: KitRedis;

  // The following only in a check with `needs: "own"`.

  /** Time passes for the programs, the kit's browsers and Redis, without waiting: `"31m"` (units ms s m h d), or milliseconds. */
  travel(time: string | number): Promise<void>;
  // What a program does after its answer must not decide by luck: these three wait until it is quiet.

  /** Ends the program as SIGKILL does, without a word to it, and starts it again; its address may change. Default: all programs. */
  restart(which?: string | Instance): Promise<void>;
  /** Redis is gone: connections are reset and refused, for all programs. */
  cutRedis(): Promise<void>;
  /** Redis is stuck: connections stay, nothing is answered. */
  stallRedis(): Promise<void>;

  /** One more process of the same program on the same Redis. Default: the first program. */
  secondInstance(name?: string): Promise<Instance>;
  /** It is back, with its data, and can be reached. */
  restoreRedis(): Promise<void>;
  /** Boots the submission once more beside this one: other settings (laid over the exercise's), an empty Redis of its own. Allowed in every check. */
  start(settings: object): Promise<Kit>;

  /** Does something of which the report says nothing: it shows the commands of the request before. */
  aside<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Kept for the report, in case the check fails: `kit.show("Keys without a TTL", keys)`. */
  show(title: string, lines: readonly string[]): void;
}

/** One process of the submission. */
export interface Instance {
  readonly name: string;
  /** `http://127.0.0.1:41234`; another one after a restart. */
  readonly url: string;
  /** Whether the process is still there. A submission that died fails the check that notices, with its own error. */
  readonly isRunning: boolean;
}

export interface RequestOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** A program by name, or an instance; default: the first program. */
  readonly to?: string | Instance;
  /** Default 5,000, by the time in which the program could run. */
  readonly deadlineMs?: number;
}

/** A browser: keeps cookies as browsers do (Secure ones over http too), follows no redirects. */
export interface KitBrowser {
  get(path: string, options?: RequestOptions): Promise<Answer>;
  /** A plain object is sent as JSON, URLSearchParams as a form, a string as it is. */
  post(path: string, body?: RequestBody, options?: RequestOptions): Promise<Answer>;
  request(
    method: string,
    path: string,
    body?: RequestBody,
    options?: RequestOptions,
  ): Promise<Answer>;
  cookies(): readonly BrowserCookie[];
  cookie(name: string): BrowserCookie | undefined;
  /** Takes a `Set-Cookie` line, or `name=value`, as if the submission had sent it. */
  setCookie(line: string): void;
  removeCookie(name: string): void;
  clear(): void;
  /** What closing the browser does: cookies without an expiry are gone. */
  closeAndReopen(): void;
  /** Another browser with the same cookies: a thief, or a second look. */
  copy(): KitBrowser;
}

export type RequestBody = object | string | URLSearchParams | Uint8Array;

/** What came back. `status` is what to assert first; the report shows the last answers by themselves. */
export interface Answer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly setCookies: readonly string[];
  /** Up to 1 MiB. */
  readonly text: string;
  /** The parsed body when it is JSON, else undefined. */
  readonly json: unknown;
  readonly durationMs: number;
}

export interface Doors {
  /** Calls so far, oldest first, held and failed ones too. */
  calls(door: string): readonly DoorCall[];
  /** From now on calls wait; answers a handle that lets them go on. */
  hold(door: string): HeldDoor;
  /** The next `times` calls reject with this message instead of doing anything. */
  fail(door: string, times: number, message?: string): void;
}

export interface DoorCall {
  readonly args: readonly unknown[];
  /** Program that called. */
  readonly program: string;
  /** Undefined while it is at work. */
  readonly result: unknown;
  readonly state: "held" | "done" | "failed";
}

export interface HeldDoor {
  /** Resolves once at least so many calls wait. Fails the check after 3 s (or `deadlineMs`). */
  waiting(calls: number, deadlineMs?: number): Promise<void>;
  /** Lets all go on, and those that come. */
  release(): void;
}

/** The Redis of a boot, seen past every gate. `keys` and `size` wait until the programs are quiet, but for what `stepThrough` has stopped. */
export interface KitRedis {
  command(...args: (string | Uint8Array)[]): Promise<RedisValue>;
  /** Every key of every database. Only meaningful in a check with `needs: "own"`. */
  keys(): Promise<readonly KeyState[]>;
  /** Every text that Redis was ever sent in this boot: each argument of each command, in order. */
  sent(): readonly string[];
  /** The commands of all programs since the boot, handshakes left out. */
  log(): readonly LoggedCommand[];
  /** Bytes of all keys with their values (sizes of their texts: the same measure on every Redis). */
  size(): Promise<number>;
}

export interface KeyState {
  readonly name: string;
  readonly database: number;
  readonly type: string;
  /** Milliseconds; undefined: it stays for ever. */
  readonly ttlMs: number | undefined;
  /** Its contents: the string; or fields and values, members (with scores), entries, flattened. */
  readonly texts: readonly string[];
}
