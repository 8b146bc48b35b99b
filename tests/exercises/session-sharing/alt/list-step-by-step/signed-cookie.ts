import { createHmac, timingSafeEqual } from "node:crypto";
import type { Settings } from "../../starter/context.ts";

/** `s:<id>.<signature>`, as express-session has it. */
export function sign(id: string, secret: string): string {
  const signature = createHmac("sha256", secret).update(id).digest("base64").replace(/=+$/, "");
  return `s:${id}.${signature}`;
}

/** The signed ID in a Cookie header; empty when there is none. */
export function readId(header = "", { cookieName, secrets }: Settings): string {
  for (const pair of header.split(";")) {
    const [name = "", ...rest] = pair.trim().split("=");
    const value = decodeURIComponent(rest.join("="));
    const id = value.slice("s:".length, value.lastIndexOf("."));
    if (name === cookieName && secrets.some((secret) => areEqual(sign(id, secret), value)))
      return id;
  }
  return "";
}

function areEqual(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}
