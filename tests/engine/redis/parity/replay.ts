import { encodeRequest, RawClient } from "./raw-client.ts";
import { type RespNode, quote, showReply } from "./resp-node.ts";
import { EvenReplies } from "./even-replies.ts";
import { evenOut } from "./stated-differences.ts";
import type { Target } from "./targets.ts";
import type { Section, Step } from "./transcript.ts";

/** How the commands of a section are sent. */
export interface Manner {
  readonly protocol: 2 | 3;
  readonly within: "alone" | "transaction" | "script";
}

export const MANNERS: readonly Manner[] = [2, 3].flatMap((protocol) =>
  (["alone", "transaction", "script"] as const).map((within) => ({
    protocol: protocol === 2 ? 2 : 3,
    within,
  })),
);

/** What came for one step, as texts. */
export interface StepReplies {
  readonly line: number;
  readonly sent: string;
  readonly replies: readonly string[];
}

/**
 * How long one step may take. A busy machine may take its time, but no transcript awaits a reply
 * that never comes: the step that hangs is named.
 */
const STEP_DEADLINE_MS = 10_000;

const IN_SCRIPT = "return redis.call(unpack(ARGV))";
const IN_SCRIPT_3 = "redis.setresp(3) return redis.call(unpack(ARGV))";

/** Whether a section makes sense in this manner. */
export function suits(section: Section, manner: Manner): boolean {
  const { tags } = section;
  if (tags.has("resp2") && manner.protocol !== 2) return false;
  if (tags.has("resp3") && manner.protocol !== 3) return false;
  if (manner.within === "alone") return true;
  return !tags.has("plain") && section.steps.every(isSimple);
}

function isSimple(step: Step): boolean {
  return (
    step.kind === "time" ||
    (step.kind === "send" && step.client === "a" && !step.blocks && step.replies === 1)
  );
}

/** Runs a section on an empty Redis and answers all that came. */
export async function replaySection(
  target: Target,
  section: Section,
  manner: Manner,
): Promise<StepReplies[]> {
  const run = new SectionRun(target, manner);
  const answers: StepReplies[] = [];
  let at: Step | undefined;
  try {
    await run.reset();
    for (const step of section.steps) {
      at = step;
      answers.push({ line: step.line, sent: step.text, replies: await run.step(step) });
    }
    const left = await run.leftOver();
    if (left.length > 0) answers.push({ line: 0, sent: "(nobody asked for)", replies: left });
  } catch (error) {
    throw new Error(nameStep(target, section, manner, at), { cause: error });
  } finally {
    run.close();
  }
  return answers;
}

function nameStep(target: Target, section: Section, manner: Manner, step?: Step): string {
  const dead = target.control.closed ? " has died" : " does not go on";
  const where = `"${section.title}", ${step ? `line ${step.line}` : "reset"}`;
  return `${target.name}${dead} (${where}, RESP${manner.protocol} ${manner.within}): ${step?.text ?? ""}`;
}

class SectionRun {
  readonly #clients = new Map<string, RawClient>();
  readonly #ids = new Map<string, string>();
  readonly #even = new Map<RawClient, EvenReplies>();
  constructor(
    readonly target: Target,
    readonly manner: Manner,
  ) {}

  async reset(): Promise<void> {
    const { control } = this.target;
    const commands = [
      "FLUSHALL",
      "SCRIPT FLUSH",
      "CONFIG SET notify-keyspace-events ",
      "CONFIG RESETSTAT",
      "CLIENT UNPAUSE",
    ];
    for (const command of commands) await control.command(...command.split(" "));
  }

  async step(step: Step): Promise<string[]> {
    if (step.kind === "time") {
      await this.target.travel(step.ms);
      return [];
    }
    for (const [, name = ""] of idsIn(step)) if (!this.#ids.has(name)) await this.#learnId(name);
    if (step.kind === "pipeline") return await this.#pipeline(step.steps);
    const client = await this.#client(step.client);
    if (step.kind === "hangup") {
      await this.#hangUp(client);
      this.#clients.delete(step.client);
      return [];
    }
    if (step.kind === "closed") {
      await client.untilClosed();
      return [client.closed ? "closed" : "still open"];
    }
    if (step.kind === "take") return await this.#take(client, step.replies, []);
    if (step.kind === "raw") {
      client.send(Buffer.from(step.bytes, "latin1"));
      return await this.#take(client, step.replies, []);
    }
    const args = this.#fill(step.args);
    if (step.blocks) {
      const before = await this.#count("blocked_clients");
      client.send(encodeRequest(args));
      await this.#until(async () => {
        if (client.pending > 0 || client.closed) throw new Error("it was to block, and did not");
        return (await this.#count("blocked_clients")) > before;
      });
      return [];
    }
    return await this.#send(client, args, step.replies);
  }

  async #send(client: RawClient, args: readonly string[], replies: number): Promise<string[]> {
    const { within, protocol } = this.manner;
    if (within === "transaction") {
      client.send(
        Buffer.concat([encodeRequest(["MULTI"]), encodeRequest(args), encodeRequest(["EXEC"])]),
      );
      const frames = await takeAll(client, 3);
      const [multi, queued, exec] = frames;
      const [only] = exec?.items ?? [];
      const context = { args, nowMs: this.target.nowMs() };
      const even = exec && only ? { ...exec, items: [evenOut(only, context)] } : exec;
      return [multi, queued, even].map((node) => (node ? showReply(node) : "closed"));
    }
    if (within === "script") {
      client.send(encodeRequest(["EVAL", protocol === 3 ? IN_SCRIPT_3 : IN_SCRIPT, "0", ...args]));
      return await this.#take(client, 1, args);
    }
    client.send(encodeRequest(args));
    return await this.#take(client, replies, args);
  }

  async #pipeline(steps: readonly Extract<Step, { kind: "send" }>[]): Promise<string[]> {
    const byClient = new Map<string, { bytes: Buffer[]; args: string[][] }>();
    for (const step of steps) {
      const entry = byClient.get(step.client) ?? { bytes: [], args: [] };
      byClient.set(step.client, entry);
      const args = this.#fill(step.args);
      entry.bytes.push(encodeRequest(args));
      for (let count = 0; count < step.replies; count++) entry.args.push(args);
    }
    const replies: string[] = [];
    for (const [name, { bytes, args }] of byClient) {
      const client = await this.#client(name);
      client.send(Buffer.concat(bytes));
      const frames = await takeAll(client, args.length);
      const nowMs = this.target.nowMs();
      for (const [index, each] of args.entries()) {
        const frame = frames[index];
        replies.push(
          frame ? showReply(this.#evenReplies(client).even(each, frame, nowMs)) : "closed",
        );
      }
    }
    return replies;
  }

  async #take(client: RawClient, count: number, args: readonly string[]): Promise<string[]> {
    const frames = await takeAll(client, count);
    const nowMs = this.target.nowMs();
    const shown = frames.map((frame) =>
      showReply(evenMonitor(this.#evenReplies(client).even(args, frame, nowMs))),
    );
    while (shown.length < count) shown.push("closed");
    return shown;
  }

  #evenReplies(client: RawClient): EvenReplies {
    const known = this.#even.get(client) ?? new EvenReplies();
    this.#even.set(client, known);
    return known;
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

/** A step with its replies as a line of a report. */
export function showStep(step: StepReplies): string {
  return `${step.sent}\n    ${step.replies.join("\n    ")}`;
}

/** Arguments as a line of a transcript. */
export function showArguments(args: readonly string[]): string {
  return args.map((arg) => (/^[\w:*.+([-]+$/.test(arg) ? arg : quote(arg))).join(" ");
}
