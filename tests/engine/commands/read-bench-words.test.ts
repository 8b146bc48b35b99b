import { expect, test } from "vitest";
import { readBenchWords } from "../../../engine/commands/read-bench-words.ts";
import { UserError } from "../../../engine/errors.ts";

const NAMES = ["lesson", "watch", "memory"] as const;
const read = (words: string) => readBenchWords(words.split(" ").filter(Boolean), NAMES);

test("words choose what is measured, how often, and whether it is written", () => {
  expect(read("")).toEqual({ chosen: NAMES, runs: 7, write: false });
  expect(read("write")).toEqual({ chosen: NAMES, runs: 7, write: true });
  expect(read("memory 3 Watch")).toEqual({ chosen: ["watch", "memory"], runs: 3, write: false });
  expect(read("9 write watch watch")).toEqual({ chosen: ["watch"], runs: 9, write: true });
});

test.each([
  [
    "wacth",
    '"wacth" is not understood: the words are lesson, watch, memory, write, and a number of runs.',
    "npm run bench watch",
  ],
  ["watch 0", 'The number of runs is a whole one from 1 to 1000; this is "0".', "npm run bench 7"],
  ["7.5", 'The number of runs is a whole one from 1 to 1000; this is "7.5".', "npm run bench 7"],
  ["-3", 'The number of runs is a whole one from 1 to 1000; this is "-3".', "npm run bench 7"],
  ["3x", 'The number of runs is a whole one from 1 to 1000; this is "3x".', "npm run bench 7"],
  ["7 9", "One number of runs is enough: these are 7 and 9.", "npm run bench 7"],
  ["write 3", "What is written is a median of 7 runs at least; this is 3.", "npm run bench write"],
])("npm run bench %s: one clear message", (words, message, hint) => {
  let error: unknown;
  try {
    read(words);
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(UserError);
  expect(error).toMatchObject({ message, hint });
});
