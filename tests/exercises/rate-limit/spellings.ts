/** Ways to type a name that mean the same account; the first is not how it is written. */
export function spellings(name: string): (turn: number) => string {
  const capitalised = name.replace(/\b[a-z]/g, (letter) => letter.toUpperCase());
  const ways = [
    ` ${name.toUpperCase()} `,
    name,
    capitalised,
    `${name}  `,
    `\t${name}`,
    name.toUpperCase(),
  ];
  return (turn) => ways[turn % ways.length] ?? name;
}
