import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";

/** Longer lines are cut: a program may print without ever ending a line. */
const LONGEST_LINE = 8192;

/** What a stream has said so far, the newest `limitBytes` of it. */
export interface CollectedOutput {
  text(): string;
  readonly truncated: boolean;
}

/** Reads a stream to its end, keeps the newest bytes and calls `onLine` for each line. */
export function collectOutput(
  stream: Readable,
  limitBytes: number,
  onLine: ((line: string) => void) | undefined,
): CollectedOutput {
  let chunks: Buffer[] = [];
  let kept = 0;
  let truncated = false;
  const splitter = onLine === undefined ? undefined : splitLines(onLine);
  stream.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    kept += chunk.length;
    // Dropping only at twice the limit keeps the cost of each chunk constant.
    if (kept > 2 * limitBytes + 65_536) {
      const newest = Buffer.concat(chunks).subarray(-limitBytes);
      chunks = [Buffer.from(newest)];
      kept = newest.length;
      truncated = true;
    }
    splitter?.write(chunk);
  });
  stream.on("end", () => splitter?.end());
  stream.on("error", () => splitter?.end());
  return {
    text: () => Buffer.concat(chunks).subarray(-limitBytes).toString("utf8"),
    get truncated() {
      return truncated || kept > limitBytes;
    },
  };
}

function splitLines(onLine: (line: string) => void): { write(chunk: Buffer): void; end(): void } {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  let cut = false;
  const finish = (line: string) => {
    if (!cut) onLine(line.endsWith("\r") ? line.slice(0, -1) : line);
    cut = false;
  };
  return {
    write(chunk) {
      const lines = (rest + decoder.write(chunk)).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        if (line.length > LONGEST_LINE && !cut) {
          onLine(`${line.slice(0, LONGEST_LINE)}…`);
          cut = true;
        }
        finish(line);
      }
      if (rest.length > LONGEST_LINE) {
        if (!cut) onLine(`${rest.slice(0, LONGEST_LINE)}…`);
        cut = true;
        rest = "";
      }
    },
    end() {
      if (rest !== "") finish(rest);
      rest = "";
    },
  };
}
