/** Whether redis-cli prints the reply of a command as it is, without quotes, on a terminal too. */
export function isPlainText(args: readonly Uint8Array[]): boolean {
  const [name = "", word = ""] = args.map((arg) =>
    Buffer.from(arg).toString("latin1").toUpperCase(),
  );
  switch (name) {
    case "INFO":
    case "LOLWUT":
      return true;
    case "CLIENT":
      return word === "LIST" || word === "INFO";
    case "CLUSTER":
      return word === "NODES" || word === "INFO";
    case "MEMORY":
      return word === "DOCTOR" || word === "MALLOC-STATS";
    case "LATENCY":
      return word === "DOCTOR" || word === "GRAPH";
    default:
      return false;
  }
}
