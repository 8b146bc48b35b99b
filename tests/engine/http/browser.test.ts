import { execFileSync } from "node:child_process";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTcpServer } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import {
  Browser,
  readSessionId,
  type RequestFailure,
  sessionIdOf,
  toCurl,
} from "../../../engine/http/browser.ts";
import { findFreePort } from "../../../engine/process/find-free-port.ts";

async function serve(
  handle: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<string> {
  const server = createServer(handle);
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
}

/** A server that answers with the cookies that it got, and sets those of its path. */
const cookieServer = async (cookies: Record<string, string[]>) =>
  await serve((request, response) => {
    response.setHeader("Set-Cookie", cookies[request.url ?? ""] ?? []);
    response.end(request.headers.cookie ?? "");
  });
const open = (url: string, options = {}) => new Browser({ baseUrl: () => url, ...options });
const get = async (browser: Browser, path: string) =>
  (await browser.request({ method: "GET", path })).text;
const failureOf = async (promise: Promise<unknown>) =>
  await promise.then(
    () => undefined,
    (error: unknown) => error as RequestFailure,
  );

describe("a browser's cookies", () => {
  it("come back, Secure ones over http too, and only where their path is", async () => {
    const url = await cookieServer({
      "/set": [
        "a=1; Secure; HttpOnly; SameSite=Strict; Path=/",
        "b=2; Path=/deep",
        "__Host-c=3; Secure; Path=/",
      ],
    });
    const browser = open(url);
    await get(browser, "/set");
    expect(await get(browser, "/")).toBe("a=1; __Host-c=3");
    expect(await get(browser, "/deep/er")).toBe("b=2; a=1; __Host-c=3");
    expect(browser.cookies().find(({ name }) => name === "a")).toEqual({
      name: "a",
      value: "1",
      expiresAt: undefined,
      path: "/",
      domain: undefined,
      httpOnly: true,
      secure: true,
      sameSite: "strict",
    });
  });

  it("that a browser would refuse are refused, and none makes it stumble", async () => {
    const url = await cookieServer({
      "/": [
        "",
        ";;;=",
        "=",
        "x=1; Domain=example.com",
        "__Host-y=1; Path=/",
        "\tz",
        "e=1; Max-Age=soon; Expires=never",
        "k=v; Max-Age=99999999999999999999",
      ],
    });
    const browser = open(url);
    await get(browser, "/");
    const names = browser.cookies().map(({ name }) => name);
    expect(names).not.toContain("x");
    expect(names).not.toContain("__Host-y");
    expect(names).toContain("e");
    expect(names).toContain("k");
  });

  it("end when their time has come: Max-Age, Expires, travelled", async () => {
    const hour = 3_600_000;
    const offsetMs = 24 * hour;
    const url = await cookieServer({
      "/": [
        "short=1; Max-Age=1800",
        `long=1; Expires=${new Date(Date.now() + offsetMs + 2 * hour).toUTCString()}`,
        "both=1; Max-Age=5400; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
        "session=1",
      ],
      "/end": ["long=; Max-Age=0"],
    });
    const browser = open(url, { offsetMs });
    await get(browser, "/");
    const short = browser.cookies().find(({ name }) => name === "short");
    expect(Math.abs((short?.expiresAt ?? 0) - (Date.now() + offsetMs + hour / 2))).toBeLessThan(
      10_000,
    );
    browser.travel(hour / 4);
    // Use does not prolong it.
    expect(await get(browser, "/none")).toBe("short=1; long=1; both=1; session=1");
    browser.travel(hour / 3);
    expect(await get(browser, "/none")).toBe("long=1; both=1; session=1");
    browser.travel(hour);
    expect(browser.cookies().map(({ name }) => name)).toEqual(["long", "session"]);
    browser.closeAndReopen();
    expect(browser.cookies().map(({ name }) => name)).toEqual(["long"]);
    await get(browser, "/end");
    expect(browser.cookies()).toEqual([]);
  });

  it("can be put in, taken out and overruled", async () => {
    const url = await cookieServer({});
    const browser = open(url);
    browser.setCookie("a=1; Path=/");
    browser.setCookie("b=2");
    browser.removeCookie("a");
    expect(await get(browser, "/")).toBe("b=2");
    const forged = await browser.request({ method: "GET", path: "/", headers: { cookie: "c=3" } });
    expect(forged.text).toBe("c=3");
    browser.clear();
    expect(await get(browser, "/")).toBe("");
  });
});

describe("a browser's request", () => {
  it("shows the answer as it came, redirects not followed", async () => {
    const url = await serve((_request, response) => {
      response.writeHead(
        303,
        "Look There",
        [
          ["Location", "/else"],
          ["X-Two", "a"],
          ["x-two", "b"],
          ["Set-Cookie", "a=1"],
          ["Set-Cookie", "b=2"],
          ["Content-Type", "application/problem+json"],
        ].flat(),
      );
      response.end('{"no":1}');
    });
    const response = await open(url).request({ method: "GET", path: "/?q=1" });
    expect(response).toMatchObject({
      status: 303,
      statusText: "Look There",
      headers: { location: "/else", "x-two": "a, b", "set-cookie": "a=1\nb=2" },
      setCookies: ["a=1", "b=2"],
      json: { no: 1 },
      text: '{"no":1}',
      truncated: false,
    });
    expect(response.rawHeaders.slice(0, 3)).toEqual([
      ["Location", "/else"],
      ["X-Two", "a"],
      ["x-two", "b"],
    ]);
  });

  it("sends text as it is and objects as JSON", async () => {
    const url = await serve((request, response) => {
      let body = "";
      request.on("data", (chunk) => (body += String(chunk)));
      request.on("end", () =>
        response.end(
          `${request.headers["content-type"]} ${request.headers["content-length"]} ${body}`,
        ),
      );
    });
    const browser = open(url);
    const send = async (body?: string | object, headers = {}) =>
      (
        await browser.request({
          method: "POST",
          path: "/",
          headers,
          ...(body === undefined ? {} : { body }),
        })
      ).text;
    expect(await send({ a: "ü" })).toBe('application/json 10 {"a":"ü"}');
    expect(await send("a=1", { "content-type": "application/x-www-form-urlencoded" })).toBe(
      "application/x-www-form-urlencoded 3 a=1",
    );
    expect(await send({ a: 1 }, { "content-type": "text/plain" })).toBe('text/plain 7 {"a":1}');
    expect(await send()).toBe("undefined 0 ");
  });

  it("ends a body without end at the limit", async () => {
    const url = await serve((_request, response) => {
      const more = (): void => {
        while (response.write("x".repeat(65_536)));
      };
      response.on("drain", more);
      more();
    });
    const response = await open(url, { bodyLimitBytes: 100_000 }).request({
      method: "GET",
      path: "/",
    });
    expect(response).toMatchObject({ status: 200, truncated: true });
    expect(response.text.length).toBe(100_000);
  });

  it("fails with the reason when no usable answer comes", async () => {
    const url = await serve((request, response) => {
      if (request.url === "/reset") request.socket.destroy();
      if (request.url === "/half") response.write("half", () => request.socket.destroy());
      if (request.url === "/drip") response.write("begun");
    });
    const nonsense = createTcpServer((socket) => socket.end("SMTP ready\r\n"));
    await new Promise<void>((resolve) => {
      nonsense.listen(0, "127.0.0.1", resolve);
    });
    onTestFinished(() => void nonsense.close());
    const address = nonsense.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const failures = await Promise.all(
      ["/reset", "/half", "/hang", "/drip"].map(
        async (path) =>
          await failureOf(open(url, { deadlineMs: 300 }).request({ method: "GET", path })),
      ),
    );
    failures.push(
      await failureOf(open(`http://127.0.0.1:${port}`).request({ method: "GET", path: "/" })),
    );
    const closed = `http://127.0.0.1:${await findFreePort()}`;
    failures.push(await failureOf(open(closed).request({ method: "PUT", path: "/a?b" })));
    expect(failures.map((failure) => [failure?.reason, failure?.message])).toEqual([
      ["reset", "GET /reset: the connection was closed without an answer."],
      ["reset", "GET /half: the connection was closed in the middle of the answer."],
      ["deadline", "GET /hang: no answer within 300 ms."],
      ["deadline", "GET /drip: the answer began (200) and did not end within 300 ms."],
      ["malformed", expect.stringMatching(/^GET \/: what came is not HTTP \(.+\)\.$/)],
      ["refused", "PUT /a?b: nothing listens any more (connection refused)."],
    ]);
  });
});

describe("sessionIdOf", () => {
  it("takes the ID out of a signed cookie", () => {
    // Made by cookie-signature: sign("abc.def", "secret").
    const signed = "s%3Aabc.def.bw6MfpI6W0A40NkeJEdmGA2Kgk83mtWOBZyYtoLzRuA";
    expect(sessionIdOf(signed)).toBe("abc.def");
    expect(sessionIdOf("plain")).toBe(undefined);
    expect(sessionIdOf("s%3A%E0%A4%A")).toBe(undefined);
    expect(readSessionId(signed, "secret")).toBe("abc.def");
    expect(readSessionId(signed, "other")).toBe(undefined);
  });
});

describe("toCurl", () => {
  const request = {
    method: "POST",
    path: "/a?b=1&c=2",
    headers: { "X-It's": "$HOME `id`" },
    body: { quote: 'it\'s "q"' },
  };
  const cookies = [
    {
      name: "sid",
      value: "s%3A1",
      expiresAt: undefined,
      path: "/",
      domain: undefined,
      httpOnly: true,
      secure: false,
      sameSite: undefined,
    },
  ];

  it.skipIf(process.platform === "win32")(
    "gives a line that a shell sends as it was meant",
    async () => {
      const line = toCurl(request, "http://127.0.0.1:3000", cookies, { shell: "posix" });
      const words = execFileSync(
        "/bin/sh",
        ["-c", `curl() { for word; do printf '%s\\n' "$word"; done; }; ${line}`],
        { encoding: "utf8" },
      );
      expect(words.trimEnd().split("\n")).toEqual([
        "-i",
        "-X",
        "POST",
        "-H",
        "X-It's: $HOME `id`",
        "-H",
        "Content-Type: application/json",
        "-b",
        "sid=s%3A1",
        "--data-binary",
        '{"quote":"it\'s \\"q\\""}',
        "http://127.0.0.1:3000/a?b=1&c=2",
      ]);
    },
  );

  it("gives PowerShell the body on a pipe", () => {
    expect(toCurl(request, "http://127.0.0.1:3000", cookies, { shell: "powershell" })).toBe(
      "'{\"quote\":\"it''s \\\"q\\\"\"}' | curl.exe -i -X POST -H 'X-It''s: $HOME `id`' -H 'Content-Type: application/json' -b 'sid=s%3A1' -d '@-' 'http://127.0.0.1:3000/a?b=1&c=2'",
    );
    expect(toCurl({ method: "GET", path: "/" }, "http://h:1", [], { shell: "powershell" })).toBe(
      "curl.exe -i 'http://h:1/'",
    );
  });
});
