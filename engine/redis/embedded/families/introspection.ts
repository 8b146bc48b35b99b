import { type CommandFacts, factsReply } from "../command-facts.ts";
import { argument, type Command, key } from "../command.ts";
import type { CommandContext } from "../command-context.ts";
import { lookUp } from "../dispatch.ts";
import { findKeys } from "../find-keys.ts";
import { matchesGlob } from "../glob.ts";
import { isWord } from "../parse-arguments.ts";
import { RedisError, syntaxError } from "../redis-error.ts";
import { bulk, ErrorReply, MapReply, type Reply, SetReply, SimpleString } from "../reply.ts";
import type { ResolvedCommand } from "../table.ts";

/** COMMAND: what commands there are. */
export const introspectionCommands: Command[] = [
  { name: "command", handler: ({ server }) => [...server.table.values()].map(describe) },
  { name: "command|count", handler: ({ server }) => server.table.size },
  {
    name: "command|info",
    handler: (context, args) =>
      args.length === 2
        ? [...context.server.table.values()].map(describe)
        : args.slice(2).map((name) => {
            const command = find(context, name);
            return command ? describe(command) : null;
          }),
  },
  { name: "command|docs", handler: docs },
  { name: "command|list", handler: list },
  { name: "command|getkeys", handler: getKeys },
];

function find({ server }: CommandContext, name: Buffer): ResolvedCommand | undefined {
  const [container = "", sub] = name.toString("latin1").toLowerCase().split("|");
  const command = server.table.get(container);
  return sub === undefined ? command : command?.subcommands?.get(sub);
}

function describe(command: ResolvedCommand): Reply {
  const { facts } = command;
  const [first = 0, last = 0, step = 0] = facts.keys;
  return [
    bulk(facts.name),
    facts.arity,
    words(facts.flags),
    first,
    last,
    step,
    words(facts.acl),
    new SetReply(facts.tips.map(bulk)),
    new SetReply(facts.specs.map(specReply)),
    new SetReply([...(command.subcommands?.values() ?? [])].map(describe)),
  ];
}

function words(texts: readonly string[]): Reply {
  return new SetReply(texts.map((text) => new SimpleString(text)));
}

type Spec = CommandFacts["specs"][number];

/** Key specifications are maps within maps. */
function specReply(spec: Spec): Reply {
  if (!Array.isArray(spec)) return factsReply(spec);
  const pairs: (readonly [Reply, Reply])[] = [];
  for (let at = 0; at < spec.length; at += 2) {
    const name = String(spec[at]);
    const value: Spec = spec[at + 1] ?? null;
    if (name === "flags" && Array.isArray(value))
      pairs.push([bulk(name), words(value.map(String))]);
    else pairs.push([bulk(name), Array.isArray(value) ? specReply(value) : factsReply(value)]);
  }
  return new MapReply(pairs);
}

function docs(context: CommandContext, args: readonly Buffer[]): Reply {
  const chosen =
    args.length === 2
      ? [...context.server.table.values()]
      : args.slice(2).flatMap((name) => find(context, name) ?? []);
  return new MapReply(chosen.map((command) => [bulk(command.name), documentation(command)]));
}

/** Without Redis's prose (summaries) and its descriptions of arguments, which are not ours. */
function documentation(command: ResolvedCommand): Reply {
  const pairs: [Reply, Reply][] = [];
  if (command.facts.since !== undefined) pairs.push([bulk("since"), bulk(command.facts.since)]);
  if (command.facts.group !== undefined) pairs.push([bulk("group"), bulk(command.facts.group)]);
  if (command.subcommands) {
    pairs.push([
      bulk("subcommands"),
      new MapReply(
        [...command.subcommands.values()].map((sub) => [bulk(sub.name), documentation(sub)]),
      ),
    ]);
  }
  return new MapReply(pairs);
}

function list({ server }: CommandContext, args: readonly Buffer[]): Reply {
  const accepts = readFilter(args);
  return [...server.table.values()]
    .flatMap((command) => [command, ...(command.subcommands?.values() ?? [])])
    .filter((command) => accepts(command))
    .map((command) => bulk(command.name));
}

function readFilter(args: readonly Buffer[]): (command: ResolvedCommand) => boolean {
  if (args.length === 2) return () => true;
  if (args.length !== 5 || !isWord(args[2], "filterby")) throw syntaxError();
  const value = key(args, 4);
  if (isWord(args[3], "aclcat")) {
    return (command) => command.facts.acl.includes(`@${value.toLowerCase()}`);
  }
  if (isWord(args[3], "pattern")) return (command) => matchesGlob(value, command.name, true);
  if (isWord(args[3], "module")) return () => false;
  throw syntaxError();
}

function getKeys({ server }: CommandContext, args: readonly Buffer[]): Reply {
  const inner = args.slice(2);
  const command = lookUp(server.table, inner);
  if (command instanceof ErrorReply) {
    const isArity = command.text.includes("wrong number of arguments");
    throw new RedisError(
      isArity
        ? "ERR Invalid number of arguments specified for command"
        : "ERR Invalid command specified",
    );
  }
  if (command.facts.specs.length === 0) {
    throw new RedisError("ERR The command has no key arguments");
  }
  const places = findKeys(command, inner);
  if (!places) return [];
  return places.map((place) => argument(inner, place));
}
