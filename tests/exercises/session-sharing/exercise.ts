import { defineExercise } from "../../../engine/grader/testkit.ts";
import { accounts } from "./bikes.ts";
import type { Settings } from "./starter/context.ts";

const settings: Settings = {
  cookieName: "lindhaven.sid",
  secrets: ["autumn-7f1c0e5d", "summer-2b94aa68"],
  prefix: "portal:sess:",
  sessionSeconds: 1800,
};

export const exercise = defineExercise({
  programs: ["main", "service"],
  settings,
  doors: () => ({
    findAccount(name, password) {
      const entry = accounts.find(({ account }) => account.name === name);
      return entry !== undefined && entry.password === password ? entry.account : null;
    },
    listInvoices: () => [{ number: "2026-0417", amountCents: 18_900 }],
  }),
  tryIt: {
    settings,
    requests: [
      {
        shows: "signing in at main",
        method: "POST",
        path: "/login",
        body: { name: "ida.holm", password: "cargo-88" },
      },
      { shows: "who is signed in, at the service", method: "GET", path: "/whoami", to: "service" },
      { shows: "the invoices", method: "GET", path: "/invoices", to: "service" },
      { shows: "who is signed in, at main", method: "GET", path: "/me" },
      {
        shows: "another language, kept in the session",
        method: "PUT",
        path: "/language",
        body: { language: "da" },
      },
      { shows: "signing out", method: "POST", path: "/logout" },
    ],
  },
});
