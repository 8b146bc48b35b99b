import { createInterface } from "node:readline";
import { UserError } from "../errors.ts";
import { completeCommand } from "../redis/cli/complete-command.ts";
import { type Answer, PromptSession } from "../redis/cli/prompt-session.ts";
import { parseRedisUrl } from "../redis/parse-redis-url.ts";
import { provideRedis } from "../redis/provide-redis.ts";

/**
 * `npm run redis`: starts the Redis that the workbook would use and talks to it as redis-cli does.
 * Without a terminal the commands are read from standard input. Answers the exit code.
 * @throws UserError when there are words behind it, or WORKBOOK_REDIS cannot be used
 */
export async function runRedis(args: readonly string[]): Promise<number> {
  if (args.length > 0) {
    throw new UserError(`npm run redis takes no words; this is "${args.join(" ")}".`, {
      hint: "npm run redis  (then type the command at its prompt)",
    });
  }
  await using redis = await provideRedis({ purpose: "try" });
  using session = await PromptSession.open(redis.url);
  const isTerminal = process.stdin.isTTY && process.stdout.isTTY;
  // What comes out of a pipe is replies, and nothing else.
  const about = isTerminal ? console.log : console.error;
  for (const note of redis.notes) about(note);
  about(redis.line);
  about(`URL:   ${parseRedisUrl(redis.url).shown}`);
  if (isTerminal) {
    about("\nTab completes a command, the arrow keys bring back lines, quit ends.\n");
    await talk(session);
  } else await answerLines(session);
  return 0;
}

/** Lines of a file or of another program: replies as redis-cli prints them there. */
async function answerLines(session: PromptSession): Promise<void> {
  const lines = createInterface({ input: process.stdin, terminal: false });
  try {
    for await (const line of lines) {
      const answer = await session.answer(line);
      if (answer.kind === "quit") return;
      if (answer.kind === "listening") {
        console.error("Listening needs a terminal: here nothing could end it.");
      } else if (answer.kind === "reply") {
        if (process.stdout.isTTY) console.log(answer.lines.join("\n"));
        else process.stdout.write(answer.raw);
      }
    }
  } finally {
    lines.close();
  }
}

async function talk(session: PromptSession): Promise<void> {
  const names = await session.commandNames();
  const lines = createInterface({
    input: process.stdin,
    output: process.stdout,
    terminal: true,
    historySize: 500,
    removeHistoryDuplicates: true,
    completer: (line: string) => completeCommand(names, line),
  });
  const ask = (): void => {
    lines.setPrompt(session.prompt);
    lines.prompt();
  };
  // Ctrl-C leaves the prompt; while something is waited for, it leaves that.
  let interrupt = (): void => lines.close();
  lines.on("SIGINT", () => interrupt());
  const whileWaiting = async (stop: () => void, work: () => Promise<void>): Promise<void> => {
    interrupt = stop;
    await work();
    interrupt = () => lines.close();
  };
  try {
    ask();
    for await (const line of lines) {
      let answer: Answer = { kind: "nothing" };
      await whileWaiting(
        () => session.interrupt(),
        async () => void (answer = await session.answer(line)),
      );
      answer = answer as Answer;
      if (answer.kind === "quit") return;
      if (answer.kind === "clear") process.stdout.write("\u001b[H\u001b[2J");
      if (answer.kind === "reply") console.log(answer.lines.join("\n"));
      if (answer.kind === "listening") {
        console.log("Reading messages… (Ctrl-C goes back to the prompt)");
        const listening = answer.listen((shown) => console.log(shown.join("\n")));
        await whileWaiting(
          () => listening.stop(),
          async () => await listening.ended,
        );
      }
      ask();
    }
    console.log("");
  } finally {
    lines.close();
  }
}
