import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { listLessons } from "../../engine/catalog/list-lessons.ts";
import { findObstacles } from "../../engine/doctor/find-obstacles.ts";
import { findRedisServers } from "../../engine/redis/find-redis-server.ts";
import { copyLesson } from "./lesson-folder.ts";
import type { Mutation } from "./mutation.ts";
import { playThrough } from "./play-through.ts";

const here = import.meta.dirname;
const lessons = path.resolve(here, "../../lessons");
/**
 * Each costs a run of its lesson: all of them with WORKBOOK_MUTATIONS=all, those of one lesson with
 * its number, else two of lesson 1.
 */
const wanted = process.env["WORKBOOK_MUTATIONS"] ?? "";
const QUICK = 2;

const hasServer = findRedisServers(process.env).length > 0;
const names = (await readdir(path.join(here, "mutations"))).map((file) => path.parse(file).name);
const documented = await Promise.all(
  names.map(async (name) =>
    (await readdir(path.join(lessons, name)).catch((): string[] => [])).includes("README.md"),
  ),
);
const entries = await listLessons();
/** Of lessons that cannot run here, whichever Redis is asked for. */
const hardships = await findObstacles(entries, { ...process.env, WORKBOOK_REDIS: undefined });
const all = await Promise.all(
  names
    .filter((_, at) => documented[at])
    .toSorted()
    .map(async (name) => {
      const file = `./mutations/${name}.ts`;
      const { mutations } = (await import(file)) as { mutations: readonly Mutation[] };
      return { name, mutations };
    }),
);

describe.each(all)("lesson $name", ({ name, mutations }) => {
  test("has at least five mutations, each in a place of its own", async () => {
    expect(mutations.length).toBeGreaterThanOrEqual(5);
    for (const { name: what, file, find, replace } of mutations) {
      const source = await readFile(path.join(lessons, name, file), "utf8");
      expect(source.split(find).length - 1, `occurrences of what "${what}" breaks`).toBe(1);
      expect(
        source.replace(find, () => replace),
        what,
      ).not.toBe(source);
    }
  });

  const entry = entries.find(({ slug }) => slug === name);
  const redis = entry === undefined || entry.redis === "any" ? "embedded" : "server";
  // A recording would not notice anything.
  if (hardships.has(name)) return;
  const isLesson1 = name.startsWith("01-");
  const isWanted = wanted === "all" || (wanted !== "" && name.startsWith(wanted.padStart(2, "0")));
  const chosen = isWanted ? mutations : isLesson1 ? mutations.slice(0, QUICK) : [];
  if (chosen.length === 0) return;
  describe.concurrent("notices when", () => {
    const playable = chosen.filter((each) => each.redis === undefined || hasServer);
    test.each(playable)("$name", { timeout: 300_000 }, async (mutation) => {
      const { file, find, replace } = mutation;
      await using folder = await copyLesson(name);
      const broken = path.join(folder.path, file);
      const source = await readFile(broken, "utf8");
      await writeFile(
        broken,
        source.replace(find, () => replace),
      );

      const { failures } = await playThrough(folder.path, {
        redis: mutation.redis ?? redis,
        stopAtFailure: true,
      });

      expect(failures).not.toEqual([]);
    });
  });
});
