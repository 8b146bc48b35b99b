/**
 * What a lesson does while it plays, as plain data: a presenter (a terminal, a page) shows it.
 * Nothing here prints, and every event can be written as JSON.
 *
 * How a presenter drives a lesson:
 *
 *     await using session = await openLesson({ folder });        // programs and Redis start at once
 *     const { line, notes } = await session.redis();             // UserError when there is none to be had
 *     show(session.lesson.title, session.lesson.introduction);
 *     for (let step = 1; step <= session.lesson.steps.length; step++) {
 *       for await (const event of session.play(step)) {
 *         show(event);
 *         if (event.kind === "question") session.choose(await askTheLearner(event));
 *       }
 *     }
 *
 * - Events are pulled: nothing more happens until the next one is asked for. So after `question` the
 *   presenter waits for the learner, calls `choose` (or not), and asks for the next event.
 * - `play(n)` plays step n as if steps 1 to n − 1 had just been played. After step n − 1 it goes
 *   right on. Otherwise (again, back, a jump) it builds everything anew, plays the earlier steps silently,
 *   yields `replaying` for each of them, and then plays step n.
 * - Leaving the loop early (`break`) is allowed: the next `play` builds everything anew.
 * - A run has failed when an `expectation` does not hold or a `trouble` came; `step-done` counts both.
 * - What happens while no step plays (a program restarts because its file was saved, prints a line,
 *   sends a command) comes through `session.onBackground`.
 * - After the last step the programs stay up until the session is disposed.
 * - `sessions` lists the labels known so far; `markSessions(text, session.sessions)` splits any text into parts,
 *   so that cookies, keys and commands of one session can be coloured alike.
 */
import type { Listening } from "../redis/cli/listen.ts";
import type { Lesson } from "./lesson.ts";

/** Everything that can happen while a step plays. */
export type LessonEvent =
  | StepBegins
  | Replaying
  | Prose
  | Code
  | Diagram
  | RequestSent
  | Exchange
  | Expectation
  | RedisReply
  | TimeMoved
  | ActionBegins
  | ActionDone
  | Output
  | Chart
  | ProgramLine
  | Question
  | Truth
  | Trouble
  | StepDone;

export interface StepBegins {
  readonly kind: "step-begins";
  /** Counted from 1. */
  readonly step: number;
  readonly of: number;
  readonly title: string;
  /** This step is not run now: what follows was recorded. */
  readonly recording?: RecordingFacts;
}

/** An earlier step is played silently, to bring everything to the state before the one asked for. */
export interface Replaying {
  readonly kind: "replaying";
  readonly step: number;
  /** The last step that will be replayed. */
  readonly upTo: number;
}

/** Text between the blocks, as Markdown: paragraphs, lists, tables, smaller headings. */
export interface Prose {
  readonly kind: "prose";
  readonly markdown: string;
}

/** A block that is shown and not run. */
export interface Code {
  readonly kind: "code";
  /** `ts`, `js`, `text`, `sh` …; empty when the block names none. */
  readonly language: string;
  readonly text: string;
  /** Where it stands in the lesson's folder, when it was taken from a file. */
  readonly source?: {
    readonly file: string;
    readonly region?: string;
    /** First line in the file, counted from 1. */
    readonly line: number;
  };
}

export interface Diagram {
  readonly kind: "diagram";
  readonly mermaid: string;
  /** The same, drawn with characters. */
  readonly text: string;
}

/** A request as it goes out. */
export interface SentRequest {
  /** Whose browser: `ada`, `nobody`. */
  readonly as: string;
  /** Name of the program. */
  readonly to: string;
  readonly method: string;
  readonly path: string;
  /** In order; the cookie too, as `Cookie`. */
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
  /** A line that sends the same with curl. */
  readonly curl: string;
}

/**
 * One request, or several at the same moment (`http race`). They are sent when the next event is asked
 * for, and the exchange follows.
 */
export interface RequestSent {
  readonly kind: "request-sent";
  readonly requests: readonly SentRequest[];
}

