/**
 * A number as C's `%.17g` prints it: Redis 7.0 sends scores and RESP3 doubles that way
 * (3.3 becomes 3.2999999999999998). Infinities are `inf` and `-inf`.
 */
export function formatDouble(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e17) {
    return Object.is(value, -0) ? "-0" : String(value);
  }
  if (value === Infinity) return "inf";
  if (value === -Infinity) return "-inf";
  if (Number.isNaN(value)) return "nan";
  return formatGeneral(value, 17);
}

/** C's `%.<precision>g`. */
export function formatGeneral(value: number, precision: number): string {
  if (!Number.isFinite(value)) {
    return Number.isNaN(value) ? "nan" : value < 0 ? "-inf" : "inf";
  }
  if (value === 0) return Object.is(value, -0) ? "-0" : "0";
  const [mantissa = "", exponentText = "0"] = roundToEven(value, precision - 1).split("e");
  const exponent = Number(exponentText);
  if (exponent < -4 || exponent >= precision) {
    const digits = String(Math.abs(exponent)).padStart(2, "0");
    return `${withoutTrailingZeros(mantissa)}e${exponent < 0 ? "-" : "+"}${digits}`;
  }
  const sign = mantissa.startsWith("-") ? "-" : "";
  const digits = mantissa.replace("-", "").replace(".", "");
  if (exponent < 0) return withoutTrailingZeros(`${sign}0.${"0".repeat(-exponent - 1)}${digits}`);
  return withoutTrailingZeros(
    `${sign}${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`,
  );
}

const EXACT_DIGITS = 100;

/** toExponential takes the larger of two equally near numbers, C the one whose last digit is even. */
function roundToEven(value: number, decimals: number): string {
  const rounded = value.toExponential(decimals);
  if (decimals + 20 > EXACT_DIGITS) return rounded;
  const exact = value.toExponential(EXACT_DIGITS);
  const [, kept = "", cut = "", exponent = ""] =
    new RegExp(`^(-?\\d\\.\\d{${decimals}})(\\d+)(e.*)$`).exec(exact) ?? [];
  const isTie = /^50*$/.test(cut);
  return isTie && /[02468]$/.test(kept) ? kept + exponent : rounded;
}

function withoutTrailingZeros(text: string): string {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}
