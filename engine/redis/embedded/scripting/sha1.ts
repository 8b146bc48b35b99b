/** The SHA1 in hexadecimal. node:crypto takes 2 ms to load, so it waits for the first script. */
export function sha1(bytes: Buffer): string {
  return process.getBuiltinModule("node:crypto").createHash("sha1").update(bytes).digest("hex");
}
