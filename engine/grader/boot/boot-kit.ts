import type { Browser } from "../../http/browser.ts";
import { waitUntil } from "../../process/deadline.ts";
import type { LoggedCommand } from "../../redis/gate.ts";
import type { Answer, Instance, Kit, KitBrowser } from "../kit.ts";
import type { SentRequest } from "../report.ts";
import { openBrowser } from "./kit-browser.ts";
import { readKitRedis } from "./kit-redis.ts";
import type { BootInstance, StartedBoot } from "./start-boot.ts";

const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const ROUND_DEADLINE_MS = 5000;

/** What one check has done, for the report. */
export interface Traces {
  readonly sent: SentRequest[];
  /** Those that have sent something, with their numbers. */
  readonly browsers: Map<Browser, number>;
  /** Requests of the burst that was sent last, while nothing was sent after it. */
  together: number;
  readonly evidence: { title: string; lines: readonly string[] }[];
  /** Log lengths of the gates when the last request began. */
  commands: () => readonly LoggedCommand[];
}

export interface KitOptions {
  readonly boot: StartedBoot;
  readonly random: () => number;
  readonly own: boolean;
  /** Boots once more with other settings; the caller ends it. */
  readonly startAnother: (settings: object) => Promise<StartedBoot>;
  readonly traces: Traces;
}

/** The kit of one check on one boot. */
export function createKit(options: KitOptions): Kit {
  const { boot, own, traces } = options;
  const browsers: Browser[] = [];
  const demandOwn = (what: string) => {
    if (!own) throw new Error(`kit.${what} needs a boot of its own: say needs: "own".`);
  };
  const find = (to: string | Instance | undefined): BootInstance =>
    typeof to === "object"
      ? (boot.instances.find((instance) => instance === to) ?? boot.instance(to.name))
      : boot.instance(to);
  const mark = () => {
    const starts = boot.gates.map((gate) => gate.log.length);
    return () =>
      boot.gates.flatMap((gate, at) =>
        gate.log.slice(starts[at] ?? 0).filter(({ handshake }) => !handshake),
      );
  };
  const alive = () => {
    const death = boot.death();
    if (death !== undefined) throw death;
  };
  let isBursting = false;
  let isStopped = false;
  const home = {
    find,
    deadlineMs: boot.options.deadlines.requestMs,
    get offsetMs() {
      return boot.offsetMs;
    },
    keep: (browser: Browser) => void browsers.push(browser),
    late: () => void (boot.isLate = true),
    record: (sent: SentRequest) => void traces.sent.push(sent),
    numberOf: (browser: Browser) => {
      const number = traces.browsers.get(browser) ?? traces.browsers.size + 1;
      traces.browsers.set(browser, number);
      return number;
    },
    alive: () => {
      alive();
      // Of a burst all commands count, not those since its last request.
      if (isBursting) return;
      traces.together = 1;
      traces.commands = mark();
    },
  };
  /** Lets held replies go round by round until all is answered. */
  const release = async (
    held: readonly BootInstance[],
    work: Promise<unknown>,
    onRound: (round: number) => Promise<void>,
  ) => {
    let isDone = false;
    const watch = work.then(
      () => (isDone = true),
      () => (isDone = true),
    );
    const others = boot.instances.filter((instance) => !held.includes(instance));
    const waiting = () => held.some(({ gate }) => gate.held > 0);
    try {
      for (let round = 0; ; round += 1) {
        await waitUntil(() => isDone || waiting(), ROUND_DEADLINE_MS);
        // One that is stuck never comes to rest.
        if (boot.isLate) break;
        await boot.quiet(true, held);
        // Also after the answer: what a program does when it has answered goes by rounds too.
        if (!waiting()) break;
        await onRound(round);
        // Whatever that has started elsewhere: what a program does after its answer too, such as giving a lock back.
        await boot.quiet(false, others);
        for (const { gate } of held) gate.releaseRound();
      }
    } finally {
      for (const { gate } of held) gate.letGo();
    }
    await watch;
  };

  return {
    settings: boot.options.settings,
    secret: boot.options.secret,
    random: options.random,
    browser: (): KitBrowser => openBrowser(home),
    program: (name) => boot.instance(name),
    async burst(requests) {
      await boot.quiet();
      for (const { gate } of boot.instances) gate.hold();
      await boot.freeze(Date.now() + boot.offsetMs);
      traces.together = requests.length;
      traces.commands = mark();
      isBursting = true;
      try {
        const all = Promise.all(requests.map(async (send): Promise<Answer> => await send()));
        await release(boot.instances, all, async () => {});
        return await all;
      } finally {
        isBursting = false;
        await boot.freeze(undefined);
      }
    },
    async stepThrough(send, inspect, instance) {
      const held = find(instance);
      await boot.quiet();
      held.gate.hold();
      isStopped = true;
      try {
        const answer = send();
        await release([held], answer, async (step) => {
          try {
            await inspect(step);
          } catch (error) {
            // The report shows what had happened then.
            const seen = traces.commands();
            traces.commands = () => seen;
            throw error;
          }
        });
        return await answer;
      } finally {
        isStopped = false;
      }
    },
    async saw(action) {
      demandOwn("saw");
      await boot.quiet();
      const seen = mark();
      const result = await action();
      await boot.quiet();
      return { result, commands: seen() };
    },
    quiet: async () => void (await boot.quiet()),
    doors: boot.doors,
    redis: readKitRedis(boot, async () => {
      // One that is stopped in the middle stays so.
      if (!isStopped) await boot.quiet();
    }),
    async travel(time) {
      demandOwn("travel");
      const ms = typeof time === "number" ? time : parseTime(time);
      await boot.travel(ms);
      for (const browser of browsers) browser.travel(ms);
    },
    async restart(which) {
      demandOwn("restart");
      const all = boot.instances.filter(
        (instance) => which === undefined || instance === which || instance.name === which,
      );
      await boot.quiet(false, all);
      await Promise.all(all.map(async (instance) => await boot.restart(instance)));
    },
    async secondInstance(name) {
      demandOwn("secondInstance");
      return await boot.add(boot.instance(name).name);
    },
    async cutRedis() {
      demandOwn("cutRedis");
      await boot.quiet();
      boot.beginOutage("cut");
    },
    async stallRedis() {
      demandOwn("stallRedis");
      await boot.quiet();
      boot.beginOutage("stall");
    },
    async restoreRedis() {
      demandOwn("restoreRedis");
      await boot.endOutage();
      await waitUntil(() => boot.gates.every(({ connections }) => connections > 0), 3000);
      await boot.quiet();
    },
    async start(settings) {
      return createKit({ ...options, own: true, boot: await options.startAnother(settings) });
    },
    async aside(work) {
      // What the request before still has to send is its own.
      await boot.quiet();
      const seen = traces.commands();
      try {
        return await work();
      } finally {
        traces.commands = () => seen;
      }
    },
    show: (title, lines) => void traces.evidence.push({ title, lines }),
  };
}

function parseTime(text: string): number {
  const match = /^\+?(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text);
  const unit = match?.[2];
  if (match === null || unit === undefined) throw new Error(`Not a time: ${text}`);
  return Number(match[1]) * UNITS[unit as keyof typeof UNITS];
}
