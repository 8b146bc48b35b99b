import type {
  BackgroundEvent,
  LessonEvent,
  LessonSession,
  SessionLabel,
} from "../../lesson/lesson-event.ts";
import { type Keyboard, openKeyboard } from "../keyboard.ts";
import { cutTo } from "../keys/cut-to.ts";
import { renderMarkdown } from "../render-markdown.ts";
import type { Terminal } from "../terminal.ts";
import { type Choice, renderFooter } from "./footer.ts";
import { type LessonView, proseWidth } from "./lesson-view.ts";
import { renderBackground } from "./render-background.ts";
import { renderEnding } from "./render-ending.ts";
import { findFreshSessions, renderEvent, renderLegend } from "./render-event.ts";
import { renderOpening } from "./render-opening.ts";
import { runRedisPrompt } from "./redis-prompt.ts";

export interface PlayOptions {
  readonly session: LessonSession;
  readonly terminal: Terminal;
  readonly from: number;
  readonly isSlow: boolean;
  /** What comes after this lesson, as lines. */
  readonly ending: readonly string[];
  readonly onStepDone: (step: number) => void;
}

const NARROW = 60;

export const NEXT_CHOICE: Choice = ["Enter", "next"];
/** What one can do at the end of each step, the last one too. */
export const LAST_CHOICES: readonly Choice[] = [
  ["a", "again"],
  ["b", "back"],
  ["r", "Redis"],
  ["q", "quit"],
];

/** Plays a lesson for a learner at the keyboard, until they quit. */
export async function playInteractively(options: PlayOptions): Promise<void> {
  const onResumed = { call: () => {} };
  using keyboard = openKeyboard(() => onResumed.call());
  const player = new Player(options, keyboard);
  onResumed.call = () => player.resume();
  await player.run();
}

type Move = "next" | "again" | "back" | "quit";

class Player {
  readonly #options: PlayOptions;
  readonly #keyboard: Keyboard;
  /** How to draw what the current step has shown: again, when the terminal gets another width. */
  #redraws: (() => string[][])[] = [];
  #linesSincePause = 0;
  #footer: string | undefined;
  #known = new Set<SessionLabel["id"]>();
  #step = 1;

  constructor(options: PlayOptions, keyboard: Keyboard) {
    this.#options = options;
    this.#keyboard = keyboard;
  }

  async run(): Promise<void> {
    const { session, terminal, from } = this.#options;
    const { lesson } = session;
    const onResize = () => this.#drawAgain();
    process.stdout.on("resize", onResize);
    const stopListening = session.onBackground((event) => this.#showBackground(event));
    try {
      const redis = await session.redis();
      terminal.writeLines([""]);
      this.#put(() => [renderOpening(lesson, redis, this.#view())]);
      if (from === 1 && lesson.introduction.trim() !== "") {
        this.#put(() => [
          renderMarkdown(lesson.introduction, proseWidth(this.#view()), terminal.style),
        ]);
      }
      this.#step = from;
      for (;;) {
        const move = await this.#playStep(this.#step);
        if (move === "quit") return;
        if (move === "back") this.#step = Math.max(1, this.#step - 1);
        if (move === "next") this.#step += 1;
        this.#redraws = [];
      }
    } finally {
      stopListening();
      process.stdout.off("resize", onResize);
    }
  }

  async #playStep(step: number): Promise<Move> {
    const { session, onStepDone } = this.#options;
    this.#linesSincePause = this.#redraws.length === 0 ? 0 : this.#linesSincePause;
    const events = session.play(step);
    for (;;) {
      const event = await this.#nextEvent(events);
      if (event === "quit") return "quit";
      if (event === undefined) break;
      const move = await this.#showEvent(event);
      if (move !== undefined) {
        await events.return();
        return move;
      }
      if (event.kind === "step-done") onStepDone(step);
    }
    this.#showStatus(undefined);
    const isLast = step === session.lesson.steps.length;
    if (isLast) {
      this.#put(() => [renderEnding(session, this.#options.ending, this.#view())]);
    }
    return await this.#waitForMove(isLast);
  }

