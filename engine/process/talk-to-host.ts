import type { Readable, Writable } from "node:stream";
import { deferred } from "./deferred.ts";
import { DeadlineError, startDeadline, withDeadline } from "./deadline.ts";
import { type ProgramCrash, type ProgramEnd, ProgramFailure } from "./start-program.ts";

/** A line that the host inside a program writes (host/preload.cjs). */
type HostReport =
  | { did: "listen"; port: number }
  | { did: "listen-try" }
  | { did: "listen-failed"; code?: string; port?: number }
  | ({ did: "crash" } & ProgramCrash)
  | { did: "turn" | "offset" | "freeze"; id: number; work?: number };

/** A program may try the next port when one is taken: it gets this long for the attempt. */
const NEXT_TRY_MS = 500;

/** Our side of the two pipes to the host inside a program. */
export interface ProgramHost {
  listening(deadlineMs: number): Promise<number>;
  crash(): ProgramCrash | undefined;
  setOffset(offsetMs: number, deadlineMs: number): Promise<void>;
  freeze(atMs: number | undefined, deadlineMs: number): Promise<void>;
  turn(deadlineMs: number, laps?: number): Promise<boolean>;
  work(): number;
}

interface Link {
  readonly name: string;
  readonly down: Writable | null;
  readonly up: Readable | null | undefined;
  readonly ended: Promise<ProgramEnd>;
  readonly stderr: () => string;
}

/** Listens to the host of one program and gives it orders. */
export function talkToHost(link: Link): ProgramHost {
  const answers = new Map<number, () => void>();
  const port = deferred<number>();
  // Nobody may ask for the port at all: then its failure is nobody's.
  port.promise.catch(() => {});
  let lastId = 0;
  let work = 0;
  let crash: ProgramCrash | undefined;
  let taken: number | undefined;
  let callOffTaken: (() => void) | undefined;

  const fail = (reason: "ended" | "deadline" | "port-taken", text: string, end?: ProgramEnd) =>
    new ProgramFailure(text, {
      program: link.name,
      reason,
      end,
      stderr: end?.stderr ?? link.stderr(),
      port: reason === "port-taken" ? taken : undefined,
    });
  const sayTaken = (end?: ProgramEnd) =>
    fail("port-taken", `${link.name}: port ${taken} is taken by another program.`, end);

  readReports(link.up, (report) => {
    if (report.did === "listen") {
      callOffTaken?.();
      port.resolve(report.port);
    } else if (report.did === "listen-try") {
      callOffTaken?.();
    } else if (report.did === "listen-failed") {
      if (report.code !== "EADDRINUSE") return;
      taken = report.port;
      callOffTaken = startDeadline(NEXT_TRY_MS, () => port.reject(sayTaken()));
    } else if (report.did === "crash") {
      crash = report;
    } else {
      work = report.work ?? work;
      answers.get(report.id)?.();
    }
  });
  const giveUp = (end: ProgramEnd) => {
    callOffTaken?.();
    const how = end.signal ?? `exit code ${end.code}`;
    if (taken !== undefined) port.reject(sayTaken(end));
    else port.reject(fail("ended", `${link.name} ended (${how}) before it was listening.`, end));
  };
  void link.ended.then(giveUp);
  // A program that ends while we write: `ended` tells of it.
  link.down?.on("error", () => {});

  const order = async (what: object, deadlineMs: number): Promise<boolean> => {
    const id = (lastId += 1);
    const { promise, resolve } = deferred<boolean>();
    answers.set(id, () => resolve(true));
    void link.ended.then(() => resolve(false));
    const callOff = startDeadline(deadlineMs, () => resolve(false));
    link.down?.write(`${JSON.stringify({ ...what, id })}\n`);
    const answered = await promise;
    callOff();
    answers.delete(id);
    return answered;
  };
  return {
    crash: () => crash,
    work: () => work,
    turn: async (deadlineMs, laps = 1) => await order({ do: "turn", laps }, deadlineMs),
    async setOffset(offsetMs, deadlineMs) {
      if (await order({ do: "offset", offsetMs }, deadlineMs)) return;
      throw new DeadlineError(`Setting the clock of ${link.name}`, deadlineMs);
    },
    async freeze(atMs, deadlineMs) {
      if (await order({ do: "freeze", atMs: atMs ?? 0 }, deadlineMs)) return;
      throw new DeadlineError(`Stopping the clock of ${link.name}`, deadlineMs);
    },
    async listening(deadlineMs) {
      try {
        return await withDeadline(port.promise, deadlineMs, link.name);
      } catch (error) {
        if (!(error instanceof DeadlineError)) throw error;
        throw fail("deadline", `${link.name} was not listening within ${deadlineMs} ms.`);
      }
    },
  };
}

function readReports(
  up: Readable | null | undefined,
  onReport: (report: HostReport) => void,
): void {
  let rest = "";
  up?.setEncoding("utf8");
  up?.on("error", () => {});
  up?.on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const report = parseReport(line);
      if (report !== undefined) onReport(report);
    }
  });
}

/** A hostile program may write to the pipe itself: what is not a report is passed over. */
function parseReport(line: string): HostReport | undefined {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== "object" || value === null || !("did" in value)) return undefined;
    return value as HostReport;
  } catch {
    return undefined;
  }
}
