import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";

const QUESTION = [
  "import sys, importlib.metadata as m",
  "print(sys.executable)",
  "print(sys.version.split()[0])",
  "print(m.version('flask'))",
  "print(m.version('flask-session'))",
  "print(m.version('redis'))",
].join("\n");
const NEEDED = ["Flask", "Flask-Session", "the package redis"] as const;

/** Where the lesson about another language has its packages installed: out of the way of any other Python. */
export const PYTHON_HOME = ".workbook/python";

export interface PythonFound {
  /** `Python 3.12.3`; empty when there is none. */
  readonly python: string;
  /** Path of the program; undefined when it cannot be used. */
  readonly program: string | undefined;
  /** Of Flask. */
  readonly flask: string | undefined;
  /** Why it cannot be used, in half a sentence; empty when it can. */
  readonly problem: string;
}

/**
 * Looks for a Python 3 that has Flask, Flask-Session and redis: first the workbook's own, then those on PATH.
 * @param root of the workbook
 * @param deadlineMs for each of them; importing on a cold disk takes a while
 */
export async function findPython(
  root: string,
  environment: Readonly<Record<string, string | undefined>>,
  deadlineMs: number,
): Promise<PythonFound> {
  let first: PythonFound | undefined;
  for (const program of candidates(root)) {
    const answer = await ask(program, environment, deadlineMs);
    if (answer === undefined) continue;
    const found = judge(program, answer);
    if (found.program !== undefined) return found;
    first ??= found;
  }
  return first ?? { python: "", program: undefined, flask: undefined, problem: "none found" };
}

/** The commands that make the workbook's own Python, for this system. */
export function pythonInstallLines(requirements: string): string[] {
  return process.platform === "win32"
    ? [
        `py -m venv ${PYTHON_HOME.replaceAll("/", "\\")}`,
        `${PYTHON_HOME.replaceAll("/", "\\")}\\Scripts\\pip install -r ${requirements.replaceAll("/", "\\")}`,
      ]
    : [`python3 -m venv ${PYTHON_HOME}`, `${PYTHON_HOME}/bin/pip install -r ${requirements}`];
}

function candidates(root: string): string[] {
  const inner = process.platform === "win32" ? ["Scripts", "python.exe"] : ["bin", "python"];
  const own = path.join(root, ...PYTHON_HOME.split("/"), ...inner);
  const onPath = process.platform === "win32" ? ["python", "py"] : ["python3", "python"];
  return existsSync(own) ? [own, ...onPath] : onPath;
}

function judge(
  name: string,
  { lines, isLate }: { lines: readonly string[]; isLate: boolean },
): PythonFound {
  const [program, version, flask, ...others] = lines;
  const python = version === undefined ? path.basename(name) : `Python ${version}`;
  if (others.length === NEEDED.length - 1) return { python, program, flask, problem: "" };
  const missing = NEEDED[Math.max(0, lines.length - 2)] ?? "Flask";
  return {
    python,
    program: undefined,
    flask,
    problem: isLate ? `${python} did not answer in time` : `${python} lacks ${missing}`,
  };
}

async function ask(
  program: string,
  environment: Readonly<Record<string, string | undefined>>,
  deadlineMs: number,
): Promise<{ lines: string[]; isLate: boolean } | undefined> {
  return await new Promise((resolve) => {
    execFile(
      program,
      ["-c", QUESTION],
      { timeout: deadlineMs, windowsHide: true, env: { ...environment } },
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
