import { startDeadline } from "../process/deadline.ts";
import type { StartedProgram } from "../process/start-program.ts";
import type { StartedGate } from "./gate.ts";

/**
 * Waits until the programs are quiet: each has answered a turn of its event loop with nothing
 * outstanding at the gate and nothing new passing since (with `held: true`, replies that the
 * gate keeps back do not count as outstanding). Never sleeps for a fixed time.
 * `busy` lets a caller add work of its own that must be over (calls at doors).
 * Returns false when `deadlineMs` passed first: a program that loops, or timers that keep sending.
 */
export async function settle(options: {
  gate: StartedGate;
  programs: readonly StartedProgram[];
  deadlineMs: number;
  held?: boolean;
  busy?: () => number;
}): Promise<boolean> {
  const { gate, programs, deadlineMs } = options;
  const isBusy = () =>
    gate.outstanding - (options.held === true ? gate.held : 0) > 0 ||
    programs.some((program) => program.work() > 0) ||
    (options.busy?.() ?? 0) > 0;
  let passed = false;
  const callOff = startDeadline(deadlineMs, () => {
    passed = true;
  });
  try {
    while (!passed) {
      const before = gate.activity;
      const turns = await Promise.all(
        programs.map(async (program) => await turn(program, deadlineMs)),
      );
      await nextRound();
      if (turns.includes(false)) continue;
      if (!isBusy() && gate.activity === before) return true;
    }
    return false;
  } finally {
    callOff();
  }
}

/** The first one may have begun before what it should have seen had arrived. */
const LAPS = 2;

/** A program that has ended is as quiet as can be. */
async function turn(program: StartedProgram, deadlineMs: number): Promise<boolean> {
  let hasEnded = false;
  void program.ended.then(() => {
    hasEnded = true;
    return hasEnded;
  });
  return (await program.turn(deadlineMs, LAPS)) || hasEnded;
}

/** Our own loop goes round too, so that the gate reads what has arrived. */
async function nextRound(): Promise<void> {
  for (let rounds = 0; rounds < 2; rounds += 1) {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
}
