/** The day in UTC, such as `2026-11-25`. */
export function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** When all that is known of a day goes: after the last day on which its report is wanted. */
export function endOf(day: string, keepDays: number): Date {
  const end = new Date(day);
  end.setUTCDate(end.getUTCDate() + keepDays + 1);
  return end;
}
