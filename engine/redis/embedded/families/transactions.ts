import type { Command } from "../command.ts";
import type { CommandContext } from "../command-context.ts";
import { call } from "../dispatch.ts";
import { RedisError } from "../redis-error.ts";
import { EncodedReply, NIL_ARRAY, OK, type Reply } from "../reply.ts";
import { ReplyEncoder } from "../reply-encoder.ts";
import { Transaction } from "../transaction.ts";

/** MULTI and what belongs to it. */
export const transactionCommands: Command[] = [
  {
    name: "multi",
    handler: ({ client }) => {
      if (client.transaction) throw new RedisError("ERR MULTI calls can not be nested");
      client.transaction = new Transaction();
      return OK;
    },
  },
  {
    name: "discard",
    handler: ({ client, server }) => {
      if (!client.transaction) throw new RedisError("ERR DISCARD without MULTI");
      client.transaction = undefined;
      server.unwatch(client);
      return OK;
    },
  },
  {
    name: "watch",
    handler: ({ client, server }, args) => {
      if (client.transaction) throw new RedisError("ERR WATCH inside MULTI is not allowed");
      if (client.spoiled) return OK;
      for (const name of args.slice(1)) server.watch(client, name.toString("latin1"));
      return OK;
    },
  },
  {
    name: "unwatch",
    handler: ({ client, server }) => {
      server.unwatch(client);
      return OK;
    },
  },
  { name: "exec", handler: execute },
];

function execute({ client, server }: CommandContext): Reply {
  const { transaction } = client;
  if (!transaction) throw new RedisError("ERR EXEC without MULTI");
  client.transaction = undefined;
  server.spoilExpired(client);
  const { spoiled } = client;
  server.unwatch(client);
  if (transaction.broken) {
    throw new RedisError("EXECABORT Transaction discarded because of previous errors.");
  }
  if (spoiled) return NIL_ARRAY;
  // Each reply is written before the next command runs: values may be changed in place.
  const encoder = new ReplyEncoder();
  encoder.writeArrayHead(transaction.queue.length);
  server.inTransaction = true;
  server.transactionArguments = new Map();
  try {
    for (const queued of transaction.queue) {
      const reply = call(client, queued.command, queued.args);
      encoder.write(reply, client.protocol);
    }
  } finally {
    server.inTransaction = false;
    server.transactionArguments = undefined;
  }
  return new EncodedReply(encoder.take());
}
