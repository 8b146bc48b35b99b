import { fileURLToPath } from "node:url";
import { DeadlineError, withDeadline } from "../../process/deadline.ts";
import { deferred } from "../../process/deferred.ts";
import { type StartedProgram, startProgram } from "../../process/start-program.ts";
import type { ReadyPackages } from "../build/ready-packages.ts";

/** A process that waits to be told what to boot. */
export interface WaitingHost {
  readonly program: StartedProgram;
  /** How often it has booted before; nothing of that was found to be left in it. */
  boots: number;
  /** Set by whoever takes it. */
  onMessage: (message: unknown) => void;
  /** Hears each line that it prints to stderr. */
  onError: (line: string) => void;
  /** Resolves once it listens for messages. */
  readonly waits: Promise<void>;
}

const SPARE = 2;
const HOST = fileURLToPath(new URL("../host/host.mjs", import.meta.url));
const RETIRE_DEADLINE_MS = 2000;
const MOST_RETIRED = 8;

/** Where a boot gets its processes from. */
export interface HostSource {
  /** @param isFresh it must not have booted before */
  take(isFresh?: boolean): Promise<WaitingHost>;
  /**
   * Resolves once it may be taken again, or is gone.
   * @param isSudden it is to end at once: what it would still do, by a timer or after a door, must not happen
   */
  giveBack(host: WaitingHost, isSudden?: boolean): Promise<void>;
}

/** Hosts that have booted, and can boot again. One that ends meanwhile is no longer among them. */
export class RetiredHosts {
  readonly #hosts = new Set<WaitingHost>();

  get size(): number {
    return this.#hosts.size;
  }

  add(host: WaitingHost): void {
    this.#hosts.add(host);
    void host.program.ended.then(() => this.#hosts.delete(host));
  }

  /** The one that came last: the others may not be needed at all. */
  take(): WaitingHost | undefined {
    const last = [...this.#hosts].at(-1);
    if (last !== undefined) this.#hosts.delete(last);
    return last;
  }

  takeAll(): WaitingHost[] {
    const all = [...this.#hosts];
    this.#hosts.clear();
    return all;
  }
}

/** Starts hosts ahead: one that waits has loaded all but the submission. */
export class HostPool implements HostSource, AsyncDisposable {
  readonly #cwd: string;
  readonly #packages: ReadyPackages;
  readonly #spare: WaitingHost[] = [];
  readonly #retired = new RetiredHosts();
  readonly #all = new Set<WaitingHost>();
  #taken = 0;
  #wanted = 0;
  #atOnce = Number.POSITIVE_INFINITY;

  constructor(cwd: string, packages: ReadyPackages) {
    this.#cwd = cwd;
    this.#packages = packages;
  }

  /**
   * @param wanted how many boots there will be in all; two are kept waiting meanwhile
   * @param atOnce how many of them at the same time, when processes will be given back
   */
  prepare(wanted: number, atOnce = Number.POSITIVE_INFINITY): void {
    this.#wanted = wanted;
    this.#atOnce = atOnce;
    this.#fill();
  }

  /** A host, waiting if there is one; the next is started. */
  async take(isFresh = false): Promise<WaitingHost> {
    const retired = isFresh ? undefined : this.#retired.take();
    const host = retired ?? this.#spare.shift() ?? this.#start();
    this.#taken += 1;
    this.#fill();
    return host;
  }

  async giveBack(host: WaitingHost, isSudden = false): Promise<void> {
    if (!(await retireHost(host, isSudden))) return;
    if (this.#retired.size < MOST_RETIRED) this.#retired.add(host);
    else await host.program.kill();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#wanted = 0;
    await Promise.all([...this.#all].map(async ({ program }) => await program.kill()));
  }

  #fill(): void {
    const isWanted = () =>
      this.#taken + this.#spare.length + this.#retired.size < this.#wanted &&
      this.#all.size < this.#atOnce;
    while (this.#spare.length < SPARE && isWanted()) this.#spare.push(this.#start());
  }

  #start(): WaitingHost {
    const host = startHost(this.#cwd, this.#packages);
    this.#all.add(host);
    void host.program.ended.then(() => {
      this.#all.delete(host);
      this.#fill();
      return undefined;
    });
    return host;
  }
}

/**
 * Has a host end what it has booted. It can boot once more when nothing is left of that, neither at
 * work nor in what programs share; else it is ended here, and the answer is false.
 * @param isSudden one that waits for a timer or a door is ended at once
 */
export async function retireHost(host: WaitingHost, isSudden: boolean): Promise<boolean> {
  const { program } = host;
  const retired = deferred<boolean>();
  host.onError = () => {};
  host.onMessage = (message) => {
    if (typeof message !== "object" || message === null) return;
    if (Reflect.get(message, "did") !== "retire") return;
    retired.resolve(Reflect.get(message, "left") === undefined);
  };
  void program.ended.then(() => retired.resolve(false));
  program.send({ do: "retire", isSudden });
  try {
    const [isClean] = await Promise.all([
      withDeadline(retired.promise, RETIRE_DEADLINE_MS, "Retiring a host"),
      program.setOffset(0, RETIRE_DEADLINE_MS),
      program.freeze(undefined, RETIRE_DEADLINE_MS),
    ]);
    host.boots += 1;
    // What it hashes, or reads from files, would go on.
    if (isClean && (await program.turn(RETIRE_DEADLINE_MS)) && program.work() === 0) return true;
  } catch (error) {
    if (!(error instanceof DeadlineError)) throw error;
  }
  await program.kill();
  return false;
}

/** Starts one; it waits to be told what to boot. */
export function startHost(cwd: string, packages: ReadyPackages): WaitingHost {
  const waits = deferred<void>();
  const program = startProgram({
    name: "app",
    entry: HOST,
    args: [packages.file],
    plain: true,
    cwd,
    // A place whose date is not the UTC one for hours each day: local dates are found out anywhere.
    environment: { NODE_ENV: "production", TZ: "America/New_York" },
    onLine: (line, stream) => {
      if (stream === "stderr") host.onError(line);
    },
    onMessage: (message) => {
      waits.resolve();
      host.onMessage(message);
    },
  });
  const host: WaitingHost = {
    program,
    boots: 0,
    onMessage: () => {},
    onError: () => {},
    waits: waits.promise,
  };
  void program.ended.then(() => waits.resolve());
  return host;
}