  /** The next event; undefined at the end of the step. A `q` typed meanwhile is heard at once. */
  async #nextEvent(
    events: AsyncIterator<LessonEvent, void, undefined>,
  ): Promise<LessonEvent | undefined | "quit"> {
    using quit = this.#keyboard.typed("q");
    const next = events.next();
    const first = await Promise.race([next, quit.then(() => "quit" as const)]);
    // What was typed while something ran is not an answer to what comes now.
    this.#keyboard.drain();
    if (first === "quit") {
      // What is under way ends with the session, and has nothing more to say.
      next.catch(() => {});
      return "quit";
    }
    return first.done === true ? undefined : first.value;
  }

  /** Answers where the learner wants to go instead of on. */
  async #showEvent(event: LessonEvent): Promise<Move | undefined> {
    const status = statusOf(event);
    const room = this.#options.terminal.columns() - 1;
    this.#showStatus(status === undefined ? undefined : cutTo(status, room));
    const move = await this.#putWithPauses(() => renderEvent(event, this.#view()));
    if (move !== undefined) return move;
    this.#introduce(event);
    if (event.kind !== "question") return undefined;
    const choice = await this.#ask(event.choices.length);
    if (choice === "quit") return "quit";
    this.#options.session.choose(choice);
    return undefined;
  }

  /** Shows blocks, and stops where a screen is full; a slow presentation stops at each. */
  async #putWithPauses(render: () => string[][]): Promise<Move | undefined> {
    const { terminal, isSlow } = this.#options;
    const count = render().length;
    for (let at = 0; at < count; at += 1) {
      const lines = render()[at] ?? [];
      const isFull = this.#linesSincePause + lines.length + 1 > terminal.rows() - 2;
      const isBegun = this.#linesSincePause > 0;
      if (isBegun && (isFull || (isSlow && at > 0))) {
        const move = await this.#pauseForMore();
        if (move !== undefined) return move;
      }
      this.#put(() => [render()[at] ?? []]);
    }
    return undefined;
  }

  async #pauseForMore(): Promise<Move | undefined> {
    const key = await this.#choose(
      [
        ["Enter", "goes on"],
        ["q", "quits"],
      ],
      ["enter", "space", "q", "a", "b"],
    );
    this.#linesSincePause = 0;
    if (key === "q" || key === undefined) return "quit";
    if (key === "a") return "again";
    return key === "b" ? "back" : undefined;
  }

  async #ask(choices: number): Promise<number | undefined | "quit"> {
    const numbers = Array.from({ length: choices }, (_, at) => String(at + 1));
    const key = await this.#choose(
      [
        [`1-${choices}`, "your guess"],
        ["Enter", "just show me"],
      ],
      [...numbers, "enter", "q"],
    );
    if (key === "q" || key === undefined) return "quit";
    this.#linesSincePause = 0;
    return key === "enter" ? undefined : Number(key) - 1;
  }

  async #waitForMove(isLast: boolean): Promise<Move> {
    const { session, terminal } = this.#options;
    const choices = isLast ? LAST_CHOICES : [NEXT_CHOICE, ...LAST_CHOICES];
    const keys = [...(isLast ? [] : ["enter", "space"]), "a", "b", "r", "q"];
    for (;;) {
      const key = await this.#choose(choices, keys);
      this.#linesSincePause = 0;
      if (key === "r") {
        await this.#keyboard.lend(async () => await runRedisPrompt(session, terminal));
        terminal.writeLines([""]);
        continue;
      }
      if (key === "a") return "again";
      if (key === "b") return "back";
      return key === "q" || key === undefined ? "quit" : "next";
    }
  }

  /** Waits for one of `keys`, with a line that says what they do. */
  async #choose(choices: readonly Choice[], keys: readonly string[]): Promise<string | undefined> {
    const { terminal, session } = this.#options;
    const where = `${this.#step}/${session.lesson.steps.length}`;
    this.#setFooter(() => renderFooter(where, choices, terminal.columns(), terminal.style));
    try {
      for (;;) {
        const key = await this.#keyboard.next();
        if (key === undefined || keys.includes(key)) return key;
      }
    } finally {
      this.#setFooter(undefined);
    }
  }

  #view(): LessonView {
    const { session, terminal, isSlow } = this.#options;
    const width = terminal.columns();
    return {
      style: terminal.style,
      width: isSlow ? Math.min(width, NARROW) : width,
      layout: "framed",
      isSlow,
      sessions: session.sessions,
    };
  }

  /** Shows blocks, and remembers how to draw them. */
  #put(render: () => string[][]): void {
    const { terminal } = this.#options;
    const blocks = render().filter((lines) => lines.length > 0);
    if (blocks.length === 0) return;
    this.#redraws.push(render);
    for (const lines of blocks) {
      terminal.writeLines([...lines, ""]);
      this.#linesSincePause += lines.length + 1;
    }
  }

  /** Says what the labels stand for that were not there before. */
  #introduce(event: LessonEvent): void {
    const fresh = findFreshSessions(event, this.#options.session.sessions, this.#known);
    for (const { id } of fresh) this.#known.add(id);
    if (fresh.length > 0) this.#put(() => [renderLegend(fresh, this.#view())]);
  }

  #drawFooter: (() => string) | undefined;

  #setFooter(draw: (() => string) | undefined): void {
    this.#drawFooter = draw;
    this.#showStatus(draw?.());
  }

  /** The line at the cursor, which goes away again. */
  #showStatus(text: string | undefined): void {
    const { terminal } = this.#options;
    if (this.#footer !== undefined) terminal.write("\r\u001B[K");
    this.#footer = text;
    if (text !== undefined) terminal.write(text);
  }

  #showBackground(event: BackgroundEvent): void {
    const lines = renderBackground(event, this.#view());
    if (lines.length === 0) return;
    const footer = this.#footer;
    this.#showStatus(undefined);
    this.#options.terminal.writeLines(lines);
    this.#showStatus(footer);
  }

  #drawAgain(): void {
    const { terminal } = this.#options;
    terminal.write("\u001B[2J\u001B[H");
    for (const render of this.#redraws) {
      for (const lines of render()) if (lines.length > 0) terminal.writeLines([...lines, ""]);
    }
    this.#footer = undefined;
    this.#showStatus(this.#drawFooter?.());
  }

  /** After the program was suspended: the terminal shows the shell's lines. */
  resume(): void {
    this.#drawAgain();
  }
}

/** What is being waited for, in a line. */
function statusOf(event: LessonEvent): string | undefined {
  switch (event.kind) {
    case "request-sent": {
      const [first] = event.requests;
      if (first === undefined) return undefined;
      const more = event.requests.length > 1 ? ` and ${event.requests.length - 1} more` : "";
      return `  ${first.as} → ${first.to}: ${first.method} ${first.path}${more} …`;
    }
    case "action-begins":
      return `  ${event.text} …`;
    case "replaying":
      return `  playing step ${event.step} of ${event.upTo} again …`;
    default:
      return undefined;
  }
}
