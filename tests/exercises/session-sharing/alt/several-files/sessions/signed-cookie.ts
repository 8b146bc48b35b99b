import { createHmac } from "node:crypto";
import type { Settings } from "../../../starter/context.ts";

/** `s:<id>.<signature>`, as express-session has it. */
export function signSessionId(id: string, secret: string): string {
  const signature = createHmac("sha256", secret).update(id).digest("base64").replaceAll("=", "");
  return `s:${id}.${signature}`;
}

/** The signed ID in a Cookie header, if there is one. */
export function readSessionId(
  header: string | undefined,
  { cookieName, secrets }: Settings,
): string | undefined {
  const cookies = new Map<string, string>();
  for (const part of (header ?? "").split(";")) {
    const at = part.indexOf("=");
    cookies.set(part.slice(0, at).trim(), decodeURIComponent(part.slice(at + 1)));
  }
  const value = cookies.get(cookieName) ?? "";
  const id = value.slice(2, value.lastIndexOf("."));
  // The value is made anew and compared whole: slower than comparing signatures, and as safe.
  const isSigned = secrets.some((each) => digest(signSessionId(id, each)) === digest(value));
  return isSigned ? id : undefined;
}

function digest(text: string): string {
  return createHmac("sha256", "compare").update(text).digest("hex");
}
