import { writeFile } from "node:fs/promises";
import path from "node:path";
import { findLesson } from "../catalog/find-lesson.ts";
import { repository } from "../catalog/repository.ts";
import { UserError } from "../errors.ts";
import { openLesson } from "../lesson/open-lesson.ts";
import { renderStep } from "../terminal/lesson/render-step.ts";
import { createStyle } from "../terminal/style.ts";
import { toSvg } from "../terminal/to-svg.ts";

const COLUMNS = 120;
/** The step that shows most at one look: a request, two commands, a key that changes. */
const STEP = "The counter reads, then writes";

/**
 * `npm run picture`: the picture of the README, made from a real run of lesson 1.
 * @throws UserError when the step is gone or does not play clean
 */
export async function runPicture(_args: readonly string[]): Promise<number> {
  const { folder } = await findLesson("1");
  await using session = await openLesson({ folder });
  const step = session.lesson.steps.find(({ title }) => title === STEP);
  if (step === undefined) {
    throw new UserError(`Lesson 1 has no step "${STEP}".`, {
      hint: "Name another one in engine/commands/picture.ts",
    });
  }
  const { lines, failures } = await renderStep(session, step.number, {
    style: createStyle(true),
    width: COLUMNS,
  });
  if (failures > 0) {
    throw new UserError("Lesson 1 does not play clean.", { hint: "npm run lesson 1 yes" });
  }
  const file = path.join(repository, "lessons", "lesson-1.svg");
  await writeFile(
    file,
    toSvg(["$ npm run lesson 1", "", ...lines], COLUMNS, "Lesson 1 playing in a terminal"),
  );
  console.log(`Written to ${path.relative(repository, file)}`);
  return 0;
}
