// Compares sessions as plain JSON with the same sessions compressed.
import type { SessionData } from "express-session";
import { quickest, sessionOf, showRatios } from "./measure.ts";
import { packing } from "./packing.ts";

const expires = new Date(Date.now() + 1_800_000);
const cookie = { originalMaxAge: 1_800_000, expires, httpOnly: true, path: "/", sameSite: "lax" };
const lean = { cookie, readerId: 1002, name: "Ben" } as SessionData;

const bytes: Record<string, number> = { "as JSON": 1 };
for (const [label, session] of Object.entries({
  lean,
  "5 KiB": sessionOf(5),
  "50 KiB": sessionOf(50),
})) {
  const plain = JSON.stringify(session).length;
  const packed = packing.stringify(session).length;
  bytes[`${label}, packed`] = packed / plain;
  console.log(`${label}: ${plain} bytes as JSON, ${packed} packed`);
}

const session = sessionOf(50);
const json = await quickest(30, () => JSON.parse(JSON.stringify(session)) as unknown);
const packed = await quickest(30, () => packing.parse(packing.stringify(session)));
console.log(`50 KiB there and back: ${json.toFixed(2)} ms as JSON, ${packed.toFixed(2)} ms packed`);

showRatios("Bytes", bytes);
showRatios("Work of the processor, 50 KiB", { "as JSON": json, packed });
