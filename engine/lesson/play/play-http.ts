import type { Browser, BrowserResponse } from "../../http/browser.ts";
import { RequestFailure } from "../../http/request-failure.ts";
import { toCurl } from "../../http/to-curl.ts";
import { compareAnswer } from "../expect/compare-answer.ts";
import { putIn } from "../expect/names.ts";
import type { AnswerPattern, HttpBlock, RequestText } from "../lesson.ts";
import type {
  ComparisonRow,
  Exchange,
  Expectation,
  LessonEvent,
  ReceivedAnswer,
  SentRequest,
} from "../lesson-event.ts";
import { race } from "./race.ts";
import type { Stage } from "./stage.ts";
import type { StepState } from "./step-state.ts";

interface Prepared {
  readonly browser: Browser;
  readonly request: SentRequest;
  readonly baseUrl: string;
  /** Without the browser's own cookie. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Sends the requests, shows what came and what Redis saw, and compares the answers.
 * @param meanwhile lets others change the stage while the presenter waits before they are sent
 */
export async function* playHttp(
  block: HttpBlock,
  { stage, state }: { stage: Stage; state: StepState },
  meanwhile: { readonly leave: () => void; readonly enter: () => Promise<void> },
): AsyncGenerator<LessonEvent, void, undefined> {
  const announced = block.requests.map((text) => prepare(text, stage));
  meanwhile.leave();
  yield { kind: "request-sent", requests: announced.map(({ request }) => request) };
  await meanwhile.enter();
  const prepared = block.requests.map((text) => prepare(text, stage));
  await stage.quiet();
  const seen = stage.watchCommands();
  const sends = prepared.map((each) => async () => await send(each));
  const received = block.isRace
    ? await race(
        stage,
        sends,
        block.requests.map(({ to }) => to),
      )
    : await Promise.all(sends.map(async (each) => await each()));
  await stage.quiet();
  state.commands = seen();
  for (const [at, answer] of received.entries()) {
    const as = block.requests[at]?.as ?? "nobody";
    if (!(answer instanceof RequestFailure)) stage.noteAnswer(as, answer.rawHeaders);
  }
  stage.noteSessions();
  const pairs = prepared.map(({ request }, at) => {
    const expected = block.expect.answers[at];
    const named = [
      ...(expected?.headers.map(([name]) => name.toLowerCase()) ?? []),
      ...(expected?.absent.map((name) => name.toLowerCase()) ?? []),
    ];
    return { request, answer: describe(received[at], named) };
  });
  const view = state.silent ? { keys: [], moreKeys: 0 } : await stage.viewKeys();
  const exchange: Exchange = { kind: "exchange", pairs, commands: state.commands, ...view };
  yield exchange;
  yield compare(block, exchange, stage);
}

function prepare(text: RequestText, stage: Stage): Prepared {
  const { names } = stage;
  const browser = stage.browser(text.as);
  if (text.as === "nobody") browser.clear();
  const baseUrl = stage.slots.get(text.to)?.url ?? "http://127.0.0.1:1";
  const path = putIn(text.path, names);
  const body = putIn(text.body, names);
  const given = text.headers.map(([name, value]): readonly [string, string] => [
    name,
    putIn(value, names),
  ]);
  const cookie = browser.cookieHeader(path, baseUrl);
  const hasCookie = given.some(([name]) => name.toLowerCase() === "cookie");
  const headers: (readonly [string, string])[] =
    cookie !== "" && !hasCookie ? [...given, ["Cookie", cookie]] : given;
  const request = {
    method: text.method,
    path,
    headers: Object.fromEntries(headers),
    ...(body === "" ? {} : { body }),
  };
  return {
    browser,
    baseUrl,
    headers: Object.fromEntries(given),
    request: {
      as: text.as,
      to: text.to,
      method: text.method,
      path,
      headers,
      body,
      curl: toCurl(request, baseUrl),
    },
  };
}

async function send(prepared: Prepared): Promise<BrowserResponse | RequestFailure> {
  const { browser, request, baseUrl, headers } = prepared;
  const { method, path, body } = request;
  try {
    return await browser.request({
      method,
      path,
      headers,
      baseUrl,
      ...(body === "" ? {} : { body }),
    });
  } catch (error) {
    if (error instanceof RequestFailure) return error;
    throw error;
  }
}

function describe(
  received: BrowserResponse | RequestFailure | undefined,
  named: readonly string[],
): ReceivedAnswer {
  if (received === undefined || received instanceof RequestFailure) {
    return {
      status: 0,
      statusText: "",
      headers: [],
      named,
      body: "",
      isJson: false,
      durationMs: 0,
      failure: received?.message ?? "There was no answer.",
    };
  }
  return {
    status: received.status,
    statusText: received.statusText,
    headers: received.rawHeaders,
    named,
    body: received.text,
    isJson: received.json !== undefined,
    durationMs: received.durationMs,
  };
}

function compare({ expect }: HttpBlock, { pairs }: Exchange, stage: Stage): Expectation {
  const anyOrder = expect.anyOrder;
  const left = new Set(pairs.keys());
  const rows: ComparisonRow[] = [];
  const notes: string[] = [];
  const against = (expected: AnswerPattern, at: number) => {
    const answer = pairs[at]?.answer;
    return answer && compareAnswer(expected, answer, stage.names, { anyOrder });
  };
  expect.answers.forEach((expected, index) => {
    const at =
      anyOrder && pairs.length > 1
        ? ([...left].find((each) => against(expected, each)?.rows.length === 0) ?? index)
        : index;
    left.delete(at);
    const found = against(expected, at);
    const which = pairs.length > 1 ? `answer ${index + 1}, ` : "";
    rows.push(...(found?.rows ?? []).map((row) => ({ ...row, where: `${which}${row.where}` })));
    notes.push(...(found?.notes ?? []));
  });
  return {
    kind: "expectation",
    block: "http expect",
    line: expect.line,
    holds: rows.every(({ same }) => same),
    rows,
    notes,
  };
}
