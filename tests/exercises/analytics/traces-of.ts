import { createHash } from "node:crypto";
import type { KitBrowser } from "../../../engine/grader/testkit.ts";

/** Texts by which the person at a browser could be recognised: what each is, and how it looks. */
export function tracesOf(browser: KitBrowser, email: string): [what: string, text: string][] {
  const traces: [string, string][] = [];
  for (const { name, value } of browser.cookies()) {
    // A cookie has parts, such as an ID and its signature; short ones say nothing.
    for (const part of decodeURIComponent(value).split(/[^\w+/=-]/)) {
      if (part.length >= 12) traces.push([`a part of the cookie ${name}`, part]);
    }
  }
  const guessable = {
    "the e-mail address": [email],
    "the address of the connection": ["127.0.0.1", "::ffff:127.0.0.1", "::1"],
    "the address in X-Forwarded-For": ["203.0.113.77"],
  };
  for (const [what, texts] of Object.entries(guessable)) {
    for (const text of texts) {
      traces.push([what, text]);
      for (const algorithm of ["md5", "sha1", "sha256"]) {
        for (const encoding of ["hex", "base64", "base64url"] as const) {
          const hash = createHash(algorithm).update(text).digest(encoding);
          // Guessed in no time: there are not so many addresses.
          traces.push([`${what} as ${algorithm}`, hash.slice(0, 20)]);
        }
      }
    }
  }
  return traces.filter(([, text]) => text !== "::1");
}
