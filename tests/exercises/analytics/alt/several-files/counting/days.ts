const DAY_MS = 86_400_000;

/** `2026-11-25`, in UTC. */
export function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** When what belongs to a day may go, in milliseconds. */
export function endOf(day: string, keepDays: number): number {
  return Date.parse(day) + (keepDays + 1) * DAY_MS;
}
