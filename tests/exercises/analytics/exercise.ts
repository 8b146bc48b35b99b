import { defineExercise } from "../../../engine/grader/testkit.ts";
import { accounts, analyst } from "./shop.ts";
import type { Settings } from "./starter/context.ts";

const settings: Settings = { activeSeconds: 300, visitGapSeconds: 1800, keepDays: 30 };

export const exercise = defineExercise({
  programs: ["app"],
  settings,
  doors: () => ({
    findProduct(id) {
      const [, kind, number] = /^(tent|stove|rope)-([1-9]\d*)$/.exec(String(id)) ?? [];
      return kind === undefined ? null : { id, name: `${kind} no. ${number}` };
    },
    findAccount(email, password) {
      const found = accounts.find((each) => each.email === email && each.password === password);
      return found === undefined ? null : { email: found.email, role: found.role };
    },
  }),
  tryIt: {
    settings,
    requests: [
      { shows: "a page", method: "GET", path: "/products/tent-2" },
      { shows: "the login of an analyst", method: "POST", path: "/login", body: analyst },
      { shows: "the report of today", method: "GET", path: "/admin/report" },
    ],
  },
});
