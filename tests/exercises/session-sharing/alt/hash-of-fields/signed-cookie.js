import { createHmac, timingSafeEqual } from "node:crypto";

/** The cookie's value: `s:<id>.<signature>`. */
export function signSessionId(id, secret) {
  return `s:${id}.${signatureOf(id, secret)}`;
}

/** The ID in the cookie of a request; undefined unless one of the secrets has signed it. */
export function readSessionId(req, { cookieName, secrets }) {
  const pairs = (req.headers.cookie ?? "").split(/; */).map((pair) => pair.split("="));
  const found = pairs.find(([name]) => name === cookieName);
  if (found === undefined) return undefined;
  const value = decodeURIComponent(found.slice(1).join("="));
  const end = value.lastIndexOf(".");
  if (!value.startsWith("s:") || end < 0) return undefined;
  const id = value.slice(2, end);
  const signature = Buffer.from(value.slice(end + 1));
  const isSigned = secrets.some((secret) => {
    const expected = Buffer.from(signatureOf(id, secret));
    return expected.length === signature.length && timingSafeEqual(expected, signature);
  });
  return isSigned ? id : undefined;
}

function signatureOf(id, secret) {
  return createHmac("sha256", secret).update(id).digest("base64").replace(/=+$/, "");
}
