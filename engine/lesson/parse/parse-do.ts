import type { Action } from "../lesson.ts";
import type { DocumentState } from "./document-state.ts";
import { suggest } from "./lesson-mistakes.ts";
import type { Fence } from "./split-document.ts";
import { MORTALS } from "./topology-names.ts";

const FORMS =
  "Known: start/stop/restart <program>, cut/stall/restore redis, close/forget browser <name>, run <file>, act <name> ….";

const TOPOLOGY_FORMS =
  "Known: kill <node>, start <node>, wait failover, lag replicas, heal replicas.";

/** Reads a `do` block: one action a line. */
export function parseDo(
  fence: Fence,
  state: DocumentState,
): { actions: Action[]; together: boolean } {
  const actions = fence.text.split("\n").flatMap((written, at) => {
    const [, text = "", says] = /^(.*?)(?:\s+#\s+(.+))?$/.exec(written.trim()) ?? [];
    if (text === "") return [];
    const action = parseAction(text, fence.line + 1 + at, state);
    if (action === undefined) return [];
    return [says === undefined ? action : { ...action, says }];
  });
  if (fence.text.trim() === "") {
    state.mistakes.add(fence.line, "The do block is empty.", "Write an action, or remove it.");
  }
  const together = readTogether(fence, actions, state);
  for (const action of together ? [] : actions.slice(0, -1)) {
    if (action.kind !== "run") continue;
    state.mistakes.add(
      action.line,
      "run is not the last action of its block, so nothing could check what it prints.",
      "End the block here, write an output block, and begin another do block.",
    );
  }
  return { actions, together };
}

const isRun = ({ kind }: Action) => kind === "run" || kind === "act";

/** `do together`: the first action goes on while the others are done. */
function readTogether(fence: Fence, actions: readonly Action[], state: DocumentState): boolean {
  const words = fence.words.join(" ");
  if (words === "") return false;
  if (words !== "together") {
    state.mistakes.add(fence.line, `do does not know ${words}.`, "Write do, or do together.");
    return false;
  }
  const [first, ...others] = actions;
  if (first === undefined || !isRun(first) || others.length === 0 || others.some(isRun)) {
    state.mistakes.add(
      fence.line,
      "do together needs a run or an act, and then what is done meanwhile.",
      "Write the act first, and other actions below it.",
    );
  }
  return true;
}

function parseAction(text: string, line: number, state: DocumentState): Action | undefined {
  const [verb = "", ...args] = text.split(/\s+/);
  const [first = "", second = ""] = args;
  if (state.redis === "sentinel") {
    const action = parseTopology(verb, args, { line, text }, state);
    if (action !== undefined) return action;
  }
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
  const forms = state.redis === "sentinel" ? `${FORMS} ${TOPOLOGY_FORMS}` : FORMS;
  return state.mistakes.add(line, `${JSON.stringify(text)} is no action.`, forms);
}

/** Undefined when it is another kind of action. */
function parseTopology(
  verb: string,
  args: readonly string[],
  place: { line: number; text: string },
  state: DocumentState,
): Action | undefined {
  const [target = ""] = args;
  if (args.length !== 1) return undefined;
  switch (verb) {
    case "wait":
      return target === "failover" ? { kind: "topology", ...place, verb, target } : undefined;
    case "lag":
    case "heal":
      return target === "replicas" ? { kind: "topology", ...place, verb, target } : undefined;
    case "start":
      // Programs are started by the same word.
      return MORTALS.includes(target) && !state.apps.some(({ name }) => name === target)
        ? { kind: "topology", ...place, verb, target }
        : undefined;
    case "kill":
      if (!MORTALS.includes(target)) {
        state.mistakes.add(
          place.line,
          `No Redis or sentinel is called ${target}.`,
          suggest(target, MORTALS),
        );
      }
      return { kind: "topology", ...place, verb, target };
    default:
      return undefined;
  }
}
