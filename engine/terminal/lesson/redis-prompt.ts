import { createInterface } from "node:readline/promises";
import type { LessonSession } from "../../lesson/lesson-event.ts";
import { wrap, wrapExactly } from "../layout.ts";
import type { Terminal } from "../terminal.ts";
import { markText } from "./mark-text.ts";

const MOST_NAMES = 4;

/** A prompt like redis-cli's, on the Redis of the lesson. An empty line, `q` or Ctrl-D leaves it. */
export async function runRedisPrompt(session: LessonSession, terminal: Terminal): Promise<void> {
  const { style } = terminal;
  // Those who came last first: theirs are on the screen.
  const browsers = session.sessions.toReversed().map(({ browser }) => browser);
  const names = [...new Set(browsers)].map((browser) => `$${browser}.sid`);
  const [first] = names;
  const hint = `A Redis command, such as SCAN 0. Enter alone goes back.`;
  const example =
    first === undefined
      ? ""
      : ` ${names.slice(0, MOST_NAMES).join(", ")} ${names.length === 1 ? "stands" : "stand"} for session IDs, as in TTL sess:${first}; so do the labels on the screen, as in TTL sess:${session.sessions.at(-1)?.label ?? ""}.`;
  terminal.writeLines(wrap(hint + example, terminal.columns()).map(style.dim));
  const show = (reply: readonly string[]) =>
    terminal.writeLines(
      reply.flatMap((each) =>
        wrapExactly(each, terminal.columns()).map((part) =>
          // The whole value, since it was asked for; only the colour is ours.
          markText(part, session.sessions, style, { keeps: "everything" }),
        ),
      ),
    );
  const lines = createInterface({ input: process.stdin, output: process.stdout, terminal: true });
  // The line editor takes Ctrl-C for itself: here it leaves the prompt.
  const interrupted = new AbortController();
  lines.on("SIGINT", () => interrupted.abort());
  lines.on("close", () => interrupted.abort());
  try {
    for (;;) {
      const line = await lines
        .question(style.bold("redis> "), { signal: interrupted.signal })
        .catch(() => undefined);
      if (line === undefined) terminal.write("\n");
      const command = line?.trim() ?? "";
      if (["", "q", "quit", "exit"].includes(command.toLowerCase())) return;
      const listening = await session.listen(command, show);
      if (listening === undefined) {
        show(await session.command(command));
        continue;
      }
      terminal.writeLines([style.dim("Reading messages… Enter goes back to the prompt.")]);
      await Promise.race([
        listening.ended,
        lines.question("", { signal: interrupted.signal }).catch(() => undefined),
      ]);
      listening.stop();
      if (interrupted.signal.aborted) return;
    }
  } finally {
    lines.close();
  }
}
