import { repository } from "../catalog/repository.ts";
import { examineMachine } from "../doctor/examine-machine.ts";
import { renderExamination } from "../terminal/render-examination.ts";
import { openTerminal } from "../terminal/terminal.ts";

/** `npm run doctor`: what is on this machine. Answers 0 when all of the workbook can be used here. */
export async function runDoctor(_args: readonly string[]): Promise<number> {
  const terminal = openTerminal();
  const examination = await examineMachine(repository);
  terminal.writeLines(renderExamination(examination, terminal.columns(), terminal.style));
  return examination.findings.some(({ state }) => state === "bad") ? 1 : 0;
}
