import { RedisError } from "./redis-error.ts";

const MOST_MS = 2n ** 63n - 1n;
/** C's long double, as which Redis reads the seconds, goes from 10^-4950 to 10^4932. */
const LEAST_EXPONENT = -4950;
const GREATEST_EXPONENT = 4932;

/**
 * The timeout of a blocking command, seconds with fractions, as milliseconds; rounded up, so that
 * what is not 0 (for ever) does not become it. Near 2^63 the last digits count, so it is reckoned
 * with whole numbers.
 * @throws RedisError in Redis's words if it is none, negative or too great
 */
export function parseTimeout(argument: Buffer): number {
  const text = argument.toString("latin1");
  const isNegative = text.startsWith("-");
  const ms = readMs(text.replace(/^[+-]/, ""), isNegative ? "down" : "up");
  if (ms === undefined) throw new RedisError("ERR timeout is not a float or out of range");
  // Redis converts what is too great for 64 bits to the least integer.
  if (ms > MOST_MS || (isNegative && ms > 0n)) throw new RedisError("ERR timeout is negative");
  return Number(ms);
}

/** Rounding is of the size without its sign: -0.4 ms become 0, which is for ever. */
function readMs(text: string, rounded: "up" | "down"): bigint | undefined {
  if (/^inf(?:inity)?$/i.test(text)) return MOST_MS + 1n;
  const hexadecimal = /^0x([\da-f]+)(?:p([+-]?\d{1,4}))?$/i.exec(text);
  if (hexadecimal) {
    const value = Number(`0x${hexadecimal[1]}`) * 2 ** Number(hexadecimal[2] ?? 0) * 1000;
    return Number.isFinite(value)
      ? BigInt(rounded === "up" ? Math.ceil(value) : Math.floor(value))
      : MOST_MS + 1n;
  }
  const [, whole = "", fraction = "", exponent = "0"] =
    /^(\d*)(?:\.(\d*))?(?:e([+-]?\d+))?$/i.exec(text) ?? [];
  const digits = whole + fraction;
  if (digits === "") return undefined;
  const value = BigInt(digits);
  const scale = Number(exponent) - fraction.length;
  if (value === 0n) return 0n;
  const magnitude = String(value).length - 1 + scale;
  if (magnitude > GREATEST_EXPONENT || magnitude < LEAST_EXPONENT) return undefined;
  if (scale + 3 >= 0) return value * 10n ** BigInt(scale + 3);
  const divisor = 10n ** BigInt(-(scale + 3));
  return rounded === "up" ? (value + divisor - 1n) / divisor : value / divisor;
}
