import { Agent, type IncomingMessage, request as open } from "node:http";
import type { StartDeadline } from "../process/deadline.ts";
import type { BrowserResponse } from "./browser.ts";
import { RequestFailure } from "./request-failure.ts";

/** Its connections serve one request each. */
export const ONE_REQUEST = new Agent({ keepAlive: false });

/** One request on the wire. */
export interface WireRequest {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | undefined;
  readonly agent: Agent;
  readonly deadlineMs: number;
  readonly startDeadline: StartDeadline;
  readonly limitBytes: number;
}

/**
 * Sends it and reads the answer up to the limit; the rest of a longer body is not waited for.
 * @throws RequestFailure
 */
export async function sendRequest(wire: WireRequest): Promise<BrowserResponse> {
  const first = await sendOnce(wire, wire.agent);
  if (!(first instanceof RequestFailure)) return first;
  try {
    const again = await sendOnce(wire, ONE_REQUEST);
    if (!(again instanceof RequestFailure)) return again;
  } catch (error) {
    // It has died of the first one.
    if (!(error instanceof RequestFailure) || error.reason !== "refused") throw error;
  }
  throw first;
}

/**
 * Answers the failure, instead of throwing it, when a connection kept from an earlier request was
 * closed: the program may have closed it because nothing came any more, and has seen nothing of this request.
 */
async function sendOnce(
  wire: WireRequest,
  agent: Agent,
): Promise<BrowserResponse | RequestFailure> {
  const started = performance.now();
  const where = `${wire.method} ${wire.url.pathname}${wire.url.search}`;
  return await new Promise<BrowserResponse | RequestFailure>((resolve, reject) => {
    const request = open(wire.url, {
      method: wire.method,
      headers: wire.headers,
      agent,
    });
    let begun: IncomingMessage | undefined;
    const finish = (end: () => void, isUsable = false) => {
      callOff();
      end();
      if (!isUsable) request.destroy();
    };
    const callOff = wire.startDeadline(wire.deadlineMs, () => {
      const what =
        begun === undefined
          ? "no answer"
          : `the answer began (${begun.statusCode}) and did not end`;
      finish(() =>
        reject(new RequestFailure(`${where}: ${what} within ${wire.deadlineMs} ms.`, "deadline")),
      );
    });
    const fail = (error: Error) =>
      finish(() => {
        const failure = explain(where, error, begun !== undefined);
        const wasKept = request.reusedSocket && begun === undefined;
        if (wasKept && failure.reason === "reset") resolve(failure);
        else reject(failure);
      });
    request.on("error", fail);
    request.on("upgrade", () => fail(new Error("it switched protocols")));
    request.on("response", (response) => {
      begun = response;
      const chunks: Buffer[] = [];
      let length = 0;
      const answer = (truncated: boolean) =>
        finish(() => {
          const body = Buffer.concat(chunks).subarray(0, wire.limitBytes);
          resolve(describe(response, body, truncated, performance.now() - started));
        }, !truncated);
      response.on("data", (chunk: Buffer) => {
        chunks.push(chunk);
        length += chunk.length;
        if (length > wire.limitBytes) answer(true);
      });
      response.on("end", () => answer(false));
      response.on("error", fail);
      response.on("aborted", () =>
        fail(Object.assign(new Error("aborted"), { code: "ECONNRESET" })),
      );
    });
    request.end(wire.body);
  });
}

function explain(where: string, error: Error, begun: boolean): RequestFailure {
  const code = "code" in error ? String(error.code) : "";
  if (code === "ECONNREFUSED") {
    return new RequestFailure(
      `${where}: nothing listens any more (connection refused).`,
      "refused",
    );
  }
  if (["ECONNRESET", "EPIPE", "ECONNABORTED"].includes(code)) {
    const when = begun ? "in the middle of the answer" : "without an answer";
    return new RequestFailure(`${where}: the connection was closed ${when}.`, "reset");
  }
  return new RequestFailure(`${where}: what came is not HTTP (${error.message}).`, "malformed");
}

function describe(
  response: IncomingMessage,
  body: Buffer,
  truncated: boolean,
  durationMs: number,
): BrowserResponse {
  const raw = response.rawHeaders;
  const rawHeaders: [string, string][] = [];
  const headers: Record<string, string> = {};
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const [spelled = "", value = ""] = raw.slice(at, at + 2);
    rawHeaders.push([spelled, value]);
    const name = spelled.toLowerCase();
    const before = Object.hasOwn(headers, name) ? headers[name] : undefined;
    const whole =
      before === undefined ? value : `${before}${name === "set-cookie" ? "\n" : ", "}${value}`;
    if (name === "__proto__") defineHeader(headers, name, whole);
    else headers[name] = whole;
  }
  const text = body.toString("utf8");
  return {
    status: response.statusCode ?? 0,
    statusText: response.statusMessage ?? "",
    headers,
    rawHeaders,
    setCookies: response.headers["set-cookie"] ?? [],
    text,
    json: /[/+]json\b/i.test(headers["content-type"] ?? "") ? parseJson(text) : undefined,
    truncated,
    durationMs,
  };
}

/** What an assignment would take for something else. */
function defineHeader(headers: Record<string, string>, name: string, value: string): void {
  Object.defineProperty(headers, name, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
