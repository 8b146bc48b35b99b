import { expect, test } from "vitest";
import { formatReply, StatusReply } from "../../../../engine/redis/cli/format-reply.ts";
import { splitLine } from "../../../../engine/redis/cli/split-line.ts";
import { RespError } from "../../../../engine/redis/resp/resp-value.ts";

function texts(line: string): string[] | undefined {
  return splitLine(line)?.map((word) => word.toString("latin1"));
}

test("A bulk string is quoted, a status and an error are not", () => {
  expect(formatReply('a "b"\\\n\u0007é')).toEqual([String.raw`"a \"b\"\\\n\a\xc3\xa9"`]);
  expect(formatReply(Uint8Array.of(0, 255))).toEqual([String.raw`"\x00\xff"`]);
  expect(formatReply(new StatusReply("OK"))).toEqual(["OK"]);
  expect(formatReply(new RespError("ERR syntax error"))).toEqual(["(error) ERR syntax error"]);
});

test("Numbers, truth and nil say what they are", () => {
  expect([7, 9007199254740993n, 1.5, -Infinity, true, null].flatMap(formatReply)).toEqual([
    "(integer) 7",
    "(integer) 9007199254740993",
    "(double) 1.5",
    "(double) -inf",
    "(true)",
    "(nil)",
  ]);
});

test("Items of arrays and maps are numbered, and nested ones stand under the first", () => {
  expect(formatReply([])).toEqual(["(empty array)"]);
  expect(formatReply(new Map())).toEqual(["(empty hash)"]);
  expect(formatReply(["a", [1, ["b", null]]])).toEqual([
    '1) "a"',
    "2) 1) (integer) 1",
    '   2) 1) "b"',
    "      2) (nil)",
  ]);
  expect(formatReply(new Map([["k", [1, 2]]]))).toEqual([
    '1# "k" => ',
    "   1) (integer) 1",
    "   2) (integer) 2",
  ]);
  const ten = formatReply(Array.from({ length: 10 }, () => 0));
  expect([ten[0], ten[9]]).toEqual([" 1) (integer) 0", "10) (integer) 0"]);
});

test("A typed line is split as redis-cli does", () => {
  expect(texts(String.raw`SET "a b\x00\n" 'it\'s \n' ""`)).toEqual([
    "SET",
    "a b\x00\n",
    String.raw`it's \n`,
    "",
  ]);
  expect(splitLine("SET à b")?.map(String)).toEqual(["SET", "à", "b"]);
  expect(texts("")).toEqual([]);
  expect(texts('GET "a')).toBeUndefined();
  expect(texts('GET "a"b')).toBeUndefined();
});
