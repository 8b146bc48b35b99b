import {
  createServer,
  type IncomingMessage,
  request as open,
  type ServerResponse,
} from "node:http";

/** What passed through the door. */
export interface PassedRequest {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly durationMs: number;
  readonly answer: string;
  /** What tells a client what to do next: `Retry-After: 12`, `Location: /`, `Set-Cookie: …`. */
  readonly headers: readonly string[];
}

export interface FrontDoor extends AsyncDisposable {
  readonly port: number;
  /** `http://localhost:3000` */
  readonly url: string;
}

const KEPT_BYTES = 2048;
const PORTS_TO_TRY = 20;

function shownHeaders({ headers }: IncomingMessage): string[] {
  const { location, "retry-after": retryAfter, "set-cookie": cookies = [] } = headers;
  return [
    ...(location === undefined ? [] : [`Location: ${location}`]),
    ...(retryAfter === undefined ? [] : [`Retry-After: ${retryAfter}`]),
    ...cookies.map((cookie) => `Set-Cookie: ${cookie}`),
  ];
}

/**
 * The address that stays while the program behind it comes and goes. Requests that come during a
 * restart wait for its end.
 * @param options.target the program's address, or why there is none
 * @param options.begin called when a request comes; answers what to call when it is answered
 */
export async function openFrontDoor(options: {
  readonly port: number;
  readonly target: () => Promise<{ url: string } | { error: string }>;
  readonly begin: () => (passed: PassedRequest) => void;
}): Promise<FrontDoor> {
  const server = createServer((request, response) => void pass(request, response));
  const pass = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const end = options.begin();
    const began = performance.now();
    const method = incoming.method ?? "GET";
    const path = incoming.url ?? "/";
    const tell = (status: number, answer = "", headers: readonly string[] = []) => {
      end({ method, path, status, durationMs: performance.now() - began, answer, headers });
    };
    incoming.on("error", () => {});
    const target = await options.target();
    if ("error" in target) {
      outgoing.writeHead(503, { "Content-Type": "text/plain; charset=utf-8" });
      outgoing.end(`The app is not running.\n${target.error}\n`);
      tell(503, "The app is not running.");
      return;
    }
    const to = new URL(target.url);
    const forward = open(
      { host: to.hostname, port: to.port, method, path, headers: incoming.headers, agent: false },
      (answer) => {
        const kept: Buffer[] = [];
        let length = 0;
        answer.on("data", (chunk: Buffer) => {
          if (length < KEPT_BYTES) kept.push(chunk);
          length += chunk.length;
        });
        answer.on("close", () => {
          const text = Buffer.concat(kept).subarray(0, KEPT_BYTES).toString("utf8");
          tell(answer.statusCode ?? 0, text, shownHeaders(answer));
        });
        outgoing.writeHead(answer.statusCode ?? 502, answer.statusMessage, endToEnd(answer));
        answer.on("error", () => outgoing.destroy());
        answer.pipe(outgoing);
      },
    );
    forward.on("error", () => {
      outgoing.destroy();
      tell(0);
    });
    outgoing.on("close", () => {
      if (!outgoing.writableFinished) forward.destroy();
    });
    incoming.pipe(forward);
  };
  const port = await listenNear(server, options.port);
  return {
    port,
    url: `http://localhost:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** The headers of the answer without those that concern the connection to the program only. */
function endToEnd({ rawHeaders }: IncomingMessage): string[] {
  const kept: string[] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const [name = "", value = ""] = rawHeaders.slice(at, at + 2);
    if (!/^(connection|keep-alive|transfer-encoding)$/i.test(name)) kept.push(name, value);
  }
  return kept;
}

/** The port asked for, or one of the next that is free. */
async function listenNear(server: ReturnType<typeof createServer>, first: number): Promise<number> {
  for (let port = first; ; port += 1) {
    const isLast = port === first + PORTS_TO_TRY;
    try {
      return await listen(server, isLast ? 0 : port);
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : "";
      const isTaken = code === "EADDRINUSE" || code === "EACCES";
      if (!isTaken || isLast) throw error;
    }
  }
}

async function listen(server: ReturnType<typeof createServer>, port: number): Promise<number> {
  return await new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.removeListener("error", reject);
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}
