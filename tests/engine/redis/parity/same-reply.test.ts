import { expect, test } from "vitest";
import { isSameReply, showMs } from "./same-reply.ts";

test("replies are the same to the byte, but for times up to 5 s apart", () => {
  expect(isSameReply("+OK", "+OK")).toBe(true);
  expect(isSameReply("+OK", "+ok")).toBe(false);
  expect(isSameReply(":1", undefined)).toBe(false);
  expect(isSameReply(`[:${showMs(12_500)}, :1]`, `[:${showMs(12_400)}, :1]`)).toBe(true);
  expect(isSameReply(`[:${showMs(12_500)}, :1]`, `[:${showMs(12_400)}, :2]`)).toBe(false);
  expect(isSameReply(`:${showMs(12_500)}`, `:${showMs(18_000)}`)).toBe(false);
  expect(isSameReply(`:${showMs(12_500)}`, ":-1")).toBe(false);
});
