import { defineExercise } from "../../../engine/grader/testkit.ts";
import { rightPassword } from "./kitchen.ts";
import type { Settings } from "./starter/context.ts";

const settings: Settings = {
  sessionSeconds: 1800,
  rememberSeconds: 30 * 24 * 60 * 60,
  graceSeconds: 10,
};

/** The accounts that one can try by hand; the README names them. */
const known = new Map([
  ["nadia.berg", rightPassword],
  ["olu.adeyemi", "salt-and-ice"],
]);

export const exercise = defineExercise({
  programs: ["app"],
  settings,
  doors: () => ({
    verifyPassword(name, password) {
      const account = String(name);
      // Checks use accounts of their own, so that none disturbs another.
      const right = account.startsWith("nadia.berg-") ? rightPassword : known.get(account);
      return right !== undefined && password === right;
    },
  }),
  tryIt: {
    settings: { ...settings, sessionSeconds: 60 },
    requests: [
      {
        shows: "a login that is to be remembered",
        method: "POST",
        path: "/login",
        body: { name: "nadia.berg", password: rightPassword, remember: true },
      },
      { shows: "who is signed in", method: "GET", path: "/me" },
      { shows: "the end in every browser", method: "POST", path: "/logout-everywhere" },
    ],
  },
});
