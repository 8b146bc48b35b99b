import type { RespNode } from "./resp-node.ts";
import { showMs } from "./same-reply.ts";
import { showDump } from "./show-dump.ts";

/** Why two right answers may have different bytes. Everything else must be the same. */
export interface StatedDifference {
  readonly name: string;
  /** In lower case, subcommands as `client|id`. */
  readonly commands: readonly string[];
  readonly field: string;
  readonly reason: string;
  /** Errors may differ as well. */
  readonly errorsToo?: boolean;
  /** Makes the replies that may differ the same; whatever is left of them is still compared. */
  even(reply: RespNode, context: ReplyContext): RespNode;
}

export interface ReplyContext {
  readonly args: readonly string[];
  readonly nowMs: number;
}

const sorted = (node: RespNode): RespNode =>
  node.items ? { ...node, items: node.items.toSorted(byContent) } : node;

function byContent(a: RespNode, b: RespNode): number {
  const first = JSON.stringify(a);
  const second = JSON.stringify(b);
  return first < second ? -1 : first > second ? 1 : 0;
}

/** Names with values, flat in RESP2 and in scripts: the pairs are sorted. */
function sortedPairs(node: RespNode): RespNode {
  if (!node.items || node.items.some((item) => item.items)) return sorted(node);
  return sortedFlatPairs(node);
}

function sortedFlatPairs(node: RespNode): RespNode {
  if (!node.items) return node;
  const pairs: RespNode[][] = [];
  for (let at = 0; at < node.items.length; at += 2) pairs.push(node.items.slice(at, at + 2));
  const ordered = pairs.toSorted((a, b) => byContent(a[0] ?? { type: "" }, b[0] ?? { type: "" }));
  return { ...node, items: ordered.flat() };
}

/** RESP3's maps, at any depth. */
function sortedMaps(node: RespNode): RespNode {
  if (!node.items) return node;
  const mended = { ...node, items: node.items.map(sortedMaps) };
  return node.type === "%" ? sortedFlatPairs(mended) : mended;
}

const masked = (node: RespNode, text: string): RespNode =>
  node.text === undefined ? node : { ...node, text };

function deep(node: RespNode, change: (leaf: RespNode) => RespNode): RespNode {
  return node.items
    ? { ...node, items: node.items.map((item) => deep(item, change)) }
    : change(node);
}

const FIELDS_OF_A_CLIENT =
  /\b(id|addr|laddr|fd|age|idle|qbuf|qbuf-free|argv-mem|multi-mem|rbs|rbp|obl|oll|omem|tot-mem|events|redir)=\S*/g;

