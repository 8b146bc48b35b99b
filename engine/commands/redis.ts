import { createInterface, type Interface } from "node:readline";
import { UserError } from "../errors.ts";
import { completeCommand } from "../redis/cli/complete-command.ts";
import { type Answer, PromptSession } from "../redis/cli/prompt-session.ts";
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
  const about = isTerminal ? console.log : console.error;
  for (const note of redis.notes) about(note);
  about(redis.line);
  about(`URL:   ${redis.url.replace(/:[^:@/]+@/, ":…@")}`);
  if (isTerminal) about("\nTab completes a command, the arrow keys bring back lines, quit ends.\n");
  await talk(session, isTerminal);
  return 0;
}

async function talk(session: PromptSession, isTerminal: boolean): Promise<void> {
  const names = isTerminal ? await session.commandNames() : [];
  const lines = createInterface({
    input: process.stdin,
    output: process.stdout,
    terminal: isTerminal,
    historySize: 500,
    removeHistoryDuplicates: true,
    completer: (line: string) => completeCommand(names, line),
  });
  const ask = (): void => {
    if (!isTerminal) return;
    lines.setPrompt(session.prompt);
    lines.prompt();
  };
  // Ctrl-C leaves the prompt; while Redis is listened to, it leaves that.
  lines.on("SIGINT", () => lines.close());
  try {
    ask();
    for await (const line of lines) {
      const answer = await session.answer(line);
      if (answer.kind === "quit") return;
      await show(answer, lines, isTerminal);
      ask();
    }
    if (isTerminal) console.log("");
  } finally {
    lines.close();
  }
}

async function show(answer: Answer, lines: Interface, isTerminal: boolean): Promise<void> {
  if (answer.kind === "reply") console.log(answer.lines.join("\n"));
  if (answer.kind !== "listening") return;
  if (!isTerminal) {
    console.log("(error) Listening needs a terminal: here nothing could end it");
    return;
  }
  const listening = answer.listen((shown) => console.log(shown.join("\n")));
  console.log("Reading messages… (Ctrl-C goes back to the prompt)");
  const ofPrompt = lines.listeners("SIGINT");
  lines.removeAllListeners("SIGINT");
  lines.once("SIGINT", () => listening.stop());
  await listening.ended;
  for (const listener of ofPrompt) lines.on("SIGINT", () => Reflect.apply(listener, lines, []));
}
