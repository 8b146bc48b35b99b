import { EvenReplies } from "./even-replies.ts";
import { encodeRequest, RawClient } from "./raw-client.ts";
import type { Manner, Pace, StepReplies } from "./replay.ts";
import { type RespNode, showReply } from "./resp-node.ts";
import type { Target } from "./targets.ts";
import type { Step } from "./transcript.ts";

/**
 * How long one step may take. A busy machine may take its time, but no transcript awaits a reply
 * that never comes: the step that hangs is named.
 */
const STEP_DEADLINE_MS = 10_000;

const IN_SCRIPT = "return redis.call(unpack(ARGV))";
const IN_SCRIPT_3 = "redis.setresp(3) return redis.call(unpack(ARGV))";

const RESET = [
  ["FLUSHALL"],
  ["SCRIPT", "FLUSH"],
  ["CONFIG", "SET", "notify-keyspace-events", ""],
  ["CONFIG", "RESETSTAT"],
  ["CLIENT", "UNPAUSE"],
];

type Send = Extract<Step, { kind: "send" }>;

/** What goes over the wire for a step, and the command that its replies belong to. */
interface Request {
  readonly step: Step;
  readonly bytes: Buffer;
  readonly args: readonly string[];
  readonly replies: number;
}

/** The connections of one section on one Redis, and what comes over them. */
export class SectionRun {
  /** The step under way; when something is thrown, the one that went wrong. */
  at: Step | undefined;
  readonly #clients = new Map<string, RawClient>();
  readonly #ids = new Map<string, string>();
  readonly #even = new Map<RawClient, EvenReplies>();
  constructor(
    readonly target: Target,
    readonly manner: Manner,
  ) {}

  async reset(): Promise<void> {
    const { control } = this.target;
    control.send(Buffer.concat(RESET.map(encodeRequest)));
    await takeAll(control, RESET.length);
  }

  async run(steps: readonly Step[], pace: Pace): Promise<StepReplies[]> {
    const answers: StepReplies[] = [];
    for (let from = 0; from < steps.length;) {
      const [step] = steps.slice(from, from + 1);
      if (!step) break;
      this.at = step;
      for (const [, name = ""] of idsIn(step)) if (!this.#ids.has(name)) await this.#learnId(name);
      if (isPlainSend(step)) {
        let to = from + 1;
        if (pace === "together") while (goesWith(step, steps[to], this.#ids)) to += 1;
        const sent = steps.slice(from, to).filter(isPlainSend);
        const replies = await this.#sendAll(step.client, sent);
        answers.push(...sent.map((each, at) => answer(each, replies[at] ?? [])));
        from = to;
      } else {
        answers.push(answer(step, await this.#step(step)));
        from += 1;
      }
    }
    return answers;
  }

  async #step(step: Step): Promise<string[]> {
    if (step.kind === "time") {
      await this.target.travel(step.ms);
      return [];
    }
    if (step.kind === "pipeline") return await this.#pipeline(step.steps);
    const client = await this.#client(step.client);
    switch (step.kind) {
      case "hangup":
        await this.#hangUp(client);
        this.#clients.delete(step.client);
        return [];
      case "closed":
        await client.untilClosed();
        return [client.closed ? "closed" : "still open"];
      case "take":
        return this.#show(client, [], await takeAll(client, step.replies), step.replies);
      case "raw":
        client.send(Buffer.from(step.bytes, "latin1"));
        return this.#show(client, [], await takeAll(client, step.replies), step.replies);
      default: {
        const before = await this.#count("blocked_clients");
        client.send(encodeRequest(this.#fill(step.args)));
        await this.#until(async () => {
          if (client.pending > 0 || client.closed) throw new Error("it was to block, and did not");
          return (await this.#count("blocked_clients")) > before;
        });
        return [];
      }
    }
  }

  /** The replies to each of some commands of one connection, sent in one write. */
  async #sendAll(name: string, steps: readonly Send[]): Promise<string[][]> {
    const requests = steps.map((step) => this.#requests(step));
    const shown = await this.#exchange(await this.#client(name), requests.flat());
    return requests.map((each) => shown.splice(0, each.length).flat());
  }

  #requests(step: Send): Request[] {
    const { within, protocol } = this.manner;
    const args = this.#fill(step.args);
    const plain = (command: readonly string[], replies: number): Request => ({
      step,
      bytes: encodeRequest(command),
      args: command,
      replies,
    });
    if (within === "transaction") return [plain(["MULTI"], 1), plain(args, 1), plain(["EXEC"], 1)];
    if (within === "script") {
      const script = protocol === 3 ? IN_SCRIPT_3 : IN_SCRIPT;
      return [{ step, bytes: encodeRequest(["EVAL", script, "0", ...args]), args, replies: 1 }];
    }
    return [plain(args, step.replies)];
  }

  async #exchange(client: RawClient, requests: readonly Request[]): Promise<string[][]> {
    client.send(Buffer.concat(requests.map(({ bytes }) => bytes)));
    const shown: string[][] = [];
    for (const { step, args, replies } of requests) {
      this.at = step;
      shown.push(this.#show(client, args, await takeAll(client, replies), replies));
    }
    return shown;
  }

  async #pipeline(steps: readonly Send[]): Promise<string[]> {
    const byClient = new Map<string, Request[]>();
    for (const step of steps) {
      const args = this.#fill(step.args);
      const request = { step, bytes: encodeRequest(args), args, replies: step.replies };
      byClient.set(step.client, [...(byClient.get(step.client) ?? []), request]);
    }
    const replies: string[] = [];
    for (const [name, requests] of byClient)
      replies.push(...(await this.#exchange(await this.#client(name), requests)).flat());
    return replies;
  }

  #show(
    client: RawClient,
    args: readonly string[],
    frames: readonly RespNode[],
    count: number,
  ): string[] {
    const nowMs = this.target.nowMs();
    const even = this.#even.get(client) ?? new EvenReplies();
    this.#even.set(client, even);
    const shown = frames.map((frame) => showReply(evenMonitor(even.even(args, frame, nowMs))));
    while (shown.length < count) shown.push("closed");
    return shown;
  }

  async #client(name: string): Promise<RawClient> {
    const known = this.#clients.get(name);
    if (known) return known;
    const client = await RawClient.open(this.target.port);
    this.#clients.set(name, client);
    if (this.manner.protocol === 3) await client.command("HELLO", "3");
    return client;
  }

  async #count(field: "blocked_clients" | "connected_clients"): Promise<number> {
    const info = await this.target.control.command("INFO", "clients");
    return Number(new RegExp(`${field}:(\\d+)`).exec(info.text ?? "")?.[1] ?? 0);
  }

  /** The connection ends, and Redis has noticed. */
  async #hangUp(client: RawClient): Promise<void> {
    const before = await this.#count("connected_clients");
    client.close();
    await this.#until(async () => (await this.#count("connected_clients")) < before);
  }

  async #until(holds: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + STEP_DEADLINE_MS;
    while (!(await holds())) {
      if (Date.now() > deadline)
        throw new Error(`nothing happened within ${STEP_DEADLINE_MS / 1000} s`);
    }
  }