export const STATED_DIFFERENCES: readonly StatedDifference[] = [
  {
    name: "order of sets",
    commands: [
      "smembers",
      "sunion",
      "sinter",
      "sdiff",
      "keys",
      "pubsub|channels",
      "pubsub|shardchannels",
      "command|list",
      "acl|cat",
      "hkeys",
      "hvals",
      "sort",
      "sort_ro",
    ],
    field: "the order of the elements",
    reason:
      "Redis orders them by a hash function with a random seed; no order is promised. (SORT: only with BY nosort on a set.)",
    even: (reply, { args }) =>
      !args[0]?.toLowerCase().startsWith("sort") || /nosort/i.test(args.join(" "))
        ? sorted(reply)
        : reply,
  },
  {
    name: "order of pairs",
    commands: ["hgetall", "config|get"],
    field: "the order of the pairs",
    reason: "as above, for a hash that has become a hash table",
    even: sortedPairs,
  },
  {
    name: "cursors",
    commands: ["scan", "sscan", "hscan", "zscan"],
    field: "a cursor other than 0, and the order of the elements",
    reason: "a cursor is a place in a hash table; its value has no meaning for clients",
    even: (reply, { args }) => {
      const [cursor, elements] = reply.items ?? [];
      if (!cursor || !elements) return reply;
      const pairs = /^[hz]scan$/i.test(args[0] ?? "");
      return {
        ...reply,
        items: [
          cursor.text === "0" ? cursor : masked(cursor, "a cursor"),
          pairs ? sortedPairs(elements) : sorted(elements),
        ],
      };
    },
  },
  {
    name: "random picks",
    commands: ["spop", "srandmember", "hrandfield", "zrandmember", "randomkey"],
    field: "which elements are picked",
    reason: "they are picked at random; how many and of what shape is compared",
    even: (reply) =>
      deep(reply, (leaf) =>
        "$,".includes(leaf.type)
          ? { type: leaf.text === undefined ? "nil" : "picked", text: "" }
          : leaf,
      ),
  },
  {
    name: "times left",
    commands: ["ttl", "pttl"],
    field: "ms",
    reason: "the two clocks are read at different moments",
    even: (reply, { args }) => {
      const left = Number(reply.text);
      if (reply.type !== ":" || left <= 0) return reply;
      const unitMs = /^ttl/i.test(args[0] ?? "") ? 1000 : 1;
      return masked(reply, showMs(left * unitMs));
    },
  },
  {
    name: "moments",
    commands: ["expiretime", "pexpiretime", "time", "lastsave"],
    field: "seconds and milliseconds since 1970",
    reason: "the two clocks are read at different moments, and a server's clock does not travel",
    even: (reply, { args, nowMs }) => {
      const name = args[0]?.toLowerCase() ?? "";
      if (name === "time")
        return deep(reply, (leaf) => (leaf.type === "$" ? masked(leaf, "now") : leaf));
      const at = Number(reply.text);
      if (reply.type !== ":" || at <= 0) return reply;
      const ms = name === "pexpiretime" ? at : at * 1000;
      return masked(reply, showMs(ms - nowMs));
    },
  },
  {
    name: "ids of clients",
    commands: [
      "client|id",
      "client|info",
      "client|list",
      "hello",
      "client|getredir",
      "client|trackinginfo",
    ],
    field: "id, address, age, and sizes of buffers (also in the push tracking-redir-broken)",
    reason: "they tell of the process, not of data",
    even: (reply, { args }) => {
      const name = args[0]?.toLowerCase();
      if (name === "client" && reply.type === ":" && !reply.text?.startsWith("-"))
        return masked(reply, "an id");
      if (name === "client" && reply.items)
        return deep(reply, (leaf) =>
          leaf.type === ":" && Number(leaf.text) > 0 ? masked(leaf, "an id") : leaf,
        );
      if (name === "hello") {
        const at = reply.items?.findIndex((item) => item.text === "id") ?? -1;
        return at < 0
          ? reply
          : {
              ...reply,
              items: reply.items?.map((item, n) => (n === at + 1 ? masked(item, "an id") : item)),
            };
      }
      return reply.text === undefined
        ? reply
        : masked(
            reply,
            reply.text
              .replace(/\n(?=.)[\s\S]*cmd=info[\s\S]*?\n/, "\n")
              .replaceAll(FIELDS_OF_A_CLIENT, "$1=…"),
          );
    },
  },
  {
    name: "ids of streams by the clock",
    commands: [
      "xadd",
      "xrange",
      "xrevrange",
      "xread",
      "xreadgroup",
      "xinfo|stream",
      "xinfo|consumers",
      "xpending",
      "xinfo|groups",
      "xclaim",
      "xautoclaim",
    ],
    field:
      "IDs that were made by the clock; idle times; radix tree sizes; the order of the pairs that a script gets in RESP3",
    reason:
      "the two clocks are read at different moments; there is no radix tree in the embedded Redis; Lua orders a table's fields by a hash function",
    even: (reply, { args }) => {
      const first = deep(reply, (leaf) =>
        leaf.text === undefined
          ? leaf
          : masked(leaf, leaf.text.replace(/^1[6-9]\d{11}(-\d+)?$/, "now…")),
      );
      return sortedMaps(
        withFields(first, args, [
          "radix-tree-keys",
          "radix-tree-nodes",
          "idle",
          "inactive",
          "seen-time",
          "active-time",
          "delivery-time",
        ]),
      );
    },
  },
  {
    name: "lines of INFO",
    commands: ["info"],
    field: "values, and fields that the embedded Redis has no counterpart for",
    reason: "they tell of the process, not of data",
    even: (reply) => (reply.text === undefined ? reply : masked(reply, infoShape(reply.text))),
  },
  {
    name: "documentation",
    commands: ["command|docs"],
    field: "summaries, arguments, history",
    reason: "they are Redis's prose; since, group and subcommands are there",
    even: (reply) => (reply.items ? { type: reply.type, items: [] } : reply),
  },
  {
    name: "memory",
    commands: [
      "memory|usage",
      "memory|stats",
      "memory|doctor",
      "memory|malloc-stats",
      "debug|object",
      "object|idletime",
      "object|freq",
    ],
    field: "bytes and idle seconds",
    reason: "the memory of a JavaScript heap is laid out otherwise",
    even: (reply) =>
      reply.type === ":" || reply.items
        ? { type: reply.type, text: "…" }
        : reply.type === "$" && reply.text !== undefined
          ? masked(reply, "…")
          : reply,
  },
  {
    name: "Lua libraries",
    commands: ["eval", "script|load"],
    field: "cmsgpack, struct, string.dump and cjson.new",
    reason:
      "they are not there: a script that uses them gets the error for a global that does not exist",
    errorsToo: true,
    even: (reply, { args }) =>
      /\b(cmsgpack|struct)\b|pairs\((_G|string|cjson)\)/.test(args[1] ?? "")
        ? { type: "", text: "a library that is not there" }
        : reply,
  },
  {
    name: "layouts of dumps",
    commands: ["dump", "restore"],
    field:
      "the order of the elements of a hash table; where a list of more than one node is divided; what deleted entries leave in a stream. RESTORE does not know payloads with ziplists, which Redis 7.0 no longer writes",
    reason:
      "Redis orders a hash table by a hash function with a random seed, and the other two tell what was there before; all other bytes are the same",
    even: (reply) =>
      reply.type === "$" && reply.text !== undefined ? masked(reply, showDump(reply.text)) : reply,
  },
  {
    name: "order of facts",
    commands: ["command", "command|info"],
    field: "the order of commands and flags; the subcommands",
    reason: "Redis lists them by a hash function with a random seed",
    even: (reply, { args }) =>
      args.length < 3
        ? { type: reply.type, items: [] }
        : {
            ...reply,
            items: reply.items?.map((command) => ({
              ...command,
              items: command.items?.map((field, at) =>
                at === 9 ? { type: "", text: "subcommands" } : unordered(field),
              ),
            })),
          },
  },
];

