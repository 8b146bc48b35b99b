import type { RespNode } from "./resp-node.ts";
import { evenOut } from "./stated-differences.ts";

/** Evens out the replies of one connection; knows which command each item of an EXEC belongs to. */
export class EvenReplies {
  #queue: string[][] | undefined;

  even(args: readonly string[], reply: RespNode, nowMs: number): RespNode {
    const name = args[0]?.toLowerCase();
    if (name === "multi" && reply.type === "+") this.#queue = [];
    else if (reply.text === "QUEUED") this.#queue?.push([...args]);
    else if (name === "exec" || name === "discard" || name === "reset") {
      const queue = this.#queue ?? [];
      if (reply.text === undefined || name !== "exec" || reply.text.startsWith("EXECABORT"))
        this.#queue = undefined;
      if (!reply.items) return reply;
      return {
        ...reply,
        items: reply.items.map((item, at) => evenOut(item, { args: queue[at] ?? [], nowMs })),
      };
    }
    return evenOut(reply, { args, nowMs });
  }
}
