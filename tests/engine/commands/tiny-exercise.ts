import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { WorkbookCopy } from "./copy-workbook.ts";

/** The learner's program, which greets with a text; `waitsFor`: each request waits until there is such a file. */
export function greeter(text: string, { waitsFor = "" }: { waitsFor?: string } = {}): string {
  const wait = `while (!existsSync(${JSON.stringify(waitsFor)})) await delay(10);`;
  return `import { existsSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import express from "express";

export function createApp() {
  const app = express();
  app.get("/", async (_request, response) => {
    ${waitsFor === "" ? "await delay(0, existsSync);" : wait}
    response.send(${JSON.stringify(text)});
  });
  return app;
}
`;
}

const CHECKS = `import { check, expect } from "../../../engine/grader/testkit.ts";

export const checks = [
  check(1, "It answers", {}, async (kit) => {
    const answer = await kit.browser().get("/", { deadlineMs: 60_000 });
    expect(answer.status, "A visitor gets an answer.").toBe(200);
  }),
  check(2, "It greets", {}, async (kit) => {
    const answer = await kit.browser().get("/", { deadlineMs: 60_000 });
    expect(answer.text, "The visitor is greeted.").toBe("Hello");
  }),
];
`;

const EXERCISE = `import { defineExercise } from "../../../engine/grader/testkit.ts";

export const exercise = defineExercise({
  programs: ["app"],
  settings: { language: "Danish" },
  doors: () => ({}),
  tryIt: { settings: {}, requests: [{ shows: "a greeting", method: "GET", path: "/" }] },
});
`;

const README = `---
title: Greet
minutes: 5
---

# Greet

### Part 1: The greeting (20 points)

1. **It answers.** Whoever comes gets 200.
2. **It greets.** With the word Hello.
`;

const HINTS = `## 1. It answers

### A question

What sends an answer?

### A direction

\`response.send\` does.

### Nearly the code

\`\`\`ts
response.send("…");
\`\`\`

## 2. It greets

### A question

Which word is it?

### A direction

It begins with H.

### Nearly the code

Hello
`;

/** Adds an exercise of two checks to the copy: its starter answers, and does not greet. */
export function addTinyExercise(copy: WorkbookCopy, slug = "greet"): void {
  const starter = greeter("nothing yet");
  const files = {
    [`exercises/${slug}/README.md`]: README,
    [`exercises/${slug}/hints.md`]: HINTS,
    [`exercises/${slug}/app.ts`]: starter,
    [`tests/exercises/${slug}/starter/app.ts`]: starter,
    [`tests/exercises/${slug}/checks.ts`]: CHECKS,
    [`tests/exercises/${slug}/exercise.ts`]: EXERCISE,
    [`solutions/${slug}/README.md`]: "# Greet\n",
    [`solutions/${slug}/app.ts`]: greeter("Hello"),
  };
  for (const [name, text] of Object.entries(files)) {
    rmSync(copy.at(name), { force: true });
    mkdirSync(path.dirname(copy.at(name)), { recursive: true });
    writeFileSync(copy.at(name), text);
  }
}
