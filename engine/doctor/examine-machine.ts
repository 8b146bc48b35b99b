import { mkdir, open, rm } from "node:fs/promises";
import { createServer } from "node:net";
import path from "node:path";
import type { LessonEntry } from "../catalog/lesson-entry.ts";
import { listLessons } from "../catalog/list-lessons.ts";
import { UserError } from "../errors.ts";
import { provideRedis, type StartedRedis } from "../redis/provide-redis.ts";
import { findPython, type PythonFound, pythonInstallLines } from "../process/find-python.ts";

/** Starting Python takes 0.1 s, importing Flask on a cold disk more. */
const PYTHON_DEADLINE_MS = 800;

/** Something of this machine that the workbook uses. */
export interface Finding {
  /** `Node`, `Redis`, … */
  readonly name: string;
  /** `optional`: a lesson would be played as a recording without it. */
  readonly state: "good" | "optional" | "bad";
  /** One line. */
  readonly what: string;
  /** What else is worth knowing. */
  readonly notes: readonly string[];
  /** What to do about it. */
  readonly hint?: string;
}

/** How a lesson can be played here. */
export interface Playability {
  readonly lesson: LessonEntry;
  readonly isLive: boolean;
  /** Why only a recording can be played. */
  readonly why: string | undefined;
  /** Steps of a lesson that is live otherwise, which are recordings here: they need a redis-server. */
  readonly recordedSteps: number;
}

export interface Examination {
  readonly findings: readonly Finding[];
  readonly lessons: readonly Playability[];
}

/** Looks at what the workbook needs of this machine. Takes less than a second. */
export async function examineMachine(
  root: string,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<Examination> {
  const [redis, ports, writing, flask, lessons] = await Promise.all([
    examineRedis(environment),
    examinePorts(),
    examineWriting(root),
    findPython(root, environment, PYTHON_DEADLINE_MS),
    listLessons(root),
  ]);
  const python = describePython(flask, lessons);
  return {
    findings: [examineNode(), examineNpm(environment), redis.finding, ports, writing, python],
    lessons: lessons.map((lesson) => {
      const why = whyNotLive(lesson, redis.kind, flask.program !== undefined);
      const recordedSteps = redis.kind === "embedded" ? lesson.serverSteps : 0;
      return { lesson, isLive: why === undefined, why, recordedSteps };
    }),
  };
}

/** It is for one lesson, which plays as a recording without it. */
function describePython(
  { program, python, flask, problem }: PythonFound,
  lessons: readonly LessonEntry[],
): Finding {
  if (program !== undefined) {
    return { name: "Python", state: "good", what: `${python} with Flask ${flask}`, notes: [] };
  }
  const lesson = lessons.find(({ programs }) => programs.some((file) => file.endsWith(".py")));
  if (lesson === undefined) return { name: "Python", state: "optional", what: problem, notes: [] };
  return {
    name: "Python",
    state: "optional",
    what: `${problem} (only for lesson ${lesson.number}, ${lesson.title})`,
    notes: [
      `To play it live: ${pythonInstallLines(`lessons/${lesson.slug}/requirements.txt`).join(" && ")}`,
    ],
  };
}

type RedisKind = StartedRedis["kind"] | undefined;

function whyNotLive(lesson: LessonEntry, kind: RedisKind, hasFlask: boolean): string | undefined {
  if (kind === undefined) return "there is no Redis to be had";
  if (lesson.redis === "server" && kind === "embedded") return "it needs a redis-server";
  if (lesson.redis === "sentinel" && kind !== "server") {
    return "it starts several redis-servers, and needs one on your PATH";
  }
  const needsPython = lesson.programs.some((file) => file.endsWith(".py"));
  return needsPython && !hasFlask
    ? "it needs Python 3 with Flask, Flask-Session and redis"
    : undefined;
}

function examineNode(): Finding {
  // An older one does not come this far: see start.mjs.
  const what = `${process.versions.node} (${process.platform} ${process.arch})`;
  return { name: "Node", state: "good", what, notes: [] };
}

function examineNpm(environment: Readonly<Record<string, string | undefined>>): Finding {
  const version = /^npm\/(\S+)/.exec(environment["npm_config_user_agent"] ?? "")?.[1];
  const what = version ?? "not used for this run";
  return { name: "npm", state: "good", what, notes: [] };
}

async function examineRedis(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<{ finding: Finding; kind: RedisKind }> {
  try {
    await using redis = await provideRedis({ purpose: "lesson", environment });
    const what = redis.line.replace(/^Redis: /, "");
    return {
      finding: { name: "Redis", state: "good", what, notes: redis.notes },
      kind: redis.kind,
    };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const hint = error.hint === undefined ? {} : { hint: error.hint };
    const finding: Finding = {
      name: "Redis",
      state: "bad",
      what: error.message,
      notes: [],
      ...hint,
    };
    return { finding, kind: undefined };
  }
}

async function examinePorts(): Promise<Finding> {
  const server = createServer();
  try {
    const port = await new Promise<number>((resolve, reject) => {
      server.once("error", reject);
      server.listen(0, "127.0.0.1", () => {
        const address = server.address();
        resolve(typeof address === "object" && address !== null ? address.port : 0);
      });
    });
    const what = `programs can listen on 127.0.0.1 (tried ${port})`;
    return { name: "Ports", state: "good", what, notes: [] };
  } catch (error) {
    return {
      name: "Ports",
      state: "bad",
      what: `no program can listen on 127.0.0.1 (${codeOf(error)})`,
      notes: [],
      hint: "Let your firewall or sandbox allow connections within this machine",
    };
  } finally {
    server.close();
  }
}

async function examineWriting(root: string): Promise<Finding> {
  const folder = path.join(root, ".workbook");
  const file = path.join(folder, `doctor.${process.pid}.tmp`);
  try {
    await mkdir(folder, { recursive: true });
    await (await open(file, "wx")).close();
    await rm(file);
    return { name: "Progress", state: "good", what: ".workbook can be written", notes: [] };
  } catch (error) {
    return {
      name: "Progress",
      state: "bad",
      what: `.workbook cannot be written (${codeOf(error)}): progress and reports are not kept`,
      notes: [],
      hint: `Give yourself the right to write in ${root}`,
    };
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}
