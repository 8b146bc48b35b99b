import { execFile } from "node:child_process";

/** Starting Python takes 0.1 s, importing Flask on a cold disk more. */
const DEADLINE_MS = 800;
const QUESTION =
  "import sys, importlib.metadata as m; print(sys.version.split()[0]); print(m.version('flask')); print(m.version('redis'))";

export interface FlaskFound {
  /** `Python 3.12.3` */
  readonly python: string;
  /** Undefined when it cannot be used. */
  readonly version: string | undefined;
  /** Why, in one line. */
  readonly problem: string;
}

/** Looks for a Python 3 that has Flask and redis, for the lesson about another language. */
export async function findFlask(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<FlaskFound> {
  const names = process.platform === "win32" ? ["python", "py"] : ["python3", "python"];
  for (const name of names) {
    const answer = await ask(name, environment);
    if (answer === undefined) continue;
    const [python = "", flask, redis] = answer.lines;
    if (redis !== undefined) return { python: `Python ${python}`, version: flask, problem: "" };
    const which = python === "" ? name : `Python ${python}`;
    const what = flask === undefined ? "Flask" : "the package redis";
    return {
      python: which,
      version: undefined,
      problem: answer.isLate
        ? `${which} did not answer in time (only for the lesson about another language)`
        : `${which} without ${what} (only for the lesson about another language)`,
    };
  }
  return {
    python: "",
    version: undefined,
    problem: "none found (only for the lesson about another language)",
  };
}

async function ask(
  name: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<{ lines: string[]; isLate: boolean } | undefined> {
  return await new Promise((resolve) => {
    execFile(
      name,
      ["-c", QUESTION],
      { timeout: DEADLINE_MS, windowsHide: true, env: { ...environment } },
      (error, stdout) => {
        if (error !== null && "code" in error && error.code === "ENOENT") resolve(undefined);
        else {
          const lines = stdout.split(/\r?\n/).filter((line) => line !== "");
          resolve({ lines, isLate: error?.killed === true });
        }
      },
    );
  });
}
