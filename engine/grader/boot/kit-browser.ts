import {
  Browser,
  type BrowserRequest,
  type BrowserResponse,
  RequestFailure,
} from "../../http/browser.ts";
import type { Answer, Instance, KitBrowser, RequestBody, RequestOptions } from "../kit.ts";
import type { SentRequest } from "../report.ts";
import type { BootInstance } from "./start-boot.ts";

const SHOWN = 300;

/** Status and body; with its type where that says why it is not taken for JSON. */
function shownAnswer({ status, headers, text, json }: BrowserResponse): string {
  const type = headers["content-type"] ?? "";
  const isJson = json !== undefined || text === "";
  const what = /[/+]json\b/i.test(type) ? `${type}, but no valid JSON` : type || "no Content-Type";
  const body = text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
  const parts = [String(status), ...(isJson ? [] : [`(${what})`]), ...(body === "" ? [] : [body])];
  const notes = ["Location", "Retry-After"].flatMap((name) => {
    const value = headers[name.toLowerCase()];
    return value === undefined ? [] : [`; ${name}: ${value}`];
  });
  return parts.join(" ") + notes.join("");
}

export interface BrowserHome {
  find(to: string | Instance | undefined): BootInstance;
  readonly offsetMs: number;
  /** For one request, unless it says otherwise. */
  readonly deadlineMs: number;
  /** Keeps the browser, so that time passes for it too. */
  keep(browser: Browser): void;
  record(sent: SentRequest): void;
  /** Its number among the browsers of this check, by which it has sent first. */
  numberOf(browser: Browser): number;
  /** Told of a request without an answer in time. */
  late(): void;
  /** Throws the submission's own error when it has died. */
  alive(): void;
}

/** A browser of a check: what it sends is recorded for the report. */
export function openBrowser(home: BrowserHome): KitBrowser {
  const browser = new Browser({
    baseUrl: () => home.find(undefined).url,
    deadlineMs: home.deadlineMs,
    offsetMs: home.offsetMs,
  });
  home.keep(browser);
  const request = async (
    method: string,
    path: string,
    body?: RequestBody,
    options: RequestOptions = {},
  ): Promise<Answer> => {
    home.alive();
    const { url: baseUrl, name: program, time, agent } = home.find(options.to);
    const isForm = body instanceof URLSearchParams;
    const headers = {
      ...(isForm ? { "Content-Type": "application/x-www-form-urlencoded" } : {}),
      ...options.headers,
    };
    const sent: BrowserRequest = {
      method,
      path,
      headers,
      ...(body === undefined ? {} : { body: isForm ? body.toString() : body }),
    };
    const cookies = browser.cookies().map(({ name, value }) => `${name}=${value}`);
    // In the order in which they are sent: answers to requests at the same moment come in any.
    const entry = {
      program,
      request: sent,
      baseUrl,
      browser: home.numberOf(browser),
      cookie: cookies.join("; "),
      answer: "none yet",
    };
    home.record(entry);
    const note = (answer: string) => {
      entry.answer = answer;
    };
    try {
      const answer = await browser.request({
        ...sent,
        baseUrl,
        agent,
        deadlineMs: options.deadlineMs ?? home.deadlineMs,
        startDeadline: (ms, onPassed) => time.startDeadline(ms, onPassed),
      });
      note(shownAnswer(answer));
      if (answer.truncated) {
        const text = `${method} ${path}: the answer is longer than 1 MiB; the rest was not read.`;
        throw new RequestFailure(text, "malformed");
      }
      return answer;
    } catch (error) {
      note(error instanceof Error ? error.message : String(error));
      if (error instanceof RequestFailure && error.reason === "deadline") home.late();
      throw error;
    }
  };
  return {
    get: async (path, options) => await request("GET", path, undefined, options),
    post: async (path, body, options) => await request("POST", path, body, options),
    request,
    cookies: () => browser.cookies(),
    cookie: (name) => browser.cookies().find((cookie) => cookie.name === name),
    setCookie: (line) => browser.setCookie(line),
    removeCookie: (name) => browser.removeCookie(name),
    clear: () => browser.clear(),
    closeAndReopen: () => browser.closeAndReopen(),
    copy() {
      const other = openBrowser(home);
      for (const { name, value, path } of browser.cookies()) {
        other.setCookie(`${name}=${value}; Path=${path}`);
      }
      return other;
    },
  };
}
