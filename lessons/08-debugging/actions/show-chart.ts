/** Values as bars, in the order in which they come. */
export function showChart(
  title: string,
  unit: string,
  values: Readonly<Record<string, number>>,
): void {
  console.log(JSON.stringify({ chart: { title, unit, bars: Object.entries(values) } }));
}
