import { createHmac, timingSafeEqual } from "node:crypto";

/**
 * The session ID inside a cookie of express-session (`s:<id>.<signature>`, also percent-encoded);
 * undefined when the value has another form. The signature is not checked.
 */
export function sessionIdOf(cookieValue: string): string | undefined {
  return splitSigned(cookieValue)?.id;
}

/** The same, and only when the secret's signature is on it. */
export function readSessionId(cookieValue: string, secret: string): string | undefined {
  const parts = splitSigned(cookieValue);
  if (parts === undefined) return undefined;
  // As the cookie-signature package writes it: base64 without its padding.
  const expected = createHmac("sha256", secret)
    .update(parts.id)
    .digest("base64")
    .replace(/=+$/, "");
  const [is, should] = [Buffer.from(parts.signature), Buffer.from(expected)];
  return is.length === should.length && timingSafeEqual(is, should) ? parts.id : undefined;
}

function splitSigned(cookieValue: string): { id: string; signature: string } | undefined {
  let value: string;
  try {
    value = decodeURIComponent(cookieValue);
  } catch {
    return undefined;
  }
  const dot = value.lastIndexOf(".");
  if (!value.startsWith("s:") || dot < 3) return undefined;
  return { id: value.slice(2, dot), signature: value.slice(dot + 1) };
}
