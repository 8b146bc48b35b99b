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
  environment: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  return await new Promise((resolve) => {
    const env = { ...process.env, NO_COLOR: "1", INIT_CWD: root, ...environment };
    execFile(
      process.execPath,
      ["engine/start.mjs", ...args],
      { cwd: root, env },
      (error, stdout, stderr) => {
        const code = typeof error?.code === "number" ? error.code : error === null ? 0 : -1;
        resolve({ code, stdout, stderr });
      },
    );
  });
}
