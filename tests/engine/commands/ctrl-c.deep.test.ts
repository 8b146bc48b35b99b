import { writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { waitUntil } from "../../../engine/process/deadline.ts";
import { copyWorkbook, type WorkbookCopy } from "./copy-workbook.ts";
import { openRoom } from "./open-room.ts";
import { startWorkbook } from "./start-workbook.ts";

const timeout = 120_000;
/** A grading of it lasts until the grader gives up, however slow the machine: Ctrl-C never comes too late. */
const NEVER_LOADED = `
await new Promise(() => setInterval(() => {}, 1000));
export const createApp = () => {};
`;

let copy: WorkbookCopy;
beforeAll(() => {
  copy = copyWorkbook(["rate-limit", "remember-me"]);
  writeFileSync(copy.at("exercises", "remember-me", "app.ts"), NEVER_LOADED);
});
afterAll(async () => await copy[Symbol.asyncDispose]());

/**
 * Met once, and not provoked again. Most likely: esbuild's `stop` closes the pipe of its process before it kills it,
 * and one that waits for a plugin's answer has the time to complain.
 */
const ESBUILD_COMPLAINT = /^fatal error: all goroutines are asleep - deadlock![^]*$/;

describe.concurrent("Ctrl-C leaves nothing, whenever it comes", { timeout }, () => {
  /** When it has as many processes as that, or has printed that. */
  test.each<[string, number | string]>([
    ["lesson 1 yes", 1],
    ["lesson 1 yes", 2],
    ["lesson 1 yes", 3],
    ["lesson 1 yes", "It counts visits."],
    ["lesson 1 yes", "2 of 2"],
    ["start rate-limit", "The app is up"],
    ["test exercises/remember-me", 4],
    ["watch rate-limit", 4],
  ])("%s, at %s", async (command, moment) => {
    await using room = openRoom();
    await using running = startWorkbook(copy.root, command.split(" "), { ...room.environment });
    if (typeof moment === "string") await running.see(moment);
    else if (process.platform === "linux") {
      await waitUntil(() => room.processes().length >= moment, timeout);
    }
    running.kill("SIGINT");
    const { code, stderr } = await running.ended;
    const said = stderr.replace(ESBUILD_COMPLAINT, "");
    expect({ code, said }).toEqual({ code: 130, said: "" });
    expect(await room.leftovers()).toEqual([]);
  });
});
