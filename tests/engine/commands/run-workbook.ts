import { execFile } from "node:child_process";

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one command of a workbook, without a terminal and without colours, to its end. */
export async function runWorkbook(
  root: string,
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>> = {},
  user?: number,
): Promise<Ran> {
  return await new Promise((resolve) => {
    const env = {
      ...process.env,
      NO_COLOR: "1",
      INIT_CWD: root,
      // Those of whoever runs the suite would change what is printed, and are none of ours.
      REDIS_URL: undefined,
      WORKBOOK_REDIS: chosenRedis(),
      ...environment,
    };
    const child = execFile(
      process.execPath,
      ["engine/start.mjs", ...args],
      { cwd: root, env, maxBuffer: 16 * 1024 * 1024, ...(user === undefined ? {} : { uid: user }) },
      (error, stdout, stderr) => {
        const code = typeof error?.code === "number" ? error.code : error === null ? 0 : -1;
        resolve({ code, stdout, stderr });
      },
    );
    child.stdin?.end();
  });
}

/** The suite may be run on one kind of Redis; a Redis of somebody's is not for tests. */
export function chosenRedis(): string | undefined {
  const wish = process.env["WORKBOOK_REDIS"];
  return wish === "embedded" || wish === "server" ? wish : undefined;
}
