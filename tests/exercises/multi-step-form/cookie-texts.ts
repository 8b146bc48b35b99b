import type { KitBrowser } from "../../../engine/grader/testkit.ts";

/** All that stands in the cookies of a browser: as it is, decoded, and read from its encoded parts. */
export function cookieTexts(browser: KitBrowser): string {
  return browser
    .cookies()
    .flatMap(({ value }) => {
      const text = decode(value);
      const parts = text.split(/[.:~|]/);
      return [text, ...parts.flatMap((part) => [read(part, "base64url"), read(part, "hex")])];
    })
    .join("\n");
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

function read(part: string, encoding: "base64url" | "hex"): string {
  return Buffer.from(part, encoding).toString();
}
