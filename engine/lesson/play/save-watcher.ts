import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import type { FSWatcher } from "chokidar";

const CODE = /\.(?:[cm]?[jt]s|json|py|md)$/;
/** An editor may write a file in several goes. */
const CALM_MS = 60;

/** Notices that files of a lesson were saved with another content, and has them dealt with one by one. */
export class SaveWatcher implements AsyncDisposable {
  readonly #folder: string;
  readonly #onSave: (file: string) => Promise<void>;
  readonly #since: number;
  readonly #contents = new Map<string, string>();
  #watcher: Promise<FSWatcher>;
  #work: Promise<void> = Promise.resolve();

  /**
   * @param options.since milliseconds since 1970: what was saved after that counts, also before this began
   * @param options.onSave called with the name of the file, relative to the folder, with forward slashes
   */
  constructor(
    folder: string,
    { since, onSave }: { since: number; onSave: (file: string) => Promise<void> },
  ) {
    this.#folder = folder;
    this.#since = since;
    this.#onSave = onSave;
    this.#watcher = this.#start();
  }

  /** Resolves when what was saved so far has been dealt with. */
  async settled(): Promise<void> {
    await this.#work;
  }

  /** Resolves when changes are noticed from now on. */
  async ready(): Promise<void> {
    await this.#watcher;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const watcher = await this.#watcher;
    await watcher.close();
    await this.#work;
  }

  async #start(): Promise<FSWatcher> {
    const { watch } = await import("chokidar");
    const watcher = watch(this.#folder, {
      ignored: (file, stats) =>
        path.basename(file) === "node_modules" || (stats?.isFile() === true && !CODE.test(file)),
      awaitWriteFinish: { stabilityThreshold: CALM_MS, pollInterval: CALM_MS / 2 },
    });
    watcher.on("error", () => {});
    watcher.on("all", (event, file) => {
      if (event !== "add" && event !== "change") return;
      this.#work = this.#work.then(async () => await this.#look(file)).catch(() => {});
    });
    await new Promise<void>((resolve) => {
      watcher.once("ready", () => resolve());
    });
    return watcher;
  }

  /** Saved without a change is no change; what is seen first is how it was when this began. */
  async #look(file: string): Promise<void> {
    const [bytes, stats] = await Promise.all([readFile(file), stat(file)]).catch(() => []);
    if (bytes === undefined || stats === undefined) return;
    const content = createHash("sha256").update(bytes).digest("hex");
    const before = this.#contents.get(file);
    this.#contents.set(file, content);
    if (before === undefined ? !this.#isSavedSince(stats.mtimeMs) : before === content) return;
    await this.#onSave(path.relative(this.#folder, file).split(path.sep).join("/"));
  }

  /** A time that is still to come is not one at which anybody saved. */
  #isSavedSince(savedMs: number): boolean {
    return savedMs > this.#since && savedMs <= Date.now();
  }
}
