/** One account, one spelling. */
export function normalise(name: string): string {
  return name.trim().toLowerCase();
}
