import { readFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { listFiles } from "../../engine/catalog/content-rules/list-files.ts";

const repository = path.resolve(import.meta.dirname, "../..");

const ground = ["process"];
const middle = ["redis", "http", "progress", "catalog", ...ground];
const features = ["lesson", "grader", "work", "check", "doctor", "tryout", "mutation", "bench"];

/** What each room of the engine may import beside itself and errors.ts. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  commands: ["terminal", ...features, ...middle],
  // A presenter knows what it presents; a feature never knows its presenter.
  terminal: [...features, ...middle],
  check: ["lesson", "grader", ...middle],
  doctor: middle,
  tryout: ["lesson", "grader", "work", ...middle],
  mutation: ["lesson", "grader", "work", ...middle],
  bench: ["grader", "work", ...middle],
  lesson: middle,
  grader: ["work", "build", ...middle],
  work: ["catalog", "progress", ...ground],
  catalog: ground,
  progress: ground,
  redis: ground,
  http: ground,
  // start.mjs needs it before any TypeScript can run: it imports nothing of ours.
  build: [],
  process: [],
};

interface Import {
  readonly from: string;
  /** Relative to the repository. */
  readonly to: string;
}

const IMPORTS = /\b(?:from|import|require)\s*\(?\s*["'](\.{1,2}\/[^"']+)["']/g;

async function importsOf(folder: string): Promise<Import[]> {
  const files = (await listFiles(path.join(repository, folder)))
    .filter((file) => /\.[cm]?[jt]s$/.test(file))
    .map((file) => `${folder}/${file}`);
  const found = await Promise.all(
    files.map(async (from) => {
      const text = await readFile(path.join(repository, from), "utf8");
      return [...text.matchAll(IMPORTS)].map(([, to = ""]) => ({
        from,
        to: path.posix.normalize(`${path.posix.dirname(from)}/${to}`),
      }));
    }),
  );
  return found.flat();
}

/** `lesson` for `engine/lesson/play/stage.ts`; undefined for the files beside the rooms. */
function roomOf(file: string): string | undefined {
  const [top, room, ...rest] = file.split("/");
  return top === "engine" && rest.length > 0 ? room : undefined;
}

/** Why this import is not allowed, and what to do; undefined when it is. */
function judge({ from, to }: Import): string | undefined {
  const room = roomOf(from);
  if (room === undefined || to === "engine/errors.ts") return undefined;
  // What `npm run parity` and the recorders do is written with the suite's own harness.
  if (room === "commands" && to.startsWith("tests/engine/")) return undefined;
  const other = roomOf(to);
  const may = allowed[room];
  if (may === undefined) return `${from}: the room ${room} is new; say here what it may import.`;
  if (other === room || (other !== undefined && may.includes(other))) return undefined;
  const names = may.length === 0 ? "nothing" : may.join(", ");
  const isTwins = [room, other].toSorted().join() === "grader,lesson";
  const remedy = isTwins
    ? "Move what both need to catalog, redis, http or process"
    : `Move what it needs of ${to} to a room that it may import, or hand it in from engine/commands`;
  return `${from} imports ${to}, but ${room} may import only ${names}. ${remedy}.`;
}

test("imports inside the engine go one way", async () => {
  const imports = await importsOf("engine");
  expect(imports.length).toBeGreaterThan(500);
  expect(imports.map(judge).filter((each) => each !== undefined)).toEqual([]);
});

test("an import against the direction is named with what to move where", () => {
  expect(judge({ from: "engine/lesson/play/a.ts", to: "engine/grader/b.ts" })).toBe(
    "engine/lesson/play/a.ts imports engine/grader/b.ts, but lesson may import only redis, http, progress, catalog, process. Move what both need to catalog, redis, http or process.",
  );
  expect(judge({ from: "engine/process/a.ts", to: "engine/redis/b.ts" })).toBe(
    "engine/process/a.ts imports engine/redis/b.ts, but process may import only nothing. Move what it needs of engine/redis/b.ts to a room that it may import, or hand it in from engine/commands.",
  );
  expect(judge({ from: "engine/catalog/a.ts", to: "tests/engine/b.ts" })).toContain("may import");
  expect(judge({ from: "engine/catalog/a.ts", to: "engine/errors.ts" })).toBeUndefined();
});

test("checks import only the testkit, and content imports nothing of the engine", async () => {
  const rooms = ["lessons", "exercises", "solutions", "tests/exercises"];
  const imports = (await Promise.all(rooms.map(importsOf))).flat();
  const wrong = imports
    .filter(({ to }) => to.startsWith("engine/"))
    .filter(
      ({ from, to }) =>
        !/^tests\/exercises\/[^/]+\/[^/]+$/.test(from) || to !== "engine/grader/testkit.ts",
    )
    .map(({ from, to }) => `${from} imports ${to}: it must stand without the engine.`);
  expect(wrong).toEqual([]);
});

/** Programs of their own, whose streams are theirs. */
const programs = ["redis/embedded/serve-in-process.ts", "redis/embedded/worker.ts"];

test("only commands and the terminal print", async () => {
  const files = (await listFiles(path.join(repository, "engine"))).filter(
    (file) =>
      file.endsWith(".ts") &&
      !programs.includes(file) &&
      file !== "main.ts" &&
      !/^(?:commands|terminal)\/|\/programs\//.test(file),
  );
  const printing = await Promise.all(
    files.map(async (file) => {
      const text = await readFile(path.join(repository, "engine", file), "utf8");
      const line = text
        .split("\n")
        .findIndex((each) =>
          /(?<![`\w.])console\.\w+\(|process\.std(?:out|err)\.write\(/.test(each),
        );
      return line === -1
        ? []
        : [
            `engine/${file}:${line + 1} prints: return data or an event, and print in engine/commands.`,
          ];
    }),
  );
  expect(printing.flat()).toEqual([]);
});
