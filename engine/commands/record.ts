import { writeFile } from "node:fs/promises";
import path from "node:path";
import { findLesson } from "../catalog/find-lesson.ts";
import { UserError } from "../errors.ts";
import { RECORDING_FILE, writtenRecording } from "../lesson/recording/recording.ts";
import { makeRecording } from "../lesson/recording/make-recording.ts";
import { openTerminal } from "../terminal/terminal.ts";

/**
 * `npm run record 4`: plays a lesson live and writes down what happened, for machines on which it cannot
 * run.
 * @throws UserError when it cannot run here, or does not go as it says
 */
export async function runRecord([word, ...rest]: readonly string[]): Promise<number> {
  if (word === undefined || rest.length > 0) {
    throw new UserError("Say which lesson is to be recorded: its number or its name.", {
      hint: "npm run record 4",
    });
  }
  const terminal = openTerminal();
  const { folder, number, title } = await findLesson(word);
  const recording = await makeRecording({
    folder,
    onStep: (step, of) => terminal.writeLines([`step ${step} of ${of} …`]),
  });
  const text = writtenRecording(recording);
  await writeFile(path.join(folder, RECORDING_FILE), text);
  const kib = Math.ceil(Buffer.byteLength(text) / 1024);
  const file = path
    .relative(process.cwd(), path.join(folder, RECORDING_FILE))
    .replaceAll(path.sep, "/");
  terminal.writeLines([
    `Lesson ${number}, ${title}, is recorded: ${file}, ${kib} KiB (${recording.made}).`,
  ]);
  return 0;
}
