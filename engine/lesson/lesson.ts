import type { TopologyVerb } from "../redis/topology/topology-actions.ts";

/** A lesson as it is read from its document: nothing of it has run yet. */
export interface Lesson {
  readonly title: string;
  /** Of a learner's time. */
  readonly minutes: number;
  readonly redis: "any" | "server" | "sentinel";
  /** Titles of the steps that only a real server can play; elsewhere each is shown as it was recorded. */
  readonly server: readonly string[];
  /** In the order of the front matter; requests that name none go to the first. */
  readonly apps: readonly LessonApp[];
  readonly needs: string | undefined;
  /** What one can do afterwards. */
  readonly after: readonly string[];
  /** Slug of the exercise that practises it. */
  readonly exercise: string | undefined;
  /** The program behind `act`. */
  readonly actions: string | undefined;
  /** Name of the session cookie, where it cannot be told by its form. */
  readonly cookie: string | undefined;
  /** Markdown between the title and the first step. */
  readonly introduction: string;
  readonly steps: readonly Step[];
}

export interface LessonApp {
  readonly name: string;
  /** Relative to the lesson's folder. */
  readonly file: string;
  readonly byHand: boolean;
  readonly env: Readonly<Record<string, string>>;
}

export interface Step {
  /** Counted from 1. */
  readonly number: number;
  readonly title: string;
  readonly line: number;
  readonly blocks: readonly Block[];
}

/** A part of a step, with the line of the document where it begins. */
export type Block = { readonly line: number } & (
  | { readonly kind: "prose"; readonly markdown: string }
  | CodeBlock
  | { readonly kind: "diagram"; readonly mermaid: string; readonly text: string }
  | HttpBlock
  | SawBlock
  | RedisBlock
  | { readonly kind: "time"; readonly text: string; readonly ms: number }
  | DoBlock
  | OutputBlock
  | AskBlock
  | ChartBlock
);

export interface CodeBlock {
  readonly kind: "code";
  readonly language: string;
  readonly text: string;
  readonly source?: { readonly file: string; readonly region?: string; readonly line: number };
}

/** One request of an `http` block; in its texts `$names` are not put in yet. */
export interface RequestText {
  readonly as: string;
  readonly to: string;
  readonly method: string;
  readonly path: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
}

export interface HttpBlock {
  readonly kind: "http";
  /** Several when it is a race. */
  readonly requests: readonly RequestText[];
  readonly isRace: boolean;
  readonly expect: HttpExpectBlock;
}

export interface HttpExpectBlock {
  readonly line: number;
  readonly answers: readonly AnswerPattern[];
  /** Of arrays in JSON; of a race: its answers, too. */
  readonly anyOrder: boolean;
}

export interface AnswerPattern {
  /** `200 OK` */
  readonly status: string;
  readonly headers: readonly (readonly [string, string])[];
  /** Names of headers that must not be there. */
  readonly absent: readonly string[];
  /** Undefined: not compared. */
  readonly body: string | undefined;
  readonly bodyKind: "json" | "text";
}

export interface SawBlock {
  readonly kind: "saw";
  readonly lines: readonly string[];
  readonly anyOrder: boolean;
}

export interface RedisBlock {
  readonly kind: "redis";
  readonly exchanges: readonly {
    readonly line: number;
    readonly command: string;
    readonly reply: readonly string[];
  }[];
  readonly anyOrder: boolean;
  /** Of a topology: `primary`, `replica`, `redis2`, `sentinel1`. */
  readonly on: string | undefined;
}

export type Action = {
  readonly line: number;
  /** Without its description. */
  readonly text: string;
  /** What it does, in the words of the lesson: `act fill  # 20 MB of sessions`. */
  readonly says?: string;
} & (
  | { readonly kind: "start" | "stop" | "restart"; readonly app: string }
  | { readonly kind: "cut" | "stall" | "restore" }
  | { readonly kind: "close" | "forget"; readonly browser: string }
  | { readonly kind: "run"; readonly file: string }
  | { readonly kind: "act"; readonly args: readonly string[] }
  | { readonly kind: "topology"; readonly verb: TopologyVerb; readonly target: string }
);

export interface DoBlock {
  readonly kind: "do";
  readonly actions: readonly Action[];
  /** The first goes on while the others are done; they begin when it has printed its first line. */
  readonly together: boolean;
}

export interface OutputBlock {
  readonly kind: "output";
  readonly lines: readonly string[];
}

export interface AskBlock {
  readonly kind: "ask";
  readonly question: string;
  readonly choices: readonly string[];
  readonly right: number;
}

export interface ChartBlock {
  readonly kind: "chart";
  /** `chart times`: the bars are times, which no lesson fails by. */
  readonly areTimes: boolean;
  readonly lines: readonly {
    readonly line: number;
    readonly text: string;
    readonly left: string;
    readonly operator: "<" | "<=" | ">" | ">=";
    readonly factor: number;
    readonly right: string;
  }[];
}
