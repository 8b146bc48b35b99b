import { expect, test } from "vitest";
import { createKit } from "../../../engine/grader/boot/boot-kit.ts";
import { TextBoots } from "./text-boots.ts";

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
  await using boots = new TextBoots();
  await using boot = await boots.boot(APP);
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
}, 60_000);
