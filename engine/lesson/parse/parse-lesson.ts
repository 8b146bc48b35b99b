import type { Block, CodeBlock, HttpBlock, Lesson, Step } from "../lesson.ts";
import { DocumentState, type ReadLessonFile } from "./document-state.ts";
import { countEdits, type LessonMistake, MistakeCollector, suggest } from "./lesson-mistakes.ts";
import {
  parseAsk,
  parseChart,
  parseOutput,
  parseRedis,
  parseSaw,
  parseTime,
} from "./parse-blocks.ts";
import { parseCode } from "./parse-code.ts";
import { parseDo } from "./parse-do.ts";
import { parseHttp, parseHttpExpect } from "./parse-http.ts";
import { MORTALS } from "./topology-names.ts";
import { type FrontMatter, readFrontMatter } from "./read-front-matter.ts";
import { type Fence, type Piece, splitDocument } from "./split-document.ts";

/** A lesson, as far as it could be read, and every mistake in its document. */
export interface ParsedLesson {
  readonly lesson: Lesson | undefined;
  readonly mistakes: readonly LessonMistake[];
}

/** Blocks that do something, so that a slip of the pen in their name is noticed. */
const ACTING = ["http", "saw", "redis", "time", "do", "output", "ask", "chart"] as const;
const isActing = (language: string) => ACTING.some((each) => each === language);

/** Reads a document. Nothing is run; files are asked for by name only. */
export function parseLesson(document: string, readFile: ReadLessonFile): ParsedLesson {
  const mistakes = new MistakeCollector();
  const front = readFrontMatter(document.replaceAll("\r\n", "\n"), mistakes);
  if (front === undefined) return { lesson: undefined, mistakes: mistakes.list };
  const reader = new StepReader(front, readFile, mistakes);
  const { rest, lines, ...facts } = front;
  for (const app of front.apps) {
    if (readFile(app.file) !== undefined) continue;
    mistakes.add(
      1,
      `${app.file} is not in the lesson's folder.`,
      "Mend the name, or write the file.",
    );
  }
  for (const { name } of front.redis === "sentinel" ? front.apps : []) {
    if (!MORTALS.includes(name)) continue;
    mistakes.add(
      1,
      `A program is called ${name}, like a part of the topology.`,
      "Give it another name.",
    );
  }
  const { introduction, steps } = reader.read(splitDocument(rest, lines));
  checkServerSteps(front, steps, mistakes);
  return { lesson: { ...facts, introduction, steps }, mistakes: mistakes.list };
}

/** The front matter names steps by their titles. */
function checkServerSteps(
  { redis, server }: FrontMatter,
  steps: readonly Step[],
  mistakes: MistakeCollector,
): void {
  const titles = steps.map(({ title }) => title);
  for (const title of server) {
    if (titles.includes(title)) continue;
    mistakes.add(1, `server names a step ${JSON.stringify(title)}.`, suggest(title, titles));
  }
  if (server.length > 0 && redis !== "any") {
    mistakes.add(1, `redis is ${redis}, so that all steps need it.`, "Leave server out.");
  }
}

/** Goes through the pieces of a document from its first line to its last. */
class StepReader {
  readonly #front: FrontMatter;
  readonly #mistakes: MistakeCollector;
  readonly #state: DocumentState;

