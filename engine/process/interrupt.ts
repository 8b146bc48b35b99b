/**
 * Does what Ctrl-C does in a terminal that is not raw: whoever listens for SIGINT hears of it, else
 * the process ends.
 */
export function interrupt(): void {
  if (process.platform !== "win32") {
    process.kill(process.pid, "SIGINT");
    return;
  }
  // There a signal to oneself would kill at once, past those who listen.
  if (!process.emit("SIGINT", "SIGINT")) process.exit(130);
}
