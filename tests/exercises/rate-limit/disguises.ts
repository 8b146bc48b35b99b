import { createHash, createHmac } from "node:crypto";

const hashes = ["md5", "sha1", "sha256", "sha384", "sha512"] as const;
const encodings = ["hex", "base64", "base64url"] as const;

/** A password as it is typed, encoded and hashed, each with the name of the disguise. */
export function disguises(password: string, secret: string): ReadonlyMap<string, string> {
  const all = new Map([["as it was typed", password]]);
  const bytes = Buffer.from(password);
  for (const encoding of encodings) {
    // Without the padding, which depends on what stands after it.
    all.set(`in ${encoding}`, bytes.toString(encoding).replace(/=+$/, ""));
    for (const hash of hashes) {
      const digest = createHash(hash).update(password).digest(encoding);
      const keyed = createHmac(hash, secret).update(password).digest(encoding);
      all.set(`as its ${hash} (${encoding})`, digest.replace(/=+$/, ""));
      all.set(`as its HMAC by ${hash} (${encoding})`, keyed.replace(/=+$/, ""));
    }
  }
  return all;
}
