import { LuaRaise } from "./lua-raise.ts";

/** Where the values go: a stack machine, as Lua's is. */
export interface JsonTarget {
  /** Called before each nested table: there must be room for more. */
  room(): void;
  nil(): void;
  boolean(value: boolean): void;
  number(value: number): void;
  text(value: string): void;
  table(): void;
  putAt(place: number): void;
  put(): void;
}

interface Token {
  readonly name: string;
  readonly at: number;
  readonly value?: string | number | boolean;
}

const PUNCTUATION: Readonly<Record<string, string>> = {
  "{": "T_OBJ_BEGIN",
  "}": "T_OBJ_END",
  "[": "T_ARR_BEGIN",
  "]": "T_ARR_END",
  ":": "T_COLON",
  ",": "T_COMMA",
};
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};
const NUMBER =
  /[+-]?(?:0x[\da-f]+|\d+\.?\d*(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?|inf(?:inity)?|nan)/iy;

/** Reads JSON as lua-cjson does, with its error texts. Texts are latin1: a character a byte. */
export class JsonReader {
  #at = 0;
  #depth = 0;

  constructor(
    private readonly text: string,
    private readonly deepest: number,
    private readonly target: JsonTarget,
  ) {
    // UTF-16 and UTF-32 are recognised by their zero bytes and refused.
    if (text.length >= 2 && (text[0] === "\0" || text[1] === "\0")) {
      throw new LuaRaise("JSON parser does not support UTF-16 or UTF-32");
    }
  }

  read(): void {
    this.#value(this.#next());
    const end = this.#next();
    if (end.name !== "T_END") throw unexpected("the end", end);
  }

  #value(token: Token): void {
    if (token.name === "T_STRING") this.target.text(String(token.value));
    else if (token.name === "T_NUMBER") this.target.number(Number(token.value));
    else if (token.name === "T_BOOLEAN") this.target.boolean(token.value === true);
    else if (token.name === "T_NULL") this.target.nil();
    else if (token.name === "T_OBJ_BEGIN") this.#object();
    else if (token.name === "T_ARR_BEGIN") this.#array();
    else throw unexpected("value", token);
  }

  #object(): void {
    this.#descend();
    let token = this.#next();
    while (token.name !== "T_OBJ_END") {
      if (token.name !== "T_STRING") throw unexpected("object key string", token);
      this.target.text(String(token.value));
      token = this.#next();
      if (token.name !== "T_COLON") throw unexpected("colon", token);
      this.#value(this.#next());
      this.target.put();
      token = this.#next();
      if (token.name === "T_OBJ_END") break;
      if (token.name !== "T_COMMA") throw unexpected("comma or object end", token);
      token = this.#next();
      if (token.name === "T_OBJ_END") throw unexpected("object key string", token);
    }
    this.#depth -= 1;
  }

  #array(): void {
    this.#descend();
    let token = this.#next();
    for (let place = 1; token.name !== "T_ARR_END"; place++) {
      this.#value(token);
      this.target.putAt(place);
      token = this.#next();
      if (token.name === "T_ARR_END") break;
      if (token.name !== "T_COMMA") throw unexpected("comma or array end", token);
      token = this.#next();
      if (token.name === "T_ARR_END") throw unexpected("value", token);
    }
    this.#depth -= 1;
  }

  #descend(): void {
    this.#depth += 1;
    if (this.#depth > this.deepest) {
      throw new LuaRaise(
        `Found too many nested data structures (${this.#depth}) at character ${this.#at}`,
      );
    }
    this.target.room();
    this.target.table();
  }

  #next(): Token {
    while (/[ \t\n\r]/.test(this.text[this.#at] ?? "")) this.#at += 1;
    const at = this.#at;
    const character = this.text[at];
    if (character === undefined) return { name: "T_END", at };
    const punctuation = PUNCTUATION[character];
    if (punctuation !== undefined) {
      this.#at += 1;
      return { name: punctuation, at };
    }
    if (character === '"') return this.#string(at);
    for (const [word, name, value] of [
      ["true", "T_BOOLEAN", true],
      ["false", "T_BOOLEAN", false],
      ["null", "T_NULL", false],
    ] as const) {
      if (!this.text.startsWith(word, at)) continue;
      this.#at += word.length;
      return { name, at, value };
    }
    return this.#number(at);
  }

  #number(at: number): Token {
    NUMBER.lastIndex = at;
    const text = NUMBER.exec(this.text)?.[0].toLowerCase();
    if (text === undefined || text.startsWith(".")) {
      return { name: /[-\d]/.test(this.text[at] ?? "") ? "invalid number" : "invalid token", at };
    }
    this.#at = at + text.length;
    const sign = text.startsWith("-") ? -1 : 1;
    const digits = text.replace(/^[+-]/, "");
    const value = digits.startsWith("inf")
      ? Infinity
      : digits === "nan"
        ? Number.NaN
        : Number(digits);
    return { name: "T_NUMBER", at, value: sign * value };
  }

  #string(at: number): Token {
    let value = "";
    let index = at + 1;
    for (;;) {
      const character = this.text[index];
      if (character === undefined) return { name: "unexpected end of string", at: index };
      if (character === '"') break;
      if (character !== "\\") {
        value += character;
        index += 1;
        continue;
      }
      const escape = this.text[index + 1] ?? "";
      const plain = ESCAPES[escape];
      if (plain !== undefined) {
        value += plain;
        index += 2;
      } else if (escape === "u") {
        const unicode = this.#unicode(index);
        if (!unicode) return { name: "invalid unicode escape code", at: index };
        value += unicode.bytes;
        index += unicode.length;
      } else return { name: "invalid escape code", at: index };
    }
    this.#at = index + 1;
    return { name: "T_STRING", at, value };
  }

  /** `\uXXXX`, or two of them for a character beyond U+FFFF; as UTF-8 bytes. */
  #unicode(at: number): { bytes: string; length: number } | undefined {
    const first = this.#hexadecimal(at);
    if (first === undefined) return undefined;
    let code = first;
    let length = 6;
    if (first >= 0xd800 && first <= 0xdfff) {
      const second = this.#hexadecimal(at + 6);
      if (first >= 0xdc00 || second === undefined || second < 0xdc00 || second > 0xdfff) {
        return undefined;
      }
      code = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
      length = 12;
    }
    return { bytes: Buffer.from(String.fromCodePoint(code), "utf8").toString("latin1"), length };
  }

  #hexadecimal(at: number): number | undefined {
    const match = /^\\u([\da-f]{4})$/i.exec(this.text.slice(at, at + 6));
    return match ? Number.parseInt(match[1] ?? "", 16) : undefined;
  }
}

function unexpected(expected: string, token: Token): LuaRaise {
  return new LuaRaise(`Expected ${expected} but found ${token.name} at character ${token.at + 1}`);
}
