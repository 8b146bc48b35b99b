import facts from "./command-facts.json" with { type: "json" };
import type { Reply } from "./reply.ts";

/** What Redis 7.0.15 says of a command in COMMAND INFO and COMMAND DOCS. */
export interface CommandFacts {
  readonly name: string;
  readonly arity: number;
  readonly flags: readonly string[];
  /** First key, last key, step. */
  readonly keys: readonly number[];
  readonly acl: readonly string[];
  readonly tips: readonly string[];
  readonly specs: readonly FactsValue[];
  readonly group?: string;
  readonly since?: string;
  readonly sub?: readonly CommandFacts[];
}

export type FactsValue = string | number | null | readonly FactsValue[];

export const commandFacts: readonly CommandFacts[] = facts as readonly CommandFacts[];

/** A value of the facts as a reply: texts become bulk strings. */
export function factsReply(value: FactsValue): Reply {
  if (typeof value === "string") return Buffer.from(value, "latin1");
  if (value === null || typeof value === "number") return value;
  return value.map(factsReply);
}