  /** Replies and pushes that no step has taken. */
  async leftOver(): Promise<string[]> {
    await this.target.control.command("PING");
    const left: string[] = [];
    for (const [name, client] of this.#clients) {
      if (client.pending === 0) continue;
      const frames: RespNode[] = await client.take(client.pending);
      left.push(...frames.map((frame) => `${name}: ${showReply(evenMonitor(frame))}`));
    }
    return left;
  }

  #fill(args: readonly string[]): string[] {
    const nowMs = this.target.nowMs();
    return args.map((arg) =>
      arg.replaceAll(/\{(now|nowms|id|x):?([+-]?\w*)\}/g, (whole, kind: string, value: string) => {
        if (kind === "now") return String(Math.floor(nowMs / 1000) + Number(value));
        if (kind === "nowms") return String(nowMs + Number(value));
        if (kind === "x") return "x".repeat(Number(value));
        return this.#ids.get(value) ?? whole;
      }),
    );
  }

  /** For {id:b}: asked once, before the section uses it. */
  async #learnId(name: string): Promise<void> {
    const client = await this.#client(name);
    this.#ids.set(name, (await client.command("CLIENT", "ID")).text ?? "");
  }

  close(): void {
    for (const client of this.#clients.values()) client.close();
  }
}

const answer = (step: Step, replies: readonly string[]): StepReplies => ({
  line: step.line,
  sent: step.text,
  replies,
});

const isPlainSend = (step: Step | undefined): step is Send => step?.kind === "send" && !step.blocks;

/** The same connection sends it, and nothing need be asked before. */
function goesWith(first: Send, next: Step | undefined, ids: ReadonlyMap<string, string>): boolean {
  if (!isPlainSend(next) || next.client !== first.client) return false;
  return idsIn(next).every(([, name = ""]) => ids.has(name));
}

/**
 * So many replies and pushes; fewer when the connection was closed.
 * @throws Error when they do not come in time
 */
async function takeAll(client: RawClient, count: number): Promise<RespNode[]> {
  const frames = await client.take(count, STEP_DEADLINE_MS);
  if (frames.length < count && !client.closed) {
    const came = frames.map((frame) => showReply(frame)).join(", ");
    throw new Error(
      `of ${count} replies ${frames.length} came within ${STEP_DEADLINE_MS / 1000} s (${came})`,
    );
  }
  return frames;
}

function idsIn(step: Step): RegExpMatchArray[] {
  const args =
    step.kind === "send"
      ? step.args
      : step.kind === "pipeline"
        ? step.steps.flatMap((each) => each.args)
        : [];
  return [...args.join(" ").matchAll(/\{id:(\w+)\}/g)];
}

/** MONITOR's lines begin with a moment and an address. */
function evenMonitor(node: RespNode): RespNode {
  if (node.type !== "+" || node.text === undefined) return node;
  return {
    ...node,
    text: node.text.replace(
      /^\d+\.\d+ \[(\d+) (127\.0\.0\.1:\d+|lua)\]/,
      (_, db: string, from: string) => `now [${db} ${from === "lua" ? from : "address"}]`,
    ),
  };
}
