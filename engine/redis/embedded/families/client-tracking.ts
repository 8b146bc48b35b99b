import type { Client } from "../client.ts";
import { argument, type Command, key } from "../command.ts";
import type { CommandContext } from "../command-context.ts";
import { isWord, parseLong } from "../parse-arguments.ts";
import { RedisError, syntaxError } from "../redis-error.ts";
import { bulk, EncodedReply, ErrorReply, MapReply, OK, type Reply, SetReply } from "../reply.ts";
import { ReplyEncoder } from "../reply-encoder.ts";

/** Client-side caching. */
export const clientTrackingCommands: Command[] = [
  { name: "client|tracking", handler: setTracking },
  { name: "client|caching", handler: setCaching },
  { name: "client|trackinginfo", handler: ({ client }) => describeTracking(client) },
  { name: "client|getredir", handler: ({ client }) => client.tracking?.redirect ?? -1 },
];

interface Options {
  redirect: number;
  readonly words: Set<string>;
  readonly prefixes: string[];
}

function setTracking(context: CommandContext, args: readonly Buffer[]): Reply {
  const { client, server } = context;
  const { redirect, words, prefixes } = readOptions(context, args);
  if (isWord(args[2], "off")) {
    server.tracking.stop(client);
    return OK;
  }
  if (!isWord(args[2], "on")) throw syntaxError();
  const broadcasts = words.has("bcast");
  if (!broadcasts && prefixes.length > 0) {
    throw new RedisError("ERR PREFIX option requires BCAST mode to be enabled");
  }
  const before = client.tracking;
  if (before && before.broadcasts !== broadcasts) {
    throw new RedisError(`ERR You can't switch BCAST mode on/off ${SWITCHING}`);
  }
  const [optIn, optOut] = [words.has("optin"), words.has("optout")];
  if (broadcasts && (optIn || optOut)) {
    throw new RedisError("ERR OPTIN and OPTOUT are not compatible with BCAST");
  }
  if (optIn && optOut) {
    throw new RedisError("ERR You can't specify both OPTIN mode and OPTOUT mode");
  }
  if ((optIn && before?.when === "optout") || (optOut && before?.when === "optin")) {
    throw new RedisError(`ERR You can't switch OPTIN/OPTOUT mode ${SWITCHING}`);
  }
  const complaint = broadcasts ? findOverlap(client, prefixes) : undefined;
  if (complaint?.isFatal) throw new RedisError(complaint.text);
  const when = optIn ? "optin" : optOut ? "optout" : "always";
  const noLoop = words.has("noloop");
  server.tracking.start(
    client,
    { redirect, broadcasts, when, noLoop, redirectIsBroken: false },
    prefixes,
  );
  return complaint ? both(client, new ErrorReply(complaint.text), OK) : OK;
}

const SWITCHING =
  "before disabling tracking for this client, and then re-enabling it with a different mode.";

function readOptions({ server }: CommandContext, args: readonly Buffer[]): Options {
  const options: Options = { redirect: 0, words: new Set(), prefixes: [] };
  for (let at = 3; at < args.length; at++) {
    const word = key(args, at).toLowerCase();
    const next = args[at + 1];
    if (word === "redirect" && next) {
      at += 1;
      if (options.redirect !== 0) {
        throw new RedisError("ERR A client can only redirect to a single other client");
      }
      const id = parseLong(next);
      if (![...server.clients].some((client) => BigInt(client.id) === id)) {
        throw new RedisError("ERR The client ID you want redirect to does not exist");
      }
      options.redirect = Number(id);
    } else if (word === "prefix" && next) {
      at += 1;
      options.prefixes.push(next.toString("latin1"));
    } else if (["bcast", "optin", "optout", "noloop"].includes(word)) options.words.add(word);
    else throw syntaxError();
  }
  return options;
}

/**
 * Two prefixes of which one begins with the other. Redis 7.0 goes on after the error where neither of
 * two given ones is the first: then two replies come.
 */
function findOverlap(
  client: Client,
  prefixes: readonly string[],
): { text: string; isFatal: boolean } | undefined {
  const existing = [...client.trackedPrefixes].toSorted();
  for (const [at, prefix] of prefixes.entries()) {
    const known = existing.find((each) => overlaps(each, prefix));
    if (known !== undefined) {
      return { text: complain(prefix, "an existing prefix", known), isFatal: true };
    }
    const other = prefixes.slice(at + 1).find((each) => overlaps(each, prefix));
    if (other !== undefined) {
      return { text: complain(prefix, "another provided prefix", other), isFatal: at === 0 };
    }
  }
  return undefined;
}

function overlaps(a: string, b: string): boolean {
  return a.startsWith(b) || b.startsWith(a);
}

function complain(prefix: string, what: string, other: string): string {
  return `ERR Prefix '${prefix}' overlaps with ${what} '${other}'. Prefixes for a single client must not overlap.`;
}

function both(client: Client, ...replies: readonly Reply[]): Reply {
  const encoder = new ReplyEncoder();
  for (const reply of replies) encoder.write(reply, client.protocol);
  return new EncodedReply(encoder.take());
}

function setCaching({ client }: CommandContext, args: readonly Buffer[]): Reply {
  if (!client.tracking) {
    throw new RedisError(
      "ERR CLIENT CACHING can be called only when the client is in tracking mode with OPTIN or OPTOUT mode enabled",
    );
  }
  const word = argument(args, 2).toString("latin1").toLowerCase();
  const needed = word === "yes" ? "optin" : word === "no" ? "optout" : undefined;
  if (needed === undefined) throw syntaxError();
  if (client.tracking.when !== needed) {
    throw new RedisError(
      `ERR CLIENT CACHING ${word.toUpperCase()} is only valid when tracking is enabled in ${needed.toUpperCase()} mode.`,
    );
  }
  client.mayCache = true;
  return OK;
}

function describeTracking({ tracking, mayCache, trackedPrefixes }: Client): Reply {
  const flags = [
    tracking ? "on" : "off",
    tracking?.broadcasts ? "bcast" : "",
    tracking?.when === "optin" ? "optin" : "",
    tracking?.when === "optin" && mayCache ? "caching-yes" : "",
    tracking?.when === "optout" ? "optout" : "",
    tracking?.when === "optout" && mayCache ? "caching-no" : "",
    tracking?.noLoop ? "noloop" : "",
    tracking?.redirectIsBroken ? "broken_redirect" : "",
  ].filter((flag) => flag !== "");
  return new MapReply([
    [bulk("flags"), new SetReply(flags.map(bulk))],
    [bulk("redirect"), tracking?.redirect ?? -1],
    [bulk("prefixes"), [...trackedPrefixes].toSorted().map(bulk)],
  ]);
}
