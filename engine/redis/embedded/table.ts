import type { Command, CommandHandler } from "./command.ts";
import { commandFacts, type CommandFacts } from "./command-facts.ts";
import { bitfieldCommands } from "./families/bitfields.ts";
import { bitmapCommands } from "./families/bitmaps.ts";
import { clientCommands } from "./families/client.ts";
import { clientTrackingCommands } from "./families/client-tracking.ts";
import { connectionCommands } from "./families/connection.ts";
import { dumpCommands } from "./families/dump.ts";
import { expiryCommands } from "./families/expiry.ts";
import { hashCommands } from "./families/hashes.ts";
import { hyperLogLogCommands } from "./families/hyperloglog.ts";
import { introspectionCommands } from "./families/introspection.ts";
import { keyCommands } from "./families/keys.ts";
import { listMoveCommands } from "./families/list-moves.ts";
import { listCommands } from "./families/lists.ts";
import { objectCommands } from "./families/object.ts";
import { pubsubCommands } from "./families/pubsub.ts";
import { scriptingCommands } from "./families/scripting.ts";
import { serverCommands } from "./families/server.ts";
import { setCommands } from "./families/sets.ts";
import { sortCommands } from "./families/sort.ts";
import { sortedSetAlgebraCommands } from "./families/sorted-set-algebra.ts";
import { sortedSetPopCommands } from "./families/sorted-set-pops.ts";
import { sortedSetRangeCommands } from "./families/sorted-set-ranges.ts";
import { sortedSetCommands } from "./families/sorted-sets.ts";
import { streamClaimCommands } from "./families/stream-claims.ts";
import { streamGroupCommands } from "./families/stream-groups.ts";
import { streamInfoCommands } from "./families/stream-info.ts";
import { streamReadCommands } from "./families/stream-reads.ts";
import { streamCommands } from "./families/streams.ts";
import { stringLcsCommands } from "./families/string-lcs.ts";
import { stringNumberCommands } from "./families/string-numbers.ts";
import { stringPartCommands } from "./families/string-parts.ts";
import { stringCommands } from "./families/strings.ts";
import { transactionCommands } from "./families/transactions.ts";

/** A command with all that is known of it. */
export interface ResolvedCommand {
  readonly name: string;
  readonly facts: CommandFacts;
  /** Undefined for a container such as CONFIG, which only has subcommands. */
  readonly handler: CommandHandler | undefined;
  readonly subcommands: ReadonlyMap<string, ResolvedCommand> | undefined;
  readonly writes: boolean;
  readonly flags: ReadonlySet<string>;
}

const FAMILIES: readonly (readonly Command[])[] = [
  stringCommands,
  stringPartCommands,
  stringNumberCommands,
  stringLcsCommands,
  listCommands,
  listMoveCommands,
  hashCommands,
  setCommands,
  sortedSetCommands,
  sortedSetRangeCommands,
  sortedSetPopCommands,
  sortedSetAlgebraCommands,
  bitmapCommands,
  bitfieldCommands,
  hyperLogLogCommands,
  sortCommands,
  streamCommands,
  streamReadCommands,
  streamGroupCommands,
  streamClaimCommands,
  streamInfoCommands,
  keyCommands,
  expiryCommands,
  objectCommands,
  dumpCommands,
  transactionCommands,
  pubsubCommands,
  connectionCommands,
  clientCommands,
  clientTrackingCommands,
  serverCommands,
  scriptingCommands,
  introspectionCommands,
];

/** The commands of all families, by name in lower case. */
export function buildTable(): Map<string, ResolvedCommand> {
  const handlers = new Map<string, CommandHandler>();
  for (const command of FAMILIES.flat()) handlers.set(command.name, command.handler);
  const table = new Map<string, ResolvedCommand>();
  for (const facts of commandFacts) {
    const resolved = resolve(facts, handlers);
    if (resolved) table.set(facts.name, resolved);
  }
  return table;
}

function resolve(
  facts: CommandFacts,
  handlers: ReadonlyMap<string, CommandHandler>,
): ResolvedCommand | undefined {
  const subcommands = new Map<string, ResolvedCommand>();
  for (const sub of facts.sub ?? []) {
    const resolved = resolve(sub, handlers);
    if (resolved) subcommands.set(sub.name.slice(facts.name.length + 1), resolved);
  }
  const handler = handlers.get(facts.name);
  if (!handler && subcommands.size === 0) return undefined;
  const flags = new Set(facts.flags);
  return {
    name: facts.name,
    facts,
    handler,
    subcommands: subcommands.size > 0 ? subcommands : undefined,
    writes: flags.has("write"),
    flags,
  };
}
