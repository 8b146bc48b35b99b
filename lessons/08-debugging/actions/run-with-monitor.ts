import { connect } from "../connect.ts";

/** What nobody else sends. */
const LAST = "that was all";

/** Runs a program of the lesson, and prints what MONITOR shows until it has ended. */
export async function runWithMonitor(file: string): Promise<void> {
  const [listening, client] = await Promise.all([connect("monitor"), connect("end")]);
  const isOver = new Promise<void>((resolve) => {
    void listening.monitor((line) => {
      if (line.includes(LAST)) resolve();
      else console.log(line);
    });
  });
  await import(`../${file}`);
  // MONITOR shows commands in the order in which Redis carries them out: after this one, all have come.
  await client.echo(LAST);
  await isOver;
  listening.destroy();
  client.destroy();
}
