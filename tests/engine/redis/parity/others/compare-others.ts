import { writeFileSync } from "node:fs";
import path from "node:path";
import { createTemporaryFolder } from "../../../../../engine/process/create-temporary-folder.ts";
import { provideRedis, type StartedRedis } from "../../../../../engine/redis/provide-redis.ts";
import { isSameReply } from "../same-reply.ts";
import { runConnectRedisTests } from "./connect-redis-tests.ts";
import { documentedExamples } from "./documented-examples.ts";
import { type FetchedPackages, fetchPackages } from "./packages.ts";
import { type Outcome, runOn } from "./run-on.ts";

/** Markdown that is published with each package. */
const DOCUMENTS: readonly (readonly [name: string, files: readonly string[]])[] = [
  ["connect-redis", ["readme.md"]],
  ["rate-limit-redis", ["readme.md"]],
  ["rate-limiter-flexible", ["README.md", "CONTEXT.md"]],
  ["redis", ["README.md"]],
];

/** What one piece of other people's code, or of ours over it, did on the two. */
export interface Verdict {
  readonly package: string;
  readonly kind: "test" | "example" | "drive";
  readonly name: string;
  /**
   * same: it ran to its end on both, alike; fails alike: it cannot work on either; left out: see `why`;
   * silent: it says nothing to a Redis.
   */
  readonly outcome: "same" | "fails alike" | "differs" | "left out" | "silent";
  readonly why?: string;
  /** Commands that both Redises were sent. */
  readonly commands: number;
}

/** The comparison, and what was compared. */
export interface OthersReport {
  readonly server: string;
  /** `redis 6.3.1` */
  readonly versions: readonly string[];
  readonly verdicts: readonly Verdict[];
}

/**
 * Takes the packages from the registry and runs their published tests, the examples in their documents, and
 * programs of ours over their documented surface on the embedded Redis and on a redis-server.
 * @throws UserError without a redis-server, or when the registry is out of reach
 */
export async function compareOthers(onVerdict: (verdict: Verdict) => void): Promise<OthersReport> {
  await using folder = createTemporaryFolder("others");
  await using server = await provide("server");
  await using embedded = await provide("embedded");
  const packages = await fetchPackages(folder.path);
  const verdicts: Verdict[] = [];
  const add = (verdict: Verdict): void => {
    verdicts.push(verdict);
    onVerdict(verdict);
  };
  for (const verdict of await compareTests(packages, server, embedded)) add(verdict);
  for (const [name, files] of DOCUMENTS) {
    for (const file of files) {
      for (const example of await documentedExamples(file, packages.read(name, file) ?? "")) {
        const about = { package: name, kind: "example", name: example.name } as const;
        if (example.program === undefined) {
          const why = example.leftOut ?? "";
          add({ ...about, outcome: "left out", why, commands: 0 });
          continue;
        }
        const program = path.join(folder.path, "example.mjs");
        writeFileSync(program, example.program);
        const connects =
          example.program.includes("createClient(") && !example.program.includes(".connect(");
        const options = { folder: folder.path, file: program, connects };
        add({ ...about, ...judge(await runOn(server, options), await runOn(embedded, options)) });
      }
    }
    const file = path.join(import.meta.dirname, "drives", `${name}.mjs`);
    const options = { folder: folder.path, file, args: [documentedMethods(packages)] };
    const outcome = judge(await runOn(server, options), await runOn(embedded, options));
    add({ package: name, kind: "drive", name: `drives/${name}.mjs`, ...outcome });
  }
  return {
    server: server.version,
    versions: [...packages.versions].map((each) => each.join(" ")),
    verdicts,
  };
}

async function provide(which: "server" | "embedded"): Promise<StartedRedis> {
  return await provideRedis({
    purpose: "grading",
    environment: { ...process.env, REDIS_URL: "", WORKBOOK_REDIS: which },
  });
}

async function compareTests(
  packages: FetchedPackages,
  server: StartedRedis,
  embedded: StartedRedis,
): Promise<Verdict[]> {
  const [expected, received] = [
    await runConnectRedisTests(packages.folder, server.url),
    await runConnectRedisTests(packages.folder, embedded.url),
  ];
  return expected.map(({ title, failure }) => {
    const other = received.find((each) => each.title === title);
    const about = { package: "connect-redis", kind: "test", name: title, commands: 0 } as const;
    if (failure === undefined && other !== undefined && other.failure === undefined)
      return { ...about, outcome: "same" };
    const why = `server: ${failure ?? "passes"}\nembedded: ${other ? (other.failure ?? "passes") : "was not run"}`;
    const alike = failure !== undefined && other?.failure !== undefined;
    return { ...about, outcome: alike ? "fails alike" : "differs", why };
  });
}

/** The methods in the section "API" of the README of rate-limiter-flexible, as JSON. */
function documentedMethods(packages: FetchedPackages): string {
  const readme = packages.read("rate-limiter-flexible", "README.md") ?? "";
  const section = /\n## API\n([\s\S]*?)\n## /.exec(readme)?.[1] ?? "";
  const names = [...section.matchAll(/^\* \[(\w+)\(/gm)].map(([, name]) => name);
  if (names.length === 0) throw new Error("the README of rate-limiter-flexible has no section API");
  return JSON.stringify(names);
}

function judge(server: Outcome, embedded: Outcome): Pick<Verdict, "outcome" | "why" | "commands"> {
  const commands = server.traffic.length;
  const refused = embedded.unknown.filter((name) => !server.unknown.includes(name));
  if (refused.length > 0) {
    const why = `the embedded Redis refuses ${[...new Set(refused)].join(", ")}`;
    return { outcome: "left out", why, commands };
  }
  const [expected, received] = [lines(server), lines(embedded)];
  const at = expected.findIndex((line, index) => !isSameReply(line, received[index]));
  if (at !== -1 || expected.length !== received.length) {
    const place = at === -1 ? expected.length : at;
    const why = `server: ${expected[place] ?? "(nothing)"}\nembedded: ${received[place] ?? "(nothing)"}`;
    return { outcome: "differs", why, commands };
  }
  if (server.failure !== undefined)
    return { outcome: "fails alike", why: server.failure, commands };
  return { outcome: commands === 0 ? "silent" : "same", commands };
}

function lines({ told, traffic, failure }: Outcome): string[] {
  return [`ends with ${failure ?? "success"}`, ...told, ...traffic];
}
