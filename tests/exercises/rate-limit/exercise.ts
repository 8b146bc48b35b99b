import { defineExercise } from "../../../engine/grader/testkit.ts";
import { rightPassword } from "./portal.ts";
import type { Settings } from "./starter/context.ts";

/** The numbers of the README's examples. */
const tried: Settings = {
  trustProxy: false,
  accountLimit: 5,
  addressLimit: 20,
  windowSeconds: 900,
};

/**
 * Others than those: an answer that has written them down must not pass. And as small as can be: a learner
 * waits for each attempt. The address has 2 more than the account, so that its lock never stands in for a
 * lock of the account that does not come.
 */
const graded: Settings = { ...tried, trustProxy: 1, accountLimit: 2, addressLimit: 4 };

/** The accounts that one can try by hand; the README names them. */
const known = new Map([
  ["mira.olsen", rightPassword],
  ["jonas.weber", "low-tide-17"],
]);

export const exercise = defineExercise({
  programs: ["app"],
  settings: graded,
  doors: () => ({
    verifyPassword(name, password) {
      const account = String(name).trim().toLowerCase();
      // Checks use accounts of their own, so that none disturbs another.
      const right = account.startsWith("mira.olsen-") ? rightPassword : known.get(account);
      if (right === undefined) return "unknown";
      return password === right ? "right" : "wrong";
    },
  }),
  tryIt: {
    settings: tried,
    requests: [
      {
        shows: "a wrong password",
        method: "POST",
        path: "/login",
        body: { name: "mira.olsen", password: "guess" },
      },
      {
        shows: "the right one",
        method: "POST",
        path: "/login",
        body: { name: "mira.olsen", password: rightPassword },
      },
      { shows: "who is signed in", method: "GET", path: "/me" },
    ],
  },
});
