/** The day, such as `2026-11-25`. */
export function dayOf(ms: number): string {
  const date = new Date(ms);
  const [month, day] = [date.getMonth() + 1, date.getDate()].map((number) =>
    String(number).padStart(2, "0"),
  );
  return `${date.getFullYear()}-${month}-${day}`;
}

/** When all that is known of a day goes: after the last day on which its report is wanted. */
export function endOf(day: string, keepDays: number): Date {
  const end = new Date(day);
  end.setUTCDate(end.getUTCDate() + keepDays + 1);
  return end;
}
