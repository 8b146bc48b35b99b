import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { LoggedCommand } from "../gate.ts";
import { parseRedisUrl, type RedisUrl } from "../parse-redis-url.ts";
import type { StartedRedis } from "../provide-redis.ts";
import { encodeCommand } from "../resp/encode-command.ts";
import { type RespFrame, RespReader } from "../resp/resp-reader.ts";
import { RespError } from "../resp/resp-value.ts";
import { commandName, isHandshake, showArguments } from "./describe-command.ts";
import { isBlockingCommand, Pending } from "./pending.ts";
import { refuseBeyondDatabase, refuseCommand } from "./refuse-command.ts";
import { type ClientRequest, ProtocolError, RequestReader } from "./request-reader.ts";
import { ScriptTable } from "./script-table.ts";
import { Subscriptions } from "./subscriptions.ts";
import { encodeError, errorOf, type OpenTransaction, spreadReplies } from "./transaction.ts";
import { translateCommand } from "./translate-command.ts";

/** What a connection needs of its gate. */
export interface GateState {
  readonly refuse: boolean;
  readonly isHolding: boolean;
  readonly isStalled: boolean;
  /** Writes a command into the log and gives it its number. */
  record(command: Omit<LoggedCommand, "sequence">): LoggedCommand;
  /** Something passed. */
  touch(): void;
  forget(connection: GateConnection): void;
}

/** What of a reply stays in the log. */
const KEPT = { bytes: 4096, items: 2000 };
/** Commands that Redis runs at once even between MULTI and EXEC. */
const NEVER_QUEUED = new Set(["MULTI", "EXEC", "DISCARD", "WATCH", "QUIT", "RESET"]);

/** One client of the gate with the connection to Redis that belongs to it alone. */
export class GateConnection {
  readonly number: number;
  readonly #client: Socket;
  readonly #gate: GateState;
  readonly #requests = new RequestReader((request) => this.#onRequest(request));
  readonly #replies = new RespReader((frame) => this.#onFrame(frame), KEPT);
  readonly #subscriptions = new Subscriptions();
  /** In the order in which the client must be answered. */
  readonly #pending: Pending[] = [];
  #redis: StartedRedis | undefined;
  #upstream: Socket | undefined;
  /** Kept until Redis is there, or is no longer stalled. */
  #unsent: Buffer[] = [];
  #held: { raw: readonly Buffer[]; isReply: boolean }[] = [];
  #unanswered = 0;
  #transaction: OpenTransaction | undefined;
  #database = 0;
  #opening = true;
  #isGone = false;
  #hasEnded = false;
  #redisHasEnded = false;
  /** What came was no command: the last answer says so. */
  #endsWhenAnswered = false;
  #address: RedisUrl | undefined;
  /** CLIENT REPLY: `skip` counts the commands that get no answer. */
  #silence: "on" | "off" | number = "on";

