import type { BrowserCookie, BrowserRequest } from "./browser.ts";

/** A line that sends the same request when it is pasted into a shell. */
export function toCurl(
  request: BrowserRequest,
  baseUrl: string,
  cookies: readonly BrowserCookie[] = [],
  options: { shell?: "posix" | "powershell" } = {},
): string {
  const shell = options.shell ?? (process.platform === "win32" ? "powershell" : "posix");
  const quote = shell === "posix" ? quotePosix : quotePowershell;
  const body = bodyText(request.body);
  const args = ["-i"];
  if (request.method !== "GET" || body !== undefined) args.push("-X", request.method);
  const headers = Object.entries(request.headers ?? {});
  const typed = headers.some(([name]) => name.toLowerCase() === "content-type");
  if (typeof request.body === "object" && !(request.body instanceof Uint8Array) && !typed) {
    headers.push(["Content-Type", "application/json"]);
  }
  for (const [name, value] of headers) args.push("-H", quote(`${name}: ${value}`));
  if (cookies.length > 0) {
    args.push("-b", quote(cookies.map(({ name, value }) => `${name}=${value}`).join("; ")));
  }
  const url = quote(new URL(request.path, baseUrl).href);
  if (body === undefined) return [program(shell), ...args, url].join(" ");
  if (shell === "posix") {
    return [program(shell), ...args, "--data-binary", quote(body), url].join(" ");
  }
  // PowerShell 5 and 7 disagree on quotes inside an argument; on a pipe they agree.
  return `${quote(body)} | ${[program(shell), ...args, "-d", quote("@-"), url].join(" ")}`;
}

/** In Windows PowerShell `curl` is another command. */
function program(shell: "posix" | "powershell"): string {
  return shell === "posix" ? "curl" : "curl.exe";
}

function bodyText(body: BrowserRequest["body"]): string | undefined {
  if (body === undefined || typeof body === "string") return body;
  if (body instanceof Uint8Array) return Buffer.from(body).toString("utf8");
  return JSON.stringify(body);
}

function quotePosix(text: string): string {
  if (/^[\w@%+=:,./-]+$/.test(text)) return text;
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function quotePowershell(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