export interface ReceivedAnswer {
  readonly status: number;
  readonly statusText: string;
  /** In the order and spelling in which they came; Date, ETag, Connection and their like included. */
  readonly headers: readonly (readonly [string, string])[];
  /** The names of headers that the lesson's expectation speaks about, in lower case: show at least these. */
  readonly named: readonly string[];
  readonly body: string;
  readonly isJson: boolean;
  readonly durationMs: number;
  /** Why there is no answer; then the rest is empty, and the status 0. */
  readonly failure?: string;
}

/** A command as Redis saw it. */
export interface SeenCommand {
  /** Name of the program that sent it; of several Redises: of the one that got it. */
  readonly program: string;
  /** As typed in redis-cli: `SET sess:… "{\"visits\":1}" EX 1800`. */
  readonly text: string;
  /** As redis-cli prints it, in one line: `OK`, `(nil)`, `(integer) 1`, `(error) …`; empty while there is none. */
  readonly reply: string;
}

/** A key of Redis after a request. */
export interface KeyView {
  readonly name: string;
  /** `string`, `hash`, `list`, `set`, `zset`, `stream`. */
  readonly type: string;
  /** Seconds left, rounded; undefined: it never expires. */
  readonly ttlSeconds: number | undefined;
  /** One line; cut after some 400 characters, with `…`. */
  readonly value: string;
  /** Compared with the exchange before. Those that are gone are listed a last time, with empty value. */
  readonly change: "new" | "changed" | "same" | "gone";
  /** The session whose ID the name contains. */
  readonly session?: SessionLabel;
}

/** What a request led to: the answer, what Redis saw, and the keys afterwards. Show them beside each other. */
export interface Exchange {
  readonly kind: "exchange";
  /** One, or several after `http race`, each with its own answer. */
  readonly pairs: readonly { readonly request: SentRequest; readonly answer: ReceivedAnswer }[];
  readonly commands: readonly SeenCommand[];
  /** Sorted by name; at most 50. */
  readonly keys: readonly KeyView[];
  /** Keys beyond those. */
  readonly moreKeys: number;
  /** Of several Redises: where these keys are, `on redis2, the primary`. */
  readonly place?: string;
  /** Why nobody can say what keys there are: `no primary answers`. */
  readonly unseen?: string;
  /** Redis is cut off or stalled for the programs: these keys are what it holds all the same. */
  readonly outOfReach?: boolean;
}

/** Something that the lesson states has been compared with what came. */
export interface Expectation {
  readonly kind: "expectation";
  readonly block: "http expect" | "saw" | "redis" | "output" | "chart";
  /** Of the block in the lesson's README.md, counted from 1. */
  readonly line: number;
  readonly holds: boolean;
  /** Empty when it holds. */
  readonly rows: readonly ComparisonRow[];
  /** What else helps to understand it: `ada's browser has no session cookie.` */
  readonly notes: readonly string[];
}

/** One line of expected beside received. */
export interface ComparisonRow {
  /** `status`, `header Set-Cookie`, `body`, `body .reader.name`, `command 2` …; empty where it says nothing new. */
  readonly where: string;
  /** Undefined: nothing was expected here. */
  readonly expected: string | undefined;
  /** Undefined: nothing came. */
  readonly received: string | undefined;
  readonly same: boolean;
}

/** One command of a `redis` block and its reply. */
export interface RedisReply {
  readonly kind: "redis";
  /** Of several: which one was asked, `redis2`. */
  readonly on?: string;
  /** As typed, with names put in: `TTL sess:PJSB…`. */
  readonly command: string;
  /** As redis-cli prints it. */
  readonly reply: readonly string[];
}

export interface TimeMoved {
  readonly kind: "time";
  readonly ms: number;
  /** As it stands in the lesson: `+31m`. */
  readonly text: string;
}

/** An action has begun; starting a program takes a moment. */
export interface ActionBegins {
  readonly kind: "action-begins";
  /** As it stands in the lesson: `restart app`. */
  readonly text: string;
  /** In words: `app is killed and started again`; of an `act` without words, the command that it runs. */
  readonly meaning: string;
}

/** It went well; when it did not, a `trouble` comes instead. */
export interface ActionDone {
  readonly kind: "action-done";
  readonly text: string;
  readonly meaning: string;
  readonly durationMs: number;
}