  constructor(client: Socket, number: number, gate: GateState, redis: Promise<StartedRedis>) {
    this.number = number;
    this.#client = client;
    this.#gate = gate;
    client.setNoDelay(true);
    client.on("data", (chunk: Buffer) => this.#onClientData(chunk));
    // `close` follows.
    client.on("error", () => {});
    client.on("end", () => {
      this.#endUpstream();
      // A program that was killed looks like one that only stopped sending: while nothing is
      // written to it, nothing could tell the difference.
      if (gate.isHolding || gate.isStalled) client.destroy();
    });
    client.on("close", () => this.#onClientGone());
    client.on("drain", () => {
      if (!this.#gate.isStalled) this.#upstream?.resume();
    });
    redis.then(
      (started) => this.#useRedis(started),
      () => this.reset(),
    );
  }

  /** Commands sent to Redis (or answered here) whose reply the client does not have yet. */
  get outstanding(): number {
    return this.#unanswered + this.held;
  }

  /** Replies kept back. */
  get held(): number {
    return this.#held.reduce((sum, each) => sum + (each.isReply ? 1 : 0), 0);
  }

  /** Lets out what is held at this moment; answers how many replies that was. */
  release(): number {
    const held = this.#held;
    this.#held = [];
    this.#client.cork();
    for (const { raw } of held) this.#write(raw);
    this.#client.uncork();
    if (this.#redisHasEnded) this.#client.end();
    return held.reduce((sum, each) => sum + (each.isReply ? 1 : 0), 0);
  }

  /** Redis is stuck: nothing goes on to it, nothing comes back. */
  stall(): void {
    this.#upstream?.pause();
  }

  resume(): void {
    if (this.#address !== undefined && this.#upstream === undefined) this.#connect(this.#address);
    else this.#flush();
    this.#upstream?.resume();
    // A Redis that was stuck has the commands of clients that have left, and runs them all the same.
    if (this.#hasEnded) this.#endUpstream();
  }

  /** As when Redis dies: both sides at once, by RST. */
  reset(): void {
    // While a shutdown is under way libuv refuses the reset, and Node would leak the handle.
    if (this.#client.writableEnded) this.#client.destroy();
    else this.#client.resetAndDestroy();
    this.#upstream?.destroy();
    this.#gate.forget(this);
  }

  #useRedis(redis: StartedRedis): void {
    this.#redis = redis;
    this.#address = parseRedisUrl(redis.url);
    if (this.#client.destroyed && this.#unsent.length === 0) return;
    if (!this.#gate.isStalled) this.#connect(this.#address);
  }

  #connect({ host, port, tls, user, password, database }: RedisUrl): void {
    const socket = tls ? connectTls({ host, port, servername: host }) : connect({ host, port });
    this.#upstream = socket;
    socket.setNoDelay(true);
    socket.on("data", (chunk: Buffer) => this.#onUpstreamData(chunk));
    socket.on("drain", () => this.#client.resume());
    socket.on("error", () => this.reset());
    socket.on("end", () => this.#endClient());
    socket.on("close", () => {
      this.#endClient();
      this.#forgetIfDone();
    });
    const own: string[][] = [];
    if (password !== undefined) own.push(["AUTH", ...(user === undefined ? [] : [user]), password]);
    if (database !== 0) own.push(["SELECT", String(database)]);
    this.#database = database;
    this.#pending.unshift(...own.map(() => new Pending({ from: "own" })));
    for (const command of own) socket.write(encodeCommand(command));
    this.#flush();
    if (this.#hasEnded) this.#endUpstream();
  }

  #flush(): void {
    const unsent = this.#unsent;
    this.#unsent = [];
    this.#upstream?.cork();
    for (const bytes of unsent) this.#upstream?.write(bytes);
    this.#upstream?.uncork();
  }

  #onClientData(chunk: Buffer): void {
    this.#gate.touch();
    this.#upstream?.cork();
    try {
      this.#requests.feed(chunk);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#client.removeAllListeners("data");
      this.#client.resume();
      this.#endsWhenAnswered = true;
      this.#answerHere(undefined, `ERR Protocol error: ${error.message}`);
    }
    this.#upstream?.uncork();
  }

  #onClientGone(): void {
    this.#isGone = true;
    this.#unanswered = 0;
    this.#held = [];
    this.#endUpstream();
    this.#forgetIfDone();
  }

  #forgetIfDone(): void {
    const isUpstreamOver = this.#upstream?.closed ?? this.#unsent.length === 0;
    if (this.#isGone && isUpstreamOver) this.#gate.forget(this);
  }

  /** The client has said all it wants. What it has sent still goes to Redis, as its network would bring it there. */
  #endUpstream(): void {
    this.#hasEnded = true;
    if (this.#gate.isStalled || this.#unsent.length > 0) return;
    this.#upstream?.end();
    if (this.#upstream === undefined) this.#client.end();
  }

  /** Redis has ended the connection: so does the gate, once what it keeps back is out. */
  #endClient(): void {
    this.#redisHasEnded = true;
    if (this.#held.length === 0) this.#client.end();
  }

  #onRequest({ args, raw }: ClientRequest): void {
    const name = commandName(args);
    const handshake = isHandshake(name, this.#opening);
    if (!handshake) this.#opening = false;
    const entry = this.#gate.record({
      connection: this.number,
      database: this.#database,
      name,
      args: showArguments(args),
      handshake,
    });
    const refusal = this.#refusal(name, args);
    if (refusal !== undefined) {
      if (this.#transaction !== undefined) this.#transaction.refused = true;
      this.#answerHere(entry, refusal);
      return;
    }
    const pending = new Pending({
      entry,
      from: "redis",
      isBlocking: this.#transaction === undefined && isBlockingCommand(name, args),
    });
    const bytes = this.#prepare(pending, name, args) ?? raw;
    if (this.#expectsReply(name, args)) {
      this.#pending.push(pending);
      if (!pending.isBlocking) this.#unanswered += 1;
    }
    this.#send(bytes);
  }

  #refusal(name: string, args: readonly Buffer[]): string | undefined {
    const refusal = this.#gate.refuse ? refuseCommand(name) : undefined;
    if (refusal !== undefined || this.#redis === undefined) return refusal;
    return this.#redis.kind === "external"
      ? refuseBeyondDatabase(name, args, this.#address?.database ?? 0)
      : undefined;
  }

  /** Follows what the command does to the connection; answers other bytes to send, where there are. */
  #prepare(pending: Pending, name: string, args: readonly Buffer[]): Buffer[] | undefined {
    const wasOpen = this.#transaction;
    if (wasOpen !== undefined && !NEVER_QUEUED.has(name)) {
      pending.isInTransaction = true;
      wasOpen.queued.push(pending);
    }
    const redis = this.#redis;
    const scripts = redis && ScriptTable.of(redis);
    switch (name) {
      case "MULTI":
        if (args.length === 1) this.#transaction ??= { queued: [], refused: false };
        return undefined;
      case "DISCARD":
        // None of them runs.
        for (const each of wasOpen?.queued ?? []) each.answer(null);
        this.#transaction = undefined;
        return undefined;
      case "EXEC": {
        this.#transaction = undefined;
        if (wasOpen?.refused !== true) {
          pending.exec = wasOpen?.queued;
          return undefined;
        }
        const message = "EXECABORT Transaction discarded because of previous errors.";
        pending.rewrite = () => ({ value: new RespError(message), raw: encodeError(message) });
        for (const each of wasOpen.queued) each.answer(null);
        return [encodeCommand(["DISCARD"])];
      }
      case "RESET":
        this.#transaction = undefined;
        this.#database = 0;
        pending.onAnswer = () => this.#subscriptions.clear();
        return undefined;
      case "SELECT":
        return this.#prepareSelect(pending, args);
      case "MONITOR":
        pending.onAnswer = (value) => {
          this.#subscriptions.isMonitoring = !(value instanceof RespError);
        };
        return undefined;
      case "FLUSHALL":
        return redis?.kind === "external"
          ? [encodeCommand(["FLUSHDB", ...args.slice(1)])]
          : undefined;
      case "SCRIPT FLUSH":
        scripts?.clear();
        return undefined;
      case "SCRIPT LOAD":
        if (args[2] !== undefined) scripts?.remember(args[2]);
        return undefined;
      case "EVAL":
      case "EVAL_RO":
        if (args[1] !== undefined) scripts?.remember(args[1]);
        break;
      default:
        if (this.#transaction === undefined) {
          pending.subscription = Subscriptions.expected(name, args);
        }
    }
    if (redis === undefined || scripts === undefined) return undefined;
    if (redis.kind === "embedded" || redis.offsetMs === 0) return undefined;
    this.#replies.markEnds = true;
    const translation = translateCommand(name, args, redis.offsetMs, scripts);
    if (translation === undefined) return undefined;
    pending.rewrite = translation.rewrite;
    return [encodeCommand(translation.args)];
  }

  #prepareSelect(pending: Pending, args: readonly Buffer[]): Buffer[] | undefined {
    const before = this.#database;
    const lent = this.#redis?.kind === "external" ? this.#address?.database : undefined;
    const wanted = lent ?? Number(args[1]?.toString("latin1"));
    if (!Number.isInteger(wanted)) return undefined;
    this.#database = wanted;
    pending.onAnswer = (value) => {
      if (value instanceof RespError) this.#database = before;
    };
    // 0 is what clients take for "the one I was given".
    return lent === undefined ? undefined : [encodeCommand(["SELECT", String(lent)])];
  }

  /** CLIENT REPLY OFF and SKIP make Redis silent: those commands have no reply to wait for. */
  #expectsReply(name: string, args: readonly Buffer[]): boolean {
    if (name === "CLIENT REPLY") {
      const mode = args[2]?.toString("latin1").toUpperCase();
      if (mode === "ON") this.#silence = "on";
      if (mode === "OFF") this.#silence = "off";
      if (mode === "SKIP" && this.#silence === "on") this.#silence = 2;
    }
    if (typeof this.#silence !== "number") return this.#silence === "on";
    this.#silence -= 1;
    if (this.#silence === 0) this.#silence = "on";
    return false;
  }

  #send(bytes: readonly Buffer[]): void {
    if (this.#upstream === undefined || this.#gate.isStalled || this.#unsent.length > 0) {
      this.#unsent.push(...bytes);
      return;
    }
    for (const part of bytes) if (!this.#upstream.write(part)) this.#client.pause();
  }

  /** The gate's own answer waits for its turn like any other. */
  #answerHere(entry: LoggedCommand | undefined, message: string): void {
    const pending = new Pending({
      ...(entry === undefined ? {} : { entry }),
      from: "gate",
      local: encodeError(message),
    });
    pending.answer(new RespError(message));
    this.#pending.push(pending);
    this.#unanswered += 1;
    this.#sendLocalAnswers();
  }

  #sendLocalAnswers(): void {
    for (let head = this.#pending[0]; head?.local !== undefined; head = this.#pending[0]) {
      this.#pending.shift();
      this.#unanswered -= 1;
      this.#toClient([head.local], true);
    }
    if (this.#endsWhenAnswered && this.#pending.length === 0) this.#endClient();
  }

  #onUpstreamData(chunk: Buffer): void {
    this.#gate.touch();
    this.#client.cork();
    this.#replies.feed(chunk);
    this.#client.uncork();
  }

  #onFrame(frame: RespFrame): void {
    const [head] = this.#pending;
    const role = this.#subscriptions.classify(frame, head);
    if (role !== "reply" || head === undefined) {
      this.#toClient(frame.raw, false);
      return;
    }
    this.#pending.shift();
    if (!head.isBlocking && head.from !== "own") this.#unanswered -= 1;
    if (head.from === "own") {
      // Its own login was refused: the client meets a Redis that hangs up.
      if (frame.type === "-") this.reset();
      return;
    }
    this.#toClient(this.#resolve(head, frame), true);
    this.#sendLocalAnswers();
  }

  /** Writes the reply into the log and answers the bytes for the client. */
  #resolve(head: Pending, frame: RespFrame): readonly Buffer[] {
    if (head.isInTransaction) {
      head.isQueued = frame.value === "QUEUED";
      if (!head.isQueued) head.answer(errorOf(frame.value) === undefined ? null : frame.value);
      return frame.raw;
    }
    if (head.exec !== undefined) {
      const { value, raw } = spreadReplies(head.exec, frame);
      head.answer(value);
      return raw;
    }
    if (frame.type === "+" && head.entry !== undefined) head.entry.isStatus = true;
    const rewritten = head.rewrite?.(frame.value);
    head.answer(rewritten === undefined ? frame.value : rewritten.value);
    return rewritten === undefined ? frame.raw : [rewritten.raw];
  }

  #toClient(raw: readonly Buffer[], isReply: boolean): void {
    if (this.#isGone) return;
    if (this.#gate.isHolding || this.#held.length > 0) this.#held.push({ raw, isReply });
    else this.#write(raw);
  }

  #write(raw: readonly Buffer[]): void {
    if (this.#client.destroyed) return;
    this.#gate.touch();
    for (const part of raw) if (!this.#client.write(part)) this.#upstream?.pause();
  }
}
