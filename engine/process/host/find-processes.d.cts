/** Environment variable that a program and everything below it inherits; its value names the run. */
export const MARKER: string;
/** Living processes that belong to the program with this pid and run. */
export function findProcesses(root: number, run: string): number[];
/** SIGKILL for all of those; answers how many were still living. */
export function killProcesses(root: number, run: string): number;
