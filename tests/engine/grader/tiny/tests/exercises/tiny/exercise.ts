import { defineExercise } from "../../../../../../../engine/grader/testkit.ts";

export const exercise = defineExercise({
  programs: ["app"],
  settings: {},
  doors: () => ({ nameOf: (id) => (id === 1 ? "Ada" : undefined) }),
  tryIt: { settings: {}, requests: [] },
});
