/** A fraction; numbers are computed exactly and rounded to what C's long double (x86) can hold. */
interface Fraction {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

const MANTISSA_BITS = 64;
const LONGEST_EXPONENT = 4950;
const DECIMALS = 17;

/**
 * The sum of two decimal numbers as Redis computes and prints it for INCRBYFLOAT: 80-bit long
 * doubles, `%.17Lf`, trailing zeros left out. So 0.1 + 0.2 is 0.3.
 * @returns undefined if one is not a finite number
 */
export function addLongDoubles(left: string, right: string): string | undefined {
  const a = parse(left);
  const b = parse(right);
  if (!a || !b) return undefined;
  return print(
    round({
      numerator: a.numerator * b.denominator + b.numerator * a.denominator,
      denominator: a.denominator * b.denominator,
    }),
  );
}

/** Whether C's strtold reads all of these bytes as a number (or an infinity) that it can hold. */
export function isLongDouble(bytes: Buffer): boolean {
  const text = bytes.toString("latin1");
  return /^[+-]?inf(?:inity)?$/i.test(text) || parse(text) !== undefined;
}

function parse(text: string): Fraction | undefined {
  const hexadecimal = /^([+-]?)(0x[\da-f]+)$/i.exec(text);
  if (hexadecimal?.[2] !== undefined) {
    const value = BigInt(hexadecimal[2]);
    return round({ numerator: hexadecimal[1] === "-" ? -value : value, denominator: 1n });
  }
  const match = /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i.exec(text);
  if (!match || (match[2] === "" && match[3] === "")) return undefined;
  const [, sign, whole = "", decimals = "", exponentText = "0"] = match;
  const exponent = Number(exponentText) - decimals.length;
  if (Math.abs(exponent) > LONGEST_EXPONENT) return undefined;
  const digits = BigInt(`${whole}${decimals}`) * (sign === "-" ? -1n : 1n);
  return round(
    exponent >= 0
      ? { numerator: digits * 10n ** BigInt(exponent), denominator: 1n }
      : { numerator: digits, denominator: 10n ** BigInt(-exponent) },
  );
}

/** Rounds to 64 significant bits, halves to even. */
function round(value: Fraction): Fraction {
  const negative = value.numerator < 0n;
  const numerator = negative ? -value.numerator : value.numerator;
  if (numerator === 0n) return { numerator: 0n, denominator: 1n };
  let shift = MANTISSA_BITS - (bits(numerator) - bits(value.denominator));
  let mantissa = divide(numerator, value.denominator, shift);
  if (bits(mantissa) > MANTISSA_BITS) {
    shift -= 1;
    mantissa = divide(numerator, value.denominator, shift);
  }
  const signed = negative ? -mantissa : mantissa;
  return shift >= 0
    ? { numerator: signed, denominator: 1n << BigInt(shift) }
    : { numerator: signed << BigInt(-shift), denominator: 1n };
}

/** numerator * 2^shift / denominator, rounded, halves to even. */
function divide(numerator: bigint, denominator: bigint, shift: number): bigint {
  const top = shift >= 0 ? numerator << BigInt(shift) : numerator;
  const bottom = shift >= 0 ? denominator : denominator << BigInt(-shift);
  return roundedQuotient(top, bottom);
}

function roundedQuotient(top: bigint, bottom: bigint): bigint {
  const quotient = top / bottom;
  const twice = (top % bottom) * 2n;
  const up = twice > bottom || (twice === bottom && quotient % 2n === 1n);
  return up ? quotient + 1n : quotient;
}

function bits(value: bigint): number {
  return value.toString(2).length;
}

function print(value: Fraction): string {
  const negative = value.numerator < 0n;
  const numerator = negative ? -value.numerator : value.numerator;
  const scaled = roundedQuotient(numerator * 10n ** BigInt(DECIMALS), value.denominator);
  const digits = scaled.toString().padStart(DECIMALS + 1, "0");
  const text = `${digits.slice(0, -DECIMALS)}.${digits.slice(-DECIMALS)}`.replace(/\.?0+$/, "");
  if (text === "0") return "0";
  return negative ? `-${text}` : text;
}
