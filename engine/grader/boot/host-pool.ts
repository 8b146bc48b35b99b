import { fileURLToPath } from "node:url";
import { deferred } from "../../process/deferred.ts";
import { type StartedProgram, startProgram } from "../../process/start-program.ts";

/** A process that waits to be told what to boot. */
export interface WaitingHost {
  readonly program: StartedProgram;
  /** Set by whoever takes it. */
  onMessage: (message: unknown) => void;
  /** Resolves once it listens for messages. */
  readonly waits: Promise<void>;
}

const HOST = fileURLToPath(new URL("../host/host.mjs", import.meta.url));

/** Where a boot gets its processes from. */
export interface HostSource {
  take(): WaitingHost;
}

/** Starts hosts ahead: a cold one takes 0.4 s, one that waits 0.1 s. */
export class HostPool implements HostSource, AsyncDisposable {
  readonly #cwd: string;
  readonly #spare: WaitingHost[] = [];
  readonly #all = new Set<WaitingHost>();
  #wanted: number;

  /** @param wanted how many will be needed in all; two are kept waiting meanwhile. */
  constructor(cwd: string, wanted: number) {
    this.#cwd = cwd;
    this.#wanted = wanted;
    this.#fill();
  }

  /** A host, waiting if there is one; the next is started. */
  take(): WaitingHost {
    const host = this.#spare.shift() ?? this.#start();
    this.#fill();
    return host;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#all].map(async ({ program }) => await program.kill()));
  }

  #fill(): void {
    while (this.#spare.length < 2 && this.#wanted > 0) this.#spare.push(this.#start());
  }

  #start(): WaitingHost {
    this.#wanted -= 1;
    const host = startHost(this.#cwd);
    this.#all.add(host);
    void host.program.ended.then(() => this.#all.delete(host));
    return host;
  }
}

/** Starts one; it waits to be told what to boot. */
export function startHost(cwd: string): WaitingHost {
  const waits = deferred<void>();
  const program = startProgram({
    name: "app",
    entry: HOST,
    cwd,
    // A place whose date is not the UTC one for hours each day: local dates are found out anywhere.
    environment: { NODE_ENV: "production", TZ: "America/New_York" },
    onMessage: (message) => {
      waits.resolve();
      host.onMessage(message);
    },
  });
  const host: WaitingHost = { program, onMessage: () => {}, waits: waits.promise };
  void program.ended.then(() => waits.resolve());
  return host;
}
