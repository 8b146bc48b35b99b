import { waitUntil } from "../../process/deadline.ts";
import type { Stage } from "./stage.ts";

const ROUND_DEADLINE_MS = 5000;
const CLOCK_DEADLINE_MS = 3000;

/**
 * Has several requests under way at the same moment, for certain: each is sent when the one before has
 * gone as far as it can without a reply of Redis. Then the replies go out in rounds, in each of them
 * to the program of the first request first.
 * @param order names of programs, in the order of the requests
 */
export async function race<T>(
  stage: Stage,
  sends: readonly (() => Promise<T>)[],
  order: readonly string[],
): Promise<T[]> {
  const place = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length);
  const running = stage
    .running()
    .toSorted((a, b) => place(a.slot.app.name) - place(b.slot.app.name));
  const gates = await Promise.all(running.map(async ({ gate }) => await gate));
  const freeze = async (atMs: number | undefined) => {
    await Promise.all(
      stage.running().map(async ({ program }) => await program.freeze(atMs, CLOCK_DEADLINE_MS)),
    );
  };
  let answered = 0;
  const under: Promise<T>[] = [];
  await freeze(Date.now() + stage.offsetMs);
  for (const gate of gates) gate.hold();
  try {
    for (const send of sends) {
      const before = answered;
      const sum = () => gates.reduce((total, { held }) => total + held, 0);
      const heldBefore = sum();
      const one = send().finally(() => {
        answered += 1;
      });
      one.catch(() => {});
      under.push(one);
      await waitUntil(() => answered > before || sum() > heldBefore, ROUND_DEADLINE_MS);
      await stage.quiet(true);
    }
    while (answered < sends.length && gates.some(({ held }) => held > 0)) {
      for (const gate of gates) {
        gate.releaseRound();
        await stage.quiet(true);
      }
    }
  } finally {
    for (const gate of gates) gate.letGo();
    await freeze(undefined);
  }
  return await Promise.all(under);
}
