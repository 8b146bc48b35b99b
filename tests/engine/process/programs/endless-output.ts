// Prints without end: lines, and one line that never ends.
console.log("first");
const line = "x".repeat(1000);
const print = (): void => {
  for (let at = 0; at < 200; at += 1)
    process.stdout.write(process.env["LINES"] === "no" ? line : `${line}\n`);
  setImmediate(print);
};
print();
