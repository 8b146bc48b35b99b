import { type NameProperty, readPattern } from "./pattern.ts";

/** A name that has no value at this moment; the message says why. */
export class UnknownName extends Error {
  constructor(message: string) {
    super(message);
    this.name = "UnknownName";
  }
}

/** The values of `$names` at one moment of a lesson. */
export interface Names {
  /** @throws UnknownName */
  get(name: string, of: NameProperty | undefined): string;
  /** What `{{name}}` was bound to. */
  bound(name: string): string | undefined;
  bind(name: string, value: string): void;
}

/**
 * Puts values in the place of names, in what a lesson sends.
 * @throws UnknownName
 */
export function putIn(text: string, names: Names): string {
  return readPattern(text)
    .segments.map((segment) => {
      if (segment.kind === "literal") return segment.text;
      if (segment.kind === "name") return names.get(segment.name, segment.of);
      if (segment.kind === "any") return "…";
      if (segment.kind === "bind") return `{{${segment.name}}}`;
      return `~${segment.value}`;
    })
    .join("");
}