/** What a program that ran to its end (`run`, `act`) printed. */
export interface Output {
  readonly kind: "output";
  readonly lines: readonly string[];
  readonly exitCode: number | null;
  /** The action that printed it, where others were done meanwhile. */
  readonly from?: string;
}

/** A series that was measured just now. */
export interface Chart {
  readonly kind: "chart";
  readonly title: string;
  readonly unit: string;
  readonly bars: readonly (readonly [label: string, value: number])[];
}

/** A line that a program of the lesson printed. */
export interface ProgramLine {
  readonly kind: "program-line";
  readonly program: string;
  readonly stream: "stdout" | "stderr";
  readonly line: string;
}

/** The learner may choose before the next block runs: `session.choose(index)`. */
export interface Question {
  readonly kind: "question";
  /** Markdown. */
  readonly question: string;
  /** Markdown, one line each. */
  readonly choices: readonly string[];
}

/** What was right, after it has been seen. */
export interface Truth {
  readonly kind: "truth";
  readonly choices: readonly string[];
  /** Index of the right one. */
  readonly right: number;
  /** Index of what the learner chose; undefined when nothing was. */
  readonly chosen: number | undefined;
}

/** Something that should work did not: a program that does not start, an action that fails. */
export interface Trouble {
  readonly kind: "trouble";
  /** One sentence: `app ended (exit code 1) before it was listening.` */
  readonly message: string;
  /** What the program printed last, its error first. */
  readonly details: readonly string[];
}

export interface StepDone {
  readonly kind: "step-done";
  readonly step: number;
  readonly of: number;
  /** Expectations that did not hold, and troubles, in this step. */
  readonly failures: number;
}

/** What happens while no step plays. */
export type BackgroundEvent =
  | ProgramLine
  | Trouble
  /** The file of a program was saved: it is started again. */
  | { readonly kind: "program-restarting"; readonly program: string; readonly file: string }
  | { readonly kind: "program-restarted"; readonly program: string; readonly url: string }
  /** A program sent this, because somebody uses it. */
  | { readonly kind: "command"; readonly command: SeenCommand };

/** A session that a browser holds or held. */
export interface SessionLabel {
  /** `ada·3f2c` */
  readonly label: string;
  readonly browser: string;
  readonly id: string;
  /** Counted from 0 in order of appearance: a colour for each. */
  readonly index: number;
}

export interface RedisFacts {
  readonly kind: "external" | "server" | "embedded" | "sentinel";
  readonly version: string;
  /** One line for people. */
  readonly line: string;
  readonly notes: readonly string[];
}

/** Says of a recording when it was made, and with what. */
export interface RecordingFacts {
  /** `2026-11-25` */
  readonly date: string;
  /** `redis-server 7.0.15, Node 20.20.0` */
  readonly made: string;
  /** Why it is played: `No redis-server is on this machine.` */
  readonly why: string;
}

export interface ProgramState {
  readonly name: string;
  /** Relative to the lesson's folder. */
  readonly file: string;
  readonly isRunning: boolean;
  /** Where it listens; undefined while it does not. */
  readonly url: string | undefined;
}

/** What `openLesson` answers: a lesson that can be played. */
export interface LessonSession extends AsyncDisposable {
  readonly lesson: Lesson;
  /** Set when a recording is played: nothing is run. */
  readonly recording: RecordingFacts | undefined;
  /** The Redis of this run. @throws UserError when none can be had */
  redis(): Promise<RedisFacts>;
  /**
   * Plays one step (see the head of this file).
   * @throws UserError when no Redis can be had
   */
  play(step: number): AsyncGenerator<LessonEvent, void, undefined>;
  /** Tells what the learner chose, before the event after `question` is asked for. */
  choose(choice: number | undefined): void;
  /** In order of appearance. */
  readonly sessions: readonly SessionLabel[];
  readonly programs: readonly ProgramState[];
  /**
   * One line typed at the Redis prompt; answers what redis-cli would print. Names such as `$ada.sid` work here, too.
   * In a recording it answers that there is no Redis.
   */
  command(line: string): Promise<string[]>;
  /** For MONITOR and its like: shows what comes, until it is stopped. Undefined: it is a line for `command`. */
  listen(line: string, show: (lines: string[]) => void): Promise<Listening | undefined>;
  onBackground(listener: (event: BackgroundEvent) => void): () => void;
}
