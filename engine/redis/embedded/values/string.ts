import type { ValueClass } from "../value.ts";

const LONGEST_EMBEDDED_STRING = 44;

/** A string. `bytes` is its own copy (see `keep` in command.ts) and may be changed in place. */
export class StringValue implements ValueClass {
  readonly type = "string";

  constructor(
    public bytes: Buffer,
    /** True once APPEND, SETRANGE or SETBIT has touched it: its encoding is `raw` from then on. */
    public edited = false,
    /** True after INCRBYFLOAT: digits stay a text until the next write. */
    public isText = false,
    /** True after COPY: a small integer is then not the object that all keys share. */
    public isCopy = false,
  ) {}

  encoding(): string {
    if (this.edited) return "raw";
    if (!this.isText && isInteger(this.bytes)) return "int";
    return this.bytes.length <= LONGEST_EMBEDDED_STRING ? "embstr" : "raw";
  }

  clone(): StringValue {
    return new StringValue(Buffer.from(this.bytes), this.edited, this.isText, true);
  }
}

function isInteger(bytes: Buffer): boolean {
  if (bytes.length === 0 || bytes.length > 20) return false;
  const text = bytes.toString("latin1");
  if (!/^(?:0|-?[1-9]\d*)$/.test(text)) return false;
  const value = BigInt(text);
  return BigInt.asIntN(64, value) === value;
}
