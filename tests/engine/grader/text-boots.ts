import { writeFile } from "node:fs/promises";
import path from "node:path";
import { HostPool } from "../../../engine/grader/boot/host-pool.ts";
import { RedisStock } from "../../../engine/grader/boot/redis-stock.ts";
import { type StartedBoot, startBoot } from "../../../engine/grader/boot/start-boot.ts";
import {
  type BuiltSubmission,
  buildSubmission,
} from "../../../engine/grader/build/build-submission.ts";
import { readyPackages } from "../../../engine/grader/build/ready-packages.ts";
import { createTemporaryFolder } from "../../../engine/process/create-temporary-folder.ts";

/** Boots a submission that consists of this `app.js`, without any exercise around it. */
export class TextBoots implements AsyncDisposable {
  readonly #folder = createTemporaryFolder("test-boots");
  readonly #redises = new RedisStock({ ...process.env, WORKBOOK_REDIS: "embedded" });
  readonly #built: BuiltSubmission[] = [];
  #pool: HostPool | undefined;

  /** The caller ends it before all of this. */
  async boot(app: string): Promise<StartedBoot> {
    const folder = this.#folder.path;
    await writeFile(path.join(folder, "app.js"), app);
    this.#pool ??= new HostPool(process.cwd(), await readyPackages());
    const built = await buildSubmission(folder, ["app"]);
    this.#built.push(built);
    return await startBoot({
      folder,
      built,
      exercise: {
        programs: ["app"],
        settings: {},
        doors: () => ({}),
        tryIt: { settings: {}, requests: [] },
      },
      settings: {},
      secret: "not needed",
      deadlines: { startMs: 10_000, requestMs: 5000 },
      pool: this.#pool,
      redises: this.#redises,
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool?.[Symbol.asyncDispose]();
    await this.#redises[Symbol.asyncDispose]();
    for (const built of this.#built) await built[Symbol.asyncDispose]();
    await this.#folder.remove();
  }
}
