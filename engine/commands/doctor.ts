import { repository } from "../catalog/repository.ts";
import { examineMachine } from "../doctor/examine-machine.ts";
import { renderExamination } from "../terminal/render-examination.ts";
import { UserError } from "../errors.ts";
import { openTerminal } from "../terminal/terminal.ts";

/**
 * `npm run doctor`: what is on this machine. Answers 0 when all of the workbook can be used here.
 * @throws UserError when there are words behind it
 */
export async function runDoctor(args: readonly string[]): Promise<number> {
  if (args.length > 0) {
    throw new UserError(`npm run doctor takes no words; this is "${args.join(" ")}".`, {
      hint: "npm run doctor",
    });
  }
  const terminal = openTerminal();
  const examination = await examineMachine(repository);
  terminal.writeLines(renderExamination(examination, terminal.columns(), terminal.style));
  return examination.findings.some(({ state }) => state === "bad") ? 1 : 0;
}