  constructor(front: FrontMatter, readFile: ReadLessonFile, mistakes: MistakeCollector) {
    this.#front = front;
    this.#mistakes = mistakes;
    this.#state = new DocumentState({
      mistakes,
      apps: front.apps,
      readFile,
      hasActions: front.actions !== undefined,
      redis: front.redis,
    });
    if (front.actions !== undefined && readFile(front.actions) === undefined) {
      mistakes.add(
        1,
        `${front.actions} is not in the lesson's folder.`,
        "Mend the name, or write the file.",
      );
    }
  }

  read(pieces: readonly Piece[]): { introduction: string; steps: Step[] } {
    const starts = pieces.flatMap((piece, at) =>
      piece.kind === "heading" && piece.depth === 2 ? [at] : [],
    );
    const introduction = this.#readIntroduction(pieces.slice(0, starts[0] ?? pieces.length));
    const steps = starts.map((start, index): Step => {
      const heading = pieces[start];
      const inner = pieces.slice(start + 1, starts[index + 1] ?? pieces.length);
      return {
        number: index + 1,
        title: heading?.kind === "heading" ? heading.text : "",
        line: heading?.line ?? 1,
        blocks: this.#readStep(inner),
      };
    });
    if (steps.length === 0) {
      this.#mistakes.add(
        this.#front.lines + 1,
        "The lesson has no step.",
        "Begin each step with a heading ##.",
      );
    }
    return { introduction, steps };
  }

  #readIntroduction(pieces: readonly Piece[]): string {
    const [title, ...rest] = pieces;
    if (title?.kind !== "heading") {
      this.#mistakes.add(
        this.#front.lines + 1,
        "No title comes after the front matter.",
        `Write # ${this.#front.title}.`,
      );
    } else if (title.text !== this.#front.title) {
      this.#mistakes.add(
        title.line,
        `The title is ${JSON.stringify(title.text)} here and ${JSON.stringify(this.#front.title)} in the front matter.`,
        "Make them equal.",
      );
    }
    const texts: string[] = [];
    for (const piece of title?.kind === "heading" ? rest : pieces) {
      if (piece.kind === "text") texts.push(piece.markdown);
      if (piece.kind === "fence" && isActing(piece.language)) {
        this.#mistakes.add(
          piece.line,
          `The ${piece.language} block stands before the first step.`,
          "Move it below a heading ##.",
        );
      } else if (piece.kind === "fence" && !piece.isNested) {
        texts.push(`\`\`\`${piece.language}\n${piece.text}\n\`\`\``);
      }
    }
    return texts.join("\n\n");
  }

  #readStep(pieces: readonly Piece[]): Block[] {
    const blocks: Block[] = [];
    for (let at = 0; at < pieces.length; at += 1) {
      const piece = pieces[at];
      if (piece === undefined) continue;
      const { line } = piece;
      if (piece.kind === "heading") {
        this.#mistakes.add(line, "A lesson has one title.", "Use ## for a step, ### within one.");
        continue;
      }
      if (piece.kind === "text") {
        blocks.push({ kind: "prose", line, markdown: piece.markdown });
        continue;
      }
      if (piece.isNested) {
        this.#refuseNested(piece);
        continue;
      }
      const next = pieces[at + 1];
      if (piece.language === "http" && piece.words[0] !== "expect") {
        const block = this.#readHttp(piece, next);
        if (block !== undefined) blocks.push({ line, ...block });
        if (isExpect(next)) at += 1;
      } else if (piece.language === "mermaid") {
        const drawn = this.#readDiagram(piece, next);
        if (drawn !== undefined) blocks.push(drawn);
        if (drawn !== undefined) at += 1;
      } else {
        const block = this.#readFence(piece, blocks, next);
        if (block !== undefined) blocks.push(block);
      }
    }
    this.#checkQuestions(blocks);
    return blocks;
  }

  #readHttp(fence: Fence, next: Piece | undefined): HttpBlock | undefined {
    const requests = parseHttp(fence, this.#state);
    if (!isExpect(next)) {
      return this.#mistakes.add(
        fence.line,
        "Nothing says what must be answered to this request.",
        "Write an http expect block right after it.",
      );
    }
    const isRace = fence.words[0] === "race";
    const expect = parseHttpExpect(next, requests.length, this.#state);
    return { kind: "http", requests, isRace, expect };
  }

  #readDiagram(fence: Fence, next: Piece | undefined): Block | undefined {
    if (next?.kind !== "fence" || next.language !== "text") {
      return this.#mistakes.add(
        fence.line,
        "A terminal cannot show this diagram.",
        "Draw it once more with characters, in a text block right after it.",
      );
    }
    return { kind: "diagram", line: fence.line, mermaid: fence.text, text: next.text };
  }

  #readFence(fence: Fence, before: readonly Block[], next: Piece | undefined): Block | undefined {
    const { line } = fence;
    const state = this.#state;
    switch (fence.language) {
      case "http":
        return this.#mistakes.add(
          line,
          "No request stands right before this http expect.",
          "Put the http block directly above it.",
        );
      case "saw":
        if (!before.some(({ kind }) => kind === "http")) {
          this.#mistakes.add(
            line,
            "No request comes before this saw block in its step.",
            "Move it below an http block.",
          );
        }
        return { line, ...parseSaw(fence, state) };
      case "redis":
        return { line, ...parseRedis(fence, state) };
      case "time":
        return parseTime(fence, state);
      case "do":
        return this.#readDo(fence, next);
      case "output":
        return this.#readOutput(fence, before);
      case "ask": {
        const ask = parseAsk(fence, state);
        return ask && { line, ...ask };
      }
      case "chart":
        if (!before.some((block) => block.kind === "do" && block.actions.some(prints))) {
          this.#mistakes.add(
            line,
            "Nothing before this chart block measures anything.",
            "Write a do block with act or run above it.",
          );
        }
        return { line, ...parseChart(fence, state) };
      default: {
        const code = this.#readCode(fence);
        return code && { line, ...code };
      }
    }
  }

  #readDo(fence: Fence, next: Piece | undefined): Block {
    const { actions, together } = parseDo(fence, this.#state);
    if (actions.at(-1)?.kind === "run" && !(next?.kind === "fence" && next.language === "output")) {
      this.#mistakes.add(
        actions.at(-1)?.line ?? fence.line,
        "Nothing says what this run must print.",
        "Write an output block right after it.",
      );
    }
    return { kind: "do", line: fence.line, actions, together };
  }

  #readOutput(fence: Fence, before: readonly Block[]): Block {
    const last = before.at(-1);
    const has = last?.kind === "do" && last.actions.some(prints);
    if (!has) {
      this.#mistakes.add(
        fence.line,
        "Nothing right before this output block prints anything.",
        "Put it below a do block with run or act.",
      );
    }
    return { line: fence.line, ...parseOutput(fence, this.#state) };
  }

  #readCode(fence: Fence): CodeBlock | undefined {
    const meant = ACTING.find((name) => isSlip(fence.language, name));
    if (meant !== undefined) {
      return this.#mistakes.add(
        fence.line,
        `A block ${fence.language} would be shown and not run.`,
        `Did you mean ${meant}?`,
      );
    }
    return parseCode(fence, this.#state);
  }

  #refuseNested(fence: Fence): void {
    if (!isActing(fence.language)) return;
    this.#mistakes.add(
      fence.line,
      `This ${fence.language} block stands in a list or a quotation, where it is not run.`,
      "Move it out.",
    );
  }

  /** What comes after a question must show its truth. */
  #checkQuestions(blocks: readonly Block[]): void {
    blocks.forEach((block, at) => {
      if (block.kind !== "ask") return;
      const next = blocks.slice(at + 1).find(({ kind }) => kind !== "prose" && kind !== "code");
      if (next?.kind === "http" || next?.kind === "redis" || next?.kind === "do") return;
      this.#mistakes.add(
        block.line,
        "No request after this question shows its truth.",
        "Write the http block that answers it below.",
      );
    });
  }
}

function isExpect(piece: Piece | undefined): piece is Fence {
  return piece?.kind === "fence" && piece.language === "http" && piece.words[0] === "expect";
}

function prints({ kind }: { kind: string }): boolean {
  return kind === "run" || kind === "act";
}

/** `htpp`, `Redis`, `sawed`: one letter more, less, other or swapped. */
function isSlip(language: string, name: string): boolean {
  if (language.length < 3 || language === name) return false;
  const lower = language.toLowerCase();
  if (lower === name || lower.slice(0, -1) === name) return true;
  if (name.length <= 3) return false;
  const isSwapped = [...lower].toSorted().join("") === [...name].toSorted().join("");
  return isSwapped || countEdits(lower, name) <= 1;
}
