import { createHash } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { type StartDeadline, startDeadline, withDeadline } from "../process/deadline.ts";
import { addSource } from "./boot/add-source.ts";
import { createKit, type Traces } from "./boot/boot-kit.ts";
import type { StartedBoot } from "./boot/start-boot.ts";
import { SubmissionFailure } from "./boot/submission-failure.ts";
import type { Check } from "./check.ts";
import { readAssertion } from "./read-assertion.ts";
import type { CheckFailure } from "./report.ts";
import { seenCommands } from "./seen-commands.ts";

const CHECK_DEADLINE_MS = 30_000;
const SENT_SHOWN = 3;

/**
 * Runs one check on a boot. Answers why it failed; undefined when it holds. Nothing of it is under
 * way any more when this resolves: doors and gates are let go, other boots ended.
 */
export async function runCheck(
  one: Check,
  boot: StartedBoot,
  bootAnother: (settings: object) => Promise<StartedBoot>,
  seed: number,
): Promise<CheckFailure | undefined> {
  const traces: Traces = {
    sent: [],
    browsers: new Map(),
    together: 1,
    evidence: [],
    commands: () => [],
  };
  const others: StartedBoot[] = [];
  const kit = createKit({
    boot,
    own: one.options.needs === "own",
    random: seededRandom(seed, one.number),
    traces,
    startAnother: async (settings) => {
      const other = await bootAnother(settings);
      others.push(other);
      return other;
    },
  });
  const printed = boot.watchErrors();
  let holds = false;
  try {
    const deadlineMs = one.options.deadlineMs ?? CHECK_DEADLINE_MS;
    await withDeadline(one.run(kit), deadlineMs, `Check ${one.number}`, halfByRunningTime(boot));
    await boot.noticeDeaths();
    const death = boot.death();
    if (death !== undefined) throw death;
    holds = true;
    return undefined;
  } catch (error) {
    // As it was at this moment: what is under way goes on, and is answered or not.
    const sent = traces.sent.slice(-SENT_SHOWN).map((request) => ({ ...request }));
    const seen = seenCommands(traces.commands());
    await boot.noticeDeaths();
    const death = error instanceof SubmissionFailure ? error : boot.death();
    // What it had printed before it answered arrives with the next round at the latest.
    await setImmediate();
    return {
      ...readAssertion(error),
      sent,
      together: traces.together,
      ...seen,
      evidence: traces.evidence,
      printed: printed(),
      death: death && addSource(death.detail),
    };
  } finally {
    boot.doors.releaseAll();
    for (const gate of boot.gates) gate.letGo();
    await Promise.all(others.map(async (other) => await other.end(holds)));
  }
}

/**
 * Half of a check's time is by the clock, which costs nothing; the other half is time in which the program
 * could run: on a busy machine a check takes long, and nothing is wrong.
 */
function halfByRunningTime(boot: StartedBoot): StartDeadline {
  return (ms, onPassed) => {
    let callOff = startDeadline(ms / 2, () => {
      callOff = boot.instance().time.startDeadline(ms / 2, onPassed);
    });
    return () => callOff();
  };
}

/** Of its own for each check: the same alone as in the full run. */
function seededRandom(seed: number, number: number): () => number {
  let count = 0;
  return () => {
    count += 1;
    const hash = createHash("sha256").update(`${seed} ${number} ${count}`).digest();
    return hash.readUInt32BE(0) / 2 ** 32;
  };
}
