import { describe, expect, it } from "vitest";
import {
  DeadlineError,
  startDeadline,
  waitUntil,
  withDeadline,
} from "../../../engine/process/deadline.ts";

const later = async (ms: number) =>
  await new Promise<string>((resolve) => {
    setTimeout(() => resolve("done"), ms);
  });

/** Stops this thread, as a sleeping laptop or a busy machine does. */
const stopFor = (ms: number) =>
  void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

describe("a deadline", () => {
  it("passes when its time is over, and not when it was called off", async () => {
    const passed: string[] = [];
    startDeadline(30, () => passed.push("short"));
    startDeadline(20, () => passed.push("called off"))();
    expect(await waitUntil(() => passed.length > 0, 5000)).toBe(true);
    expect(passed).toEqual(["short"]);
  });

  it("does not count the time in which this process was stopped", async () => {
    let passed = false;
    const callOff = startDeadline(1300, () => (passed = true));
    stopFor(1700);
    await later(20);
    expect(passed).toBe(false);
    expect(await waitUntil(() => passed, 5000)).toBe(true);
    callOff();
  });

  it("leaves a promise's outcome as it is, and says what was not in time", async () => {
    expect(await withDeadline(later(5), 5000, "The work")).toBe("done");
    await expect(withDeadline(Promise.reject(new Error("own")), 5000, "The work")).rejects.toThrow(
      "own",
    );
    await expect(withDeadline(later(5000), 20, "The work")).rejects.toThrow(
      new DeadlineError("The work", 20),
    );
  });

  it("ends the asking for a condition that never holds", async () => {
    let asked = 0;
    expect(
      await waitUntil(() => {
        asked += 1;
        return false;
      }, 60),
    ).toBe(false);
    expect(asked).toBeGreaterThan(3);
    expect(await waitUntil(async () => (await later(1)) === "done", 5000)).toBe(true);
  });
});
