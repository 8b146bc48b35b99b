import { writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { createKit } from "../../../engine/grader/boot/boot-kit.ts";
import { HostPool } from "../../../engine/grader/boot/host-pool.ts";
import { RedisStock } from "../../../engine/grader/boot/redis-stock.ts";
import { startBoot } from "../../../engine/grader/boot/start-boot.ts";
import { buildSubmission } from "../../../engine/grader/build/build-submission.ts";
import { readyPackages } from "../../../engine/grader/build/ready-packages.ts";
import { createTemporaryFolder } from "../../../engine/process/create-temporary-folder.ts";

/** It gives its lock back when it has answered, after many commands more. */
const APP = `import express from "express";
export function createApp({ redis }) {
  return express()
    .get("/read", async (req, res) => {
      await redis.get("draft");
      res.json({ locked: await redis.exists("lock") });
    })
    .get("/book", async (req, res) => {
      await redis.set("lock", "mine");
      res.json({});
      for (let at = 0; at < 50; at += 1) await redis.get("lock");
      await redis.del("lock");
    });
}
`;

test("what another instance does after its answer is over before a request that was stopped goes on", async () => {
  const folder = createTemporaryFolder("test-step");
  try {
    await writeFile(path.join(folder.path, "app.js"), APP);
    await using built = await buildSubmission(folder.path, ["app"]);
    await using pool = new HostPool(process.cwd(), await readyPackages());
    await using redises = new RedisStock({ ...process.env, WORKBOOK_REDIS: "embedded" });
    await using boot = await startBoot({
      folder: folder.path,
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
      pool,
      redises,
    });
    const kit = createKit({
      boot,
      own: true,
      random: () => 0,
      startAnother: () => Promise.reject(new Error("not needed")),
      traces: { sent: [], browsers: new Map(), together: 1, evidence: [], commands: () => [] },
    });
    const second = await kit.secondInstance();
    const browser = kit.browser();
    const answer = await kit.stepThrough(
      () => browser.get("/read"),
      async (step) => {
        if (step === 0) await browser.get("/book", { to: second });
      },
    );
    expect(answer.json).toEqual({ locked: 0 });
  } finally {
    await folder.remove();
  }
}, 60_000);
