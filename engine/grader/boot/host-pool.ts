import { fileURLToPath } from "node:url";
import { deferred } from "../../process/deferred.ts";
import { type StartedProgram, startProgram } from "../../process/start-program.ts";
import type { ReadyPackages } from "../build/ready-packages.ts";

/** A process that waits to be told what to boot. */
export interface WaitingHost {
  readonly program: StartedProgram;
  /** Set by whoever takes it. */
  onMessage: (message: unknown) => void;
  /** Hears each line that it prints to stderr. */
  onError: (line: string) => void;
  /** Resolves once it listens for messages. */
  readonly waits: Promise<void>;
}

const SPARE = 2;
const HOST = fileURLToPath(new URL("../host/host.mjs", import.meta.url));

/** Where a boot gets its processes from. */
export interface HostSource {
  take(): Promise<WaitingHost>;
}

/** Starts hosts ahead: one that waits has loaded all but the submission. */
export class HostPool implements HostSource, AsyncDisposable {
  readonly #cwd: string;
  readonly #packages: ReadyPackages;
  readonly #spare: WaitingHost[] = [];
  readonly #all = new Set<WaitingHost>();
  #started = 0;
  #wanted = 0;

  constructor(cwd: string, packages: ReadyPackages) {
    this.#cwd = cwd;
    this.#packages = packages;
  }

  /** @param wanted how many will be needed in all; two are kept waiting meanwhile. */
  prepare(wanted: number): void {
    this.#wanted = wanted;
    this.#fill();
  }

  /** A host, waiting if there is one; the next is started. */
  async take(): Promise<WaitingHost> {
    const host = this.#spare.shift() ?? this.#start();
    this.#fill();
    return host;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#all].map(async ({ program }) => await program.kill()));
  }

  #fill(): void {
    while (this.#spare.length < SPARE && this.#started < this.#wanted)
      this.#spare.push(this.#start());
  }

  #start(): WaitingHost {
    this.#started += 1;
    const host = startHost(this.#cwd, this.#packages);
    this.#all.add(host);
    void host.program.ended.then(() => this.#all.delete(host));
    return host;
  }
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
    onMessage: () => {},
    onError: () => {},
    waits: waits.promise,
  };
  void program.ended.then(() => waits.resolve());
  return host;
}
