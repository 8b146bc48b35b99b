/** Clocks of the two are read at different moments; up to this many ms is no difference. */
const TOLERANCE_MS = 5000;

/** How a time is shown that may be a little different on the other Redis. */
export function showMs(ms: number): string {
  return `about ${Math.round(ms)} ms`;
}

/** Whether two replies, shown as texts, are the same but for times that are close to each other. */
export function isSameReply(left: string | undefined, right: string | undefined): boolean {
  if (left === right || left === undefined || right === undefined) return left === right;
  const [first, second] = [left, right].map((text) => text.split(/about (-?\d+) ms/));
  if (!first || first.length === 1 || first.length !== second?.length) return false;
  return first.every((part, at) => {
    const other = second[at];
    // Times stand between the texts.
    return at % 2 === 0 ? part === other : Math.abs(Number(part) - Number(other)) <= TOLERANCE_MS;
  });
}
