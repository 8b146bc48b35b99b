// Makes a secret that is on no list: 32 random bytes.
import { randomBytes } from "node:crypto";

console.log(`SESSION_SECRET=${randomBytes(32).toString("hex")}`);
