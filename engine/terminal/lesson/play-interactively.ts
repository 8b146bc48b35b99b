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
import {
  findFreshSessions,
  hasMarks,
  renderEvent,
  renderLegend,
  shortName,
} from "./render-event.ts";
import { renderOpening } from "./render-opening.ts";
import { runRedisPrompt } from "./redis-prompt.ts";
import { isLog, Spacing } from "./spacing.ts";

export interface PlayOptions {
  readonly session: LessonSession;
  readonly terminal: Terminal;
  readonly from: number;
  readonly isSlow: boolean;
  /** What comes after this lesson, as lines. */
  readonly ending: readonly string[];
  readonly onStepDone: (step: number) => void;
}

/** A box of this height may come of any request. */
const LEAST_BOX = 12;

export const NEXT_CHOICE: Choice = ["Enter", "next"];
/** What one can do at the end of each step, the last one too; and wherever the player waits. */
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

interface Drawn {
  readonly render: () => string[][];
  readonly isLog: boolean;
}

class Player {
  readonly #options: PlayOptions;
  readonly #keyboard: Keyboard;
  /** How to draw what the current step has shown: again, when the terminal gets another width. */
  #redraws: Drawn[] = [];
  #spacing = new Spacing();
  #linesSincePause = 0;
  /** Lines of the box before: the next one will be like it. */
  #lastBox = LEAST_BOX;
  /** A recording has said in full why it is played. */
  #knowsRecording = false;
  /** What the marks at keys mean has been said. */
  #knowsMarks = false;
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
      this.#knowsRecording = session.recording !== undefined;
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
    return await this.#waitForMove(NEXT_CHOICE, { isLast });
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
    this.#showStatus(undefined);
    if (event.kind === "request-sent") {
      const move = await this.#makeRoom(event.requests.length);
      if (move !== undefined && move !== "next") return move;
    }
    const move = await this.#putWithPauses(event);
    if (move !== undefined) return move;
    this.#introduce(event);
    const status = statusOf(event);
    const room = this.#options.terminal.columns() - 1;
    if (status !== undefined) this.#showStatus(cutTo(status, room));
    if (event.kind === "step-begins" && event.recording !== undefined) this.#knowsRecording = true;
    if (event.kind !== "question") return undefined;
    return await this.#ask(event.choices.length);
  }

  /** A request is sent when its box has room: what is done to a program before it has its effect. */
  async #makeRoom(requests: number): Promise<Move | undefined> {
    const expected = Math.max(this.#lastBox, LEAST_BOX + 6 * (requests - 1));
    const room = this.#options.terminal.rows() - 2;
    const isFull = this.#linesSincePause + Math.min(expected, room) > room;
    if (!isFull || this.#linesSincePause === 0) return undefined;
    return await this.#waitForMove(["Enter", "sends the request"], { isLast: false });
  }

  /** Shows blocks, and stops where a screen is full; a slow presentation stops at each. */
  async #putWithPauses(event: LessonEvent): Promise<Move | undefined> {
    const { terminal, isSlow } = this.#options;
    const knowsRecording = this.#knowsRecording;
    const render = () => renderEvent(event, { ...this.#view(), knowsRecording });
    const count = render().length;
    for (let at = 0; at < count; at += 1) {
      const { length } = render()[at] ?? [];
      const isFull = this.#linesSincePause + length + 1 > terminal.rows() - 2;
      const isBegun = this.#linesSincePause > 0;
      if (isBegun && (isFull || (isSlow && at > 0))) {
        const what = event.kind === "exchange" && at === 0 ? "shows the answer" : "goes on";
        const move = await this.#waitForMove(["Enter", what], { isLast: false });
        if (move !== undefined && move !== "next") return move;
      }
      if (event.kind === "exchange" && at === 0) this.#lastBox = length + 1;
      this.#put(() => [render()[at] ?? []], isLog(event));
    }
    return undefined;
  }

  async #ask(choices: number): Promise<Move | undefined> {
    const numbers = Array.from({ length: choices }, (_, at) => String(at + 1));
    const key = await this.#choose(
      [[`1-${choices}`, "your guess"], ["Enter", "show me"], ...LAST_CHOICES],
      [...numbers, "enter"],
    );
    this.#linesSincePause = 0;
    if (isMove(key)) return key;
    this.#options.session.choose(key === "enter" ? undefined : Number(key) - 1);
    return undefined;
  }

  async #waitForMove(next: Choice, { isLast }: { isLast: boolean }): Promise<Move> {
    const choices = isLast ? LAST_CHOICES : [next, ...LAST_CHOICES];
    const key = await this.#choose(choices, isLast ? [] : ["enter", "space"]);
    this.#linesSincePause = 0;
    return isMove(key) ? key : "next";
  }

  /**
   * Waits for one of `keys`, or one that goes elsewhere, with a line that says what they do. The Redis
   * prompt is open wherever the player waits.
   */
  async #choose(choices: readonly Choice[], keys: readonly string[]): Promise<string> {
    const { terminal, session } = this.#options;
    const where = `${this.#step}/${session.lesson.steps.length}`;
    const draw = (before: string) => {
      this.#setFooter(() => renderFooter(before, choices, terminal.columns(), terminal.style));
    };
    draw(where);
    try {
      for (;;) {
        const key = await this.#keyboard.next();
        if (key === undefined || key === "q") return "quit";
        if (key === "a") return "again";
        if (key === "b") return "back";
        if (keys.includes(key)) return key;
        if (key === "r") {
          this.#setFooter(undefined);
          await this.#keyboard.lend(async () => await runRedisPrompt(session, terminal));
          terminal.writeLines([""]);
          draw(where);
        } else {
          draw(`${JSON.stringify(key)} does nothing here:`);
        }
      }
    } finally {
      this.#setFooter(undefined);
    }
  }

  #view(): LessonView {
    const { session, terminal, isSlow } = this.#options;
    return {
      style: terminal.style,
      width: terminal.columns(),
      layout: "framed",
      isSlow,
      sessions: session.sessions,
    };
  }

  /** Shows blocks, and remembers how to draw them. */
  #put(render: () => string[][], isLogged = false): void {
    const { terminal } = this.#options;
    const blocks = render().filter((lines) => lines.length > 0);
    if (blocks.length === 0) return;
    this.#redraws.push({ render, isLog: isLogged });
    for (const lines of blocks) {
      const spaced = this.#spacing.around(lines, isLogged);
      terminal.writeLines(spaced);
      this.#linesSincePause += spaced.length;
    }
  }

  /** Says what the marks and the labels stand for that were not there before. */
  #introduce(event: LessonEvent): void {
    if (event.kind !== "exchange") return;
    const fresh = findFreshSessions(event, this.#options.session.sessions, this.#known);
    for (const { id } of fresh) this.#known.add(id);
    const saysMarks = !this.#knowsMarks && hasMarks(event);
    if (saysMarks) this.#knowsMarks = true;
    if (fresh.length === 0 && !saysMarks) return;
    this.#put(() => [renderLegend(fresh, this.#view(), { saysMarks })]);
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
    if (text === undefined) return;
    const due = this.#spacing.close();
    this.#linesSincePause += due.length;
    terminal.writeLines(due);
    terminal.write(text);
  }

  #showBackground(event: BackgroundEvent): void {
    const lines = renderBackground(event, this.#view());
    if (lines.length === 0) return;
    const footer = this.#footer;
    this.#showStatus(undefined);
    this.#options.terminal.writeLines([...this.#spacing.close(), ...lines]);
    this.#showStatus(footer);
  }

  #drawAgain(): void {
    const { terminal } = this.#options;
    terminal.write("\u001B[2J\u001B[H");
    this.#spacing = new Spacing();
    for (const { render, isLog: isLogged } of this.#redraws) {
      for (const lines of render()) terminal.writeLines(this.#spacing.around(lines, isLogged));
    }
    this.#footer = undefined;
    this.#showStatus(this.#drawFooter?.());
  }

  /** After the program was suspended: the terminal shows the shell's lines. */
  resume(): void {
    this.#drawAgain();
  }
}

function isMove(key: string): key is Move {
  return ["again", "back", "quit"].includes(key);
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
      return `  ${shortName(event.text)} …`;
    case "replaying":
      return `  playing step ${event.step} of ${event.upTo} again …`;
    default:
      return undefined;
  }
}
