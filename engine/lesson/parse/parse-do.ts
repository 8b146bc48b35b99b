import type { Action } from "../lesson.ts";
import type { DocumentState } from "./document-state.ts";
import type { Fence } from "./split-document.ts";

const FORMS =
  "Known: start/stop/restart <program>, cut/stall/restore redis, close/forget browser <name>, run <file>, act <name> ….";

/** Reads a `do` block: one action a line. */
export function parseDo(
  fence: Fence,
  state: DocumentState,
  redis: "any" | "server" | "sentinel",
): Action[] {
  const actions = fence.text.split("\n").flatMap((written, at) => {
    const text = written.trim();
    if (text === "") return [];
    const action = parseAction(text, fence.line + 1 + at, state, redis);
    return action === undefined ? [] : [action];
  });
  if (fence.text.trim() === "") {
    state.mistakes.add(fence.line, "The do block is empty.", "Write an action, or remove it.");
  }
  for (const action of actions.slice(0, -1)) {
    if (action.kind !== "run") continue;
    state.mistakes.add(
      action.line,
      "run is not the last action of its block, so nothing could check what it prints.",
      "End the block here, write an output block, and begin another do block.",
    );
  }
  return actions;
}

function parseAction(
  text: string,
  line: number,
  state: DocumentState,
  redis: "any" | "server" | "sentinel",
): Action | undefined {
  const [verb = "", ...args] = text.split(/\s+/);
  const [first = "", second = ""] = args;
  switch (verb) {
    case "start":
    case "stop":
    case "restart":
      if (args.length !== 1) break;
      state.changeApp(verb, first, line);
      return { kind: verb, line, text, app: first };
    case "cut":
    case "stall":
    case "restore":
      if (args.length !== 1 || first !== "redis") break;
      state.changeRedis(verb, line);
      return { kind: verb, line, text };
    case "close":
    case "forget":
      if (args.length !== 2 || first !== "browser") break;
      state.knowsBrowser(second, line);
      return { kind: verb, line, text, browser: second };
    case "run":
      if (args.length !== 1) break;
      if (state.readFile(first) === undefined) {
        return state.mistakes.add(
          line,
          `${first} is not in the lesson's folder.`,
          "Mend the name, or write the file.",
        );
      }
      return { kind: "run", line, text, file: first };
    case "act":
      if (args.length === 0) break;
      if (!state.hasActions) {
        return state.mistakes.add(
          line,
          "act needs a program that knows the lesson's actions.",
          "Write actions: actions.ts into the front matter.",
        );
      }
      for (const arg of args) state.useNames(arg, line);
      return { kind: "act", line, text, args };
    default:
  }
  if (
    redis === "sentinel" &&
    /^(?:kill|stop|start|pause|resume|partition|heal|wait)$/.test(verb) &&
    args.length > 0
  ) {
    return { kind: "topology", line, text, verb, target: args.join(" ") };
  }
  return state.mistakes.add(line, `${JSON.stringify(text)} is no action.`, FORMS);
}
