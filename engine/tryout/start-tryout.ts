import { deferred, type Deferred } from "../process/deferred.ts";
import { withDeadline } from "../process/deadline.ts";
import type { StartedProgram } from "../process/start-program.ts";
import { SubmissionFailure } from "../grader/boot/submission-failure.ts";
import type { SubmissionError } from "../grader/report.ts";
import { type LoggedCommand, type StartedGate, startGate } from "../redis/gate.ts";
import { provideRedis, type StartedRedis } from "../redis/provide-redis.ts";
import { settle } from "../redis/settle.ts";
import { watchFolder } from "../work/watch-folder.ts";
import { type FrontDoor, openFrontDoor, type PassedRequest } from "./front-door.ts";
import type { TriedProgram } from "./tried-program.ts";
import type { TryoutEvent } from "./tryout-event.ts";

const SETTLE_MS = 1000;
const WAIT_FOR_PROGRAM_MS = 30_000;

export interface Tryout extends AsyncDisposable {
  readonly redis: StartedRedis;
  /** Where each program is reached, by its name, in order. They stay over restarts. */
  readonly urls: ReadonlyMap<string, string>;
  /** Ends the programs and starts them again. */
  restart(): Promise<void>;
}

/** One program: the gate and the door that stay, and the process between them that comes and goes. */
interface Place {
  readonly tried: TriedProgram;
  readonly gate: StartedGate;
  readonly door: FrontDoor;
  process: StartedProgram | undefined;
  /** Settled once this start is decided. */
  state: Deferred<{ url: string } | { error: string }>;
  readonly open: Set<OpenRequest>;
  /** Commands of the log that have been told. */
  told: number;
}

/**
 * Starts the programs on a Redis of their own, and again on every save of `folder`. Whatever
 * happens is told by `onEvent`: a program that does not start is an event, not an error.
 * @throws UserError when there is no Redis to be had
 */
export async function startTryout(options: {
  readonly programs: readonly TriedProgram[];
  readonly folder: string;
  readonly onEvent: (event: TryoutEvent) => void;
}): Promise<Tryout> {
  const { onEvent } = options;
  const opened: AsyncDisposable[] = [];
  const use = <T extends AsyncDisposable>(one: T): T => {
    opened.push(one);
    return one;
  };
  const places: Place[] = [];
  let generation = 0;
  const close = async () => {
    generation += 1;
    await Promise.all(places.map(async ({ process }) => await process?.kill()));
    for (const one of opened.splice(0).toReversed()) await one[Symbol.asyncDispose]();
  };
  try {
    return await open();
  } catch (error) {
    await close();
    throw error;
  }

  async function open(): Promise<Tryout> {
    const redis = use(await provideRedis({ purpose: "try" }));
    for (const tried of options.programs) {
      const gate = use(await startGate({ redis, refuse: false }));
      const door = use(
        await openFrontDoor({
          port: tried.port,
          target: async () =>
            await withDeadline(
              place.state.promise,
              WAIT_FOR_PROGRAM_MS,
              `The start of ${tried.name}`,
            )
              // It hangs at its start; the visitor need not hang with it.
              .catch((error: Error) => ({ error: error.message })),
          begin: () => beginRequest(place, onEvent),
        }),
      );
      const place: Place = {
        tried,
        gate,
        door,
        process: undefined,
        state: deferred(),
        open: new Set(),
        told: 0,
      };
      places.push(place);
    }

    let wasUp = false;
    const restart = async () => {
      const mine = (generation += 1);
      const began = performance.now();
      for (const place of places) {
        const before = place.state;
        place.state = deferred();
        // Those who wait for a start that is called off wait for the next one.
        const next = place.state.promise;
        void next.then((outcome) => {
          before.resolve(outcome);
          return undefined;
        });
      }
      await Promise.all(places.map(async ({ process }) => await process?.kill()));
      for (const place of places) {
        if (mine !== generation) return;
        const error = await launch(place, () => mine === generation, onEvent);
        if (mine !== generation) return;
        if (error !== undefined) {
          for (const each of places) each.state.resolve({ error: inOneLine(error) });
          onEvent({ type: "down", program: place.tried.name, error });
          return;
        }
      }
      for (const place of places) tellRest(place, onEvent);
      onEvent({ type: "up", restarted: wasUp, durationMs: performance.now() - began });
      wasUp = true;
    };
    use(await watchFolder(options.folder, { onChange: () => void restart() }));
    if (generation === 0) await restart();
    return {
      redis,
      urls: new Map(places.map(({ tried, door }) => [tried.name, door.url])),
      restart,
      [Symbol.asyncDispose]: close,
    };
  }
}

/** Answers the program's own error when it did not start. */
async function launch(
  place: Place,
  isCurrent: () => boolean,
  onEvent: (event: TryoutEvent) => void,
): Promise<SubmissionError | undefined> {
  const { tried, gate } = place;
  try {
    const { program, url } = await tried.launch({
      redisUrl: gate.url,
      onLine: (line) => onEvent({ type: "line", program: tried.name, line }),
      onProcess: (process) => {
        place.process = process;
      },
    });
    if (!isCurrent()) return undefined;
    place.state.resolve({ url });
    void program.ended.then(() => {
      if (place.process !== program || !isCurrent()) return undefined;
      const error = tried.describeEnd(program);
      place.state = deferred();
      place.state.resolve({ error: inOneLine(error) });
      onEvent({ type: "down", program: tried.name, error });
      return undefined;
    });
    return undefined;
  } catch (error) {
    if (error instanceof SubmissionFailure) return error.detail;
    throw error;
  }
}

/** One request that is under way, or answered with the program still at work. */
interface OpenRequest {
  passed: PassedRequest | undefined;
  isShared: boolean;
}

function beginRequest(place: Place, onEvent: (event: TryoutEvent) => void) {
  const { open } = place;
  // Answered ones that only wait for the program to be quiet: what comes from now on is not theirs.
  if ([...open].every(({ passed }) => passed !== undefined)) {
    for (const each of open) finish(place, each, onEvent);
  }
  if (open.size === 0) tellRest(place, onEvent);
  const request: OpenRequest = { passed: undefined, isShared: open.size > 0 };
  for (const each of open) each.isShared = true;
  open.add(request);
  return (passed: PassedRequest) => {
    request.passed = passed;
    void (async () => {
      const { gate, process } = place;
      // What the program does after its answer still belongs to the request.
      const programs = process === undefined ? [] : [process];
      await settle({ gate, programs, deadlineMs: SETTLE_MS });
      finish(place, request, onEvent);
    })();
  };
}

function finish(place: Place, request: OpenRequest, onEvent: (event: TryoutEvent) => void): void {
  const { passed, isShared } = request;
  if (passed === undefined || !place.open.delete(request)) return;
  const commands = take(place);
  onEvent({
    type: "request",
    request: { ...passed, program: place.tried.name, commands, isShared },
  });
}

/** The commands that have come since the last look, without handshakes. */
function take(place: Place): readonly LoggedCommand[] {
  const commands = place.gate.log.slice(place.told).filter(({ handshake }) => !handshake);
  place.told = place.gate.log.length;
  return commands;
}

function tellRest(place: Place, onEvent: (event: TryoutEvent) => void): void {
  const commands = take(place);
  if (commands.length > 0) onEvent({ type: "commands", commands });
}

function inOneLine({ message, file, line }: SubmissionError): string {
  return file === undefined ? message : `${message}\nat ${file}:${line ?? 1}`;
}
