import { setTimeout as delay } from "node:timers/promises";
import { defineExercise } from "../../../engine/grader/testkit.ts";
import type { Settings } from "./starter/context.ts";

const settings: Settings = {
  draftSeconds: 86_400,
  bookingSeconds: 30,
  maxAnswerLength: 80,
};

/** By hand one wants to see two submits at once; the checks hold the door themselves. */
const BY_HAND_MS = 2000;

export const exercise = defineExercise({
  programs: ["app"],
  settings,
  doors: ({ purpose }) => {
    let last = 1041;
    return {
      async saveBooking() {
        if (purpose === "try") await delay(BY_HAND_MS);
        last += 1;
        return `SK-${last}`;
      },
    };
  },
  tryIt: {
    settings,
    requests: [
      {
        shows: "the first step",
        method: "POST",
        path: "/booking/crossing",
        body: { route: "gothenburg", date: "2031-06-30" },
      },
      {
        shows: "the second, with a lorry that is too long",
        method: "POST",
        path: "/booking/vehicle",
        body: { plate: "AB 12 345", metres: "99" },
      },
      {
        shows: "with one that fits",
        method: "POST",
        path: "/booking/vehicle",
        body: { plate: "AB 12 345", metres: "16" },
      },
      {
        shows: "the last step",
        method: "POST",
        path: "/booking/contact",
        body: { name: "Birte Lund", email: "birte.lund@post.example" },
      },
      { shows: "what has been saved", method: "GET", path: "/review" },
      { shows: "the booking", method: "POST", path: "/submit" },
    ],
  },
});
