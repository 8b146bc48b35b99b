import { provideRedis, type StartedRedis } from "../../redis/provide-redis.ts";
import { provideTopology } from "../../redis/provide-topology.ts";
import type { Lesson } from "../lesson.ts";

/** A lesson cannot be played live on this machine; the message says why, in a sentence. */
export class LessonObstacle extends Error {
  readonly notes: readonly string[];

  constructor(why: string, notes: readonly string[] = []) {
    super(why);
    this.name = "LessonObstacle";
    this.notes = notes;
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The Redis that a lesson asks for in its front matter.
 * @throws LessonObstacle when this machine has none of that kind
 * @throws UserError when WORKBOOK_REDIS is nonsense, or names one that cannot be had
 */
export async function provideLessonRedis(
  need: Lesson["redis"],
  environment: Environment,
): Promise<StartedRedis> {
  if (need === "sentinel") return await provideOrRefuse(environment);
  const redis = await provideRedis({ purpose: "lesson", environment });
  if (need === "any" || redis.kind !== "embedded") return redis;
  const [, why = ""] = /\((.+)\)$/.exec(redis.line) ?? [];
  const { notes } = redis;
  await redis[Symbol.asyncDispose]();
  throw new LessonObstacle(sentence(why), notes);
}

async function provideOrRefuse(environment: Environment): Promise<StartedRedis> {
  const wish = environment["WORKBOOK_REDIS"]?.trim() ?? "";
  const isKnown = ["", "embedded", "server"].includes(wish) || wish.includes(":");
  const topology = isKnown ? await provideTopology(environment) : undefined;
  if (topology?.topology !== undefined) return topology;
  if (wish === "embedded" || (isKnown && wish !== "server")) {
    const [first = "", ...notes] = topology?.notes ?? [];
    throw new LessonObstacle(first, notes);
  }
  // It says best what is wrong with this wish.
  const redis = await provideRedis({ purpose: "lesson", environment });
  await redis[Symbol.asyncDispose]();
  throw new LessonObstacle("No redis-server here can be started several times.");
}

function sentence(words: string): string {
  return words === "" ? "" : `${words[0]?.toUpperCase()}${words.slice(1)}.`;
}
