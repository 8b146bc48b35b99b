import { deferred } from "../../process/deferred.ts";
import { withDeadline } from "../../process/deadline.ts";
import type { StartedProgram } from "../../process/start-program.ts";
import type { BuiltSubmission } from "../build/build-submission.ts";
import type { BootDoors } from "./boot-doors.ts";
import { describeCrash, readCrash } from "./describe-crash.ts";
import type { WaitingHost } from "./host-pool.ts";
import { RunningTime } from "./running-time.ts";
import { SubmissionFailure } from "./submission-failure.ts";

export interface LaunchOptions {
  /** Absolute path of the submission. */
  readonly folder: string;
  readonly built: BuiltSubmission;
  readonly host: WaitingHost;
  readonly doors: BootDoors;
  /** The rest of the program's context. */
  readonly context: {
    readonly redisUrl: string;
    readonly secret: string;
    readonly settings: object;
  };
  /** How long the context's client waits for Redis. */
  readonly patienceMs: number;
  /** Milliseconds already travelled. */
  readonly offsetMs: number;
  /** For loading the program, and for `createApp`, by the time in which it could run. */
  readonly startDeadlineMs: number;
}

export interface LaunchedProgram {
  readonly host: WaitingHost;
  readonly program: StartedProgram;
  readonly url: string;
  /** What it has printed to stderr so far, line by line; old lines are dropped, and `count` goes on counting. */
  readonly errors: { readonly lines: readonly string[]; readonly count: number };
}

/** Of our own host, before anything of the submission runs. */
const HOST_DEADLINE_MS = 120_000;
const ORDER_DEADLINE_MS = 10_000;
const TURN_DEADLINE_MS = 1000;
const LINES_KEPT = 200;

/**
 * Starts one program of a submission in a process of its own.
 * @throws SubmissionFailure with the program's own error, or with what it has not done in time
 */
export async function launchProgram(
  name: string,
  options: LaunchOptions,
): Promise<LaunchedProgram> {
  const { built, folder, host, doors, offsetMs, patienceMs } = options;
  const { program } = host;
  const booted = deferred<number>();
  let isLoaded = false;
  let isStarted = false;
  host.onMessage = (message) => {
    if (typeof message !== "object" || message === null) return;
    const said = message as Record<string, unknown>;
    // What follows the start is no affair of the start any more, whoever sends it.
    if (said["did"] === "load") isLoaded = true;
    if (!isStarted && said["did"] === "boot" && isPort(said["port"])) booted.resolve(said["port"]);
    if (!isStarted && said["did"] === "fail") {
      const { detail } = describeCrash(readCrash(said["error"]), built, folder);
      booted.reject(
        new SubmissionFailure({ ...detail, file: detail.file ?? built.sourceOf(name) }),
      );
    }
    if (said["did"] === "door") void answerDoor(doors, program, name, said);
  };
  const errors = { lines: [] as string[], count: 0 };
  host.onError = (line) => {
    errors.count += 1;
    errors.lines.push(line);
    if (errors.lines.length > LINES_KEPT) errors.lines.shift();
  };
  void program.ended.then(() => {
    booted.reject(describeEnd(name, program, built, folder));
    return undefined;
  });
  booted.promise.catch(() => {});
  await withDeadline(host.waits, HOST_DEADLINE_MS, "The start of a process");
  const time = new RunningTime(async (deadlineMs) => await program.turn(deadlineMs));
  const callOff = time.startDeadline(options.startDeadlineMs, () => void giveUp());
  const giveUp = async () => {
    const isStuck = !(await program.turn(TURN_DEADLINE_MS));
    const what = isStuck ? "a loop that does not end" : "an await that does not end";
    const why = isLoaded
      ? `createApp has not returned, there is ${what} in it`
      : `it is still being loaded, there is ${what} outside of createApp`;
    const message = `${name} has not started within ${options.startDeadlineMs / 1000} s: ${why}.`;
    booted.reject(new SubmissionFailure({ message, file: built.sourceOf(name), line: undefined }));
  };
  try {
    if (offsetMs > 0) await program.setOffset(offsetMs, ORDER_DEADLINE_MS);
    const { loader } = built;
    const file = built.fileOf(name);
    program.send({ do: "boot", file, loader, patienceMs, doors: doors.names, ...options.context });
    const port = await booted.promise;
    isStarted = true;
    return { host, program, url: `http://127.0.0.1:${port}`, errors };
  } catch (error) {
    await program.kill();
    if (error instanceof SubmissionFailure) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new SubmissionFailure({ message, file: built.sourceOf(name), line: undefined });
  } finally {
    callOff();
  }
}

/** Why a program is gone: the error that nothing caught, else what is known of its end. */
export function describeEnd(
  name: string,
  program: StartedProgram,
  built: BuiltSubmission,
  folder: string,
): SubmissionFailure {
  const crash = program.crash();
  if (crash !== undefined) return describeCrash(readCrash(crash), built, folder);
  const last = program.output().stderr.trim().split("\n").at(-1) ?? "";
  const said = last === "" ? "" : ` The last line that it printed to stderr: ${last.slice(0, 300)}`;
  const message = `${name} ended by itself without an error: is process.exit called?${said}`;
  return new SubmissionFailure({ message, file: built.sourceOf(name), line: undefined });
}

function isPort(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) > 0 && Number(value) < 65_536;
}

async function answerDoor(
  doors: BootDoors,
  program: StartedProgram,
  name: string,
  { id, door, args }: Record<string, unknown>,
): Promise<void> {
  try {
    const list: readonly unknown[] = Array.isArray(args) ? args : [];
    program.send({ do: "door", id, result: await doors.call(String(door), name, list) });
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    program.send({ do: "door", id, error: text });
  }
}
