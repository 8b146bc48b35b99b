import type { Agent } from "node:http";
import { type StartDeadline, startDeadline } from "../process/deadline.ts";
import { type BrowserCookie, BrowserCookies } from "./browser-cookies.ts";
import { ONE_REQUEST, sendRequest } from "./send-request.ts";

export type { BrowserCookie } from "./browser-cookies.ts";
export { RequestFailure } from "./request-failure.ts";
export { readSessionId, sessionIdOf } from "./session-id.ts";
export { toCurl } from "./to-curl.ts";

/** One request as a browser would send it. */
export interface BrowserRequest {
  readonly method: string;
  /** Path and query, e.g. `/cart?page=2`. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as it is; a plain object is sent as JSON with its content type. */
  readonly body?: string | Uint8Array | object;
  /** Another program of the same host, for this request only. */
  readonly baseUrl?: string;
  /** Another deadline, for this request only. */
  readonly deadlineMs?: number;
  /** Keeps the connections to that program; default: each request has one of its own. */
  readonly agent?: Agent;
  /** Who counts that deadline; default: our own running time. */
  readonly startDeadline?: StartDeadline;
}

export interface BrowserResponse {
  readonly status: number;
  readonly statusText: string;
  /** Lower-case names; `set-cookie` joined by newline (see setCookies for the list). */
  readonly headers: Readonly<Record<string, string>>;
  /** In the order and spelling in which they came. */
  readonly rawHeaders: readonly (readonly [string, string])[];
  readonly setCookies: readonly string[];
  readonly text: string;
  /** Parsed body when it is JSON, else undefined. */
  readonly json: unknown;
  /** Body cut at the limit. */
  readonly truncated: boolean;
  readonly durationMs: number;
}

export interface BrowserOptions {
  /** Asked before each request: a program may come back on another port. */
  readonly baseUrl: () => string;
  /** For messages: `ada`. */
  readonly name?: string;
  /** For one request with its whole answer; default 10 s. */
  readonly deadlineMs?: number;
  /** Bytes of a body that are kept; default 1 MiB. */
  readonly bodyLimitBytes?: number;
  /** Milliseconds that have been travelled when the browser is opened. */
  readonly offsetMs?: number;
}

const DEADLINE_MS = 10_000;
const BODY_LIMIT_BYTES = 1024 * 1024;

/**
 * A browser with cookies of its own. It sends Secure cookies over http too (it believes that it
 * speaks https), and follows no redirects: what a program answers is what is seen.
 */
export class Browser {
  readonly name: string;
  readonly #options: BrowserOptions;
  readonly #cookies: BrowserCookies;

  constructor(options: BrowserOptions) {
    this.#options = options;
    this.name = options.name ?? "browser";
    this.#cookies = new BrowserCookies(options.offsetMs ?? 0);
  }

  /**
   * Sends one request and reads the answer.
   * @throws RequestFailure when no usable answer comes in time
   */
  async request(request: BrowserRequest): Promise<BrowserResponse> {
    const url = new URL(request.path, request.baseUrl ?? this.#options.baseUrl());
    const { bytes, headers: ofBody } = encodeBody(request);
    const headers: Record<string, string> = { ...ofBody, ...request.headers };
    const given = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
    const cookie = this.#cookies.headerFor(url);
    if (cookie !== "" && !given.has("cookie")) headers["Cookie"] = cookie;
    const length = bytes?.length ?? (/^(GET|HEAD|DELETE)$/i.test(request.method) ? undefined : 0);
    if (length !== undefined && !given.has("content-length") && !given.has("transfer-encoding")) {
      headers["Content-Length"] = String(length);
    }
    const response = await sendRequest({
      url,
      method: request.method,
      headers,
      body: bytes,
      agent: request.agent ?? ONE_REQUEST,
      deadlineMs: request.deadlineMs ?? this.#options.deadlineMs ?? DEADLINE_MS,
      startDeadline: request.startDeadline ?? startDeadline,
      limitBytes: this.#options.bodyLimitBytes ?? BODY_LIMIT_BYTES,
    });
    for (const line of response.setCookies) this.#cookies.set(line, url);
    return response;
  }

  /** The Cookie header that a request to this path would carry; `""` when there is none to send. */
  cookieHeader(path: string, baseUrl = this.#options.baseUrl()): string {
    return this.#cookies.headerFor(new URL(path, baseUrl));
  }

  /** Every cookie that it holds, those of other paths too. */
  cookies(): BrowserCookie[] {
    return this.#cookies.list();
  }

  /** Takes a `Set-Cookie` line (or `name=value`) as if the program had sent it. One that browsers would refuse is dropped. */
  setCookie(line: string): void {
    this.#cookies.set(line, new URL(this.#options.baseUrl()));
  }

  /** Forgets the cookies of this name, on every path. */
  removeCookie(name: string): void {
    this.#cookies.remove((cookie) => cookie.name === name);
  }

  /** Forgets every cookie. */
  clear(): void {
    this.#cookies.remove(() => true);
  }

  /** What closing the browser does: cookies without an expiry are gone. */
  closeAndReopen(): void {
    this.#cookies.remove((cookie) => cookie.expiresAt === undefined);
  }

  /** Time passes for its cookies. */
  travel(ms: number): void {
    this.#cookies.travel(ms);
  }
}

function encodeBody({ body, headers = {} }: BrowserRequest): {
  bytes: Uint8Array | undefined;
  headers: Record<string, string>;
} {
  if (body === undefined) return { bytes: undefined, headers: {} };
  if (typeof body === "string") return { bytes: Buffer.from(body), headers: {} };
  if (body instanceof Uint8Array) return { bytes: body, headers: {} };
  const typed = Object.keys(headers).some((name) => name.toLowerCase() === "content-type");
  return {
    bytes: Buffer.from(JSON.stringify(body)),
    headers: typed ? {} : { "Content-Type": "application/json" },
  };
}
