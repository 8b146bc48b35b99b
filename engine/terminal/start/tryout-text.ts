import path from "node:path";
import type { TryoutEvent } from "../../tryout/tryout-event.ts";
import type { KeyInRedis } from "../../tryout/read-keys-of-redis.ts";
import { cutTo } from "../keys/cut-to.ts";
import type { Terminal } from "../terminal.ts";
import { commandLine } from "./command-line.ts";

/** What an event of a tried app looks like; several programs are told apart by their names. */
export function tryoutText(event: TryoutEvent, terminal: Terminal, isOnlyProgram: boolean): string {
  const { style } = terminal;
  const columns = terminal.columns();
  switch (event.type) {
    case "up": {
      const took = style.dim(`(${event.durationMs.toFixed(0)} ms)`);
      if (!event.restarted) return `${style.good("✓")} The app is up. ${took}`;
      return `${style.good("✓")} Restarted. ${took} What it had in memory is gone; what is in Redis is still there.`;
    }
    case "down": {
      const { message, file, line } = event.error;
      const where =
        file === undefined ? [] : [`  at ${path.relative(process.cwd(), file)}:${line ?? 1}`];
      const who = isOnlyProgram ? "The app" : event.program;
      return [
        `${style.bad("✗")} ${who} is not running: ${message}`,
        ...where,
        style.dim("  The next save starts it again."),
      ].join("\n");
    }
    case "line":
      return `${style.dim(`${isOnlyProgram ? "app" : event.program} |`)} ${event.line}`;
    case "commands":
      return [
        style.dim("Without a request:"),
        ...event.commands.slice(0, 20).map((command) => commandLine(command, terminal, 2)),
      ].join("\n");
    case "request": {
      const { request } = event;
      const status = String(request.status || "broken off");
      const paint = request.status >= 200 && request.status < 400 ? style.good : style.bad;
      const to = isOnlyProgram ? "" : style.dim(`${request.program}: `);
      const lines = [
        "",
        `${to}${style.bold(`${request.method} ${cutTo(request.path, columns - 30)}`)}  ${paint(status)}  ${style.dim(`${request.durationMs.toFixed(0)} ms`)}`,
      ];
      const answer = request.answer.trim().replaceAll(/\s+/g, " ");
      if (answer !== "") lines.push(`  ${style.dim(cutTo(answer, columns - 2))}`);
      for (const header of request.headers) {
        lines.push(`  ${style.code(cutTo(header, columns - 2))}`);
      }
      const isMixed = request.isShared && request.commands.length > 0;
      if (isMixed) lines.push(style.dim("  with others at the same time, Redis saw:"));
      for (const command of request.commands.slice(0, 40)) {
        lines.push(commandLine(command, terminal, 4));
      }
      const rest = request.commands.length - 40;
      if (rest > 0) lines.push(style.dim(`    and ${rest} more`));
      if (request.commands.length === 0 && !request.isShared)
        lines.push(style.dim("    Redis saw nothing"));
      return lines.join("\n");
    }
  }
}

/** The keys that are in Redis, a line each. */
export function keysText(keys: readonly KeyInRedis[], terminal: Terminal): string {
  const { style } = terminal;
  const columns = terminal.columns();
  if (keys.length === 0) return "Redis holds no key.";
  const lines = keys.slice(0, 50).map(({ name, type, ttlMs, value }) => {
    const ttl = ttlMs === undefined ? "stays for ever" : `${Math.ceil(ttlMs / 1000)} s left`;
    const head = `${cutTo(name, Math.max(20, columns - 28))}  `;
    return `  ${style.bold(head)}${style.dim(`${type}, ${ttl}`)}\n    ${cutTo(value, columns - 4)}`;
  });
  const rest = keys.length - lines.length;
  const more = rest > 0 ? [style.dim(`  and ${rest} more`)] : [];
  const count = keys.length === 1 ? "one key" : `${keys.length} keys`;
  return [`Redis holds ${count}:`, ...lines, ...more].join("\n");
}
