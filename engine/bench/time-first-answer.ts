import type { Measured } from "./measure-in-turn.ts";
import { type Command, startCommand } from "./run-command.ts";

const URL_PRINTED = /http:\/\/[^\s/]+:\d+/;

/**
 * Starts a command that prints where its app listens, asks for a page of it, and ends it.
 * @throws Error when it printed no URL, or the answer is another than expected
 */
export async function timeFirstAnswer(
  options: Command & { readonly page: string; readonly status: number },
): Promise<Measured> {
  const began = performance.now();
  await using running = startCommand(options);
  await running.see(URL_PRINTED);
  const [url = ""] = URL_PRINTED.exec(running.text()) ?? [];
  const response = await fetch(new URL(options.page, url));
  const body = await response.text();
  const durationMs = performance.now() - began;
  if (response.status !== options.status) {
    throw new Error(`${options.page} answered ${response.status}, not ${options.status}: ${body}`);
  }
  return { durationMs };
}
