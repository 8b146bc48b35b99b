import type { StartedGate } from "../gate.ts";

const refuse = () => {
  throw new Error("A topology is not cut as a whole");
};

/**
 * The gates of a topology as one: what programs send to any of its Redises counts. It cannot be cut or
 * stalled; single nodes are killed instead.
 * @param url what programs that know only one Redis are given
 */
export function joinGates(gates: readonly StartedGate[], url: string): StartedGate {
  const sum = (of: (gate: StartedGate) => number) =>
    gates.reduce((total, gate) => total + of(gate), 0);
  return {
    url,
    port: Number(new URL(url).port),
    get log() {
      return gates.flatMap(({ log }) => log);
    },
    get outstanding() {
      return sum(({ outstanding }) => outstanding);
    },
    get held() {
      return sum(({ held }) => held);
    },
    get activity() {
      return sum(({ activity }) => activity);
    },
    get connections() {
      return sum(({ connections }) => connections);
    },
    onCommand(listener) {
      const forget = gates.map((gate) => gate.onCommand(listener));
      return () => {
        for (const each of forget) each();
      };
    },
    hold: () => {
      for (const gate of gates) gate.hold();
    },
    releaseRound: () => sum((gate) => gate.releaseRound()),
    letGo: () => {
      for (const gate of gates) gate.letGo();
    },
    cut: refuse,
    stall: refuse,
    restore: async () => {},
    // They end with their nodes.
    async [Symbol.asyncDispose]() {},
  };
}