/** Flags and categories are sets. */
function unordered(node: RespNode): RespNode {
  if (!node.items) return node;
  const items = node.items.map(unordered);
  return items.every((item) => item.type === "+") ? sorted({ ...node, items }) : { ...node, items };
}

/** Hides the values after some names, at any depth. */
function withFields(node: RespNode, args: readonly string[], names: readonly string[]): RespNode {
  if (!node.items) return node;
  const idleAtThree = args[0]?.toLowerCase() === "xpending" && args.length > 3;
  const items = node.items.map((item, at) => {
    const before = node.items?.[at - 1]?.text ?? "";
    if (item.type === ":" && names.includes(before)) return { type: ":", text: "…" };
    if (idleAtThree && at === 2 && item.type === ":" && node.items?.length === 4)
      return { type: ":", text: "…" };
    return withFields(item, args, names);
  });
  return { ...node, items };
}

const INFO_SHOWN = [
  "# Server",
  "# Clients",
  "# Memory",
  "# Persistence",
  "# Stats",
  "# Replication",
  "# CPU",
  "# Keyspace",
];
const INFO_FIELDS =
  /^(redis_version|redis_mode|role|connected_slaves|blocked_clients|aof_enabled|loading|cluster_enabled|db\d+):/;

function infoShape(text: string): string {
  return text
    .split("\r\n")
    .filter((line) => INFO_SHOWN.includes(line) || INFO_FIELDS.test(line))
    .map((line) => line.replace(/avg_ttl=\d+/, "avg_ttl=…"))
    .join("\n");
}

/** The stated difference for a command, if there is one. */
export function statedDifference(name: string): StatedDifference | undefined {
  return STATED_DIFFERENCES.find((difference) => difference.commands.includes(name));
}

/** A reply with what may differ made the same. */
export function evenOut(reply: RespNode, context: ReplyContext): RespNode {
  if (reply.type === ">" && reply.items?.[0]?.text === "tracking-redir-broken")
    return { ...reply, items: [reply.items[0], { type: ":", text: "an id" }] };
  const name = context.args[0]?.toLowerCase() ?? "";
  const sub = `${name}|${context.args[1]?.toLowerCase() ?? ""}`;
  const difference = statedDifference(sub) ?? statedDifference(name);
  return difference && (reply.type !== "-" || difference.errorsToo)
    ? difference.even(reply, context)
    : reply;
}
