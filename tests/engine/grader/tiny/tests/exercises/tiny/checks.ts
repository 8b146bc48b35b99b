import { check, expect } from "../../../../../../../engine/grader/testkit.ts";

export const checks = [
  check(1, "It says hello", {}, async (kit) => {
    const answer = await kit.browser().get("/");
    expect(answer.status, "It greets with 200.").toBe(200);
    expect(answer.json, "It greets Ada, whose name the door knows.").toEqual({ hello: "Ada" });
    expect(kit.doors.calls("nameOf").length, "The door was asked.").toBeGreaterThan(0);
  }),
  check(2, "It counts visits", {}, async (kit) => {
    const browser = kit.browser();
    for (const visits of [1, 2]) {
      const answer = await browser.post("/visits", { page: "two" });
      expect(answer.status, `Visit ${visits} is answered 200.`).toBe(200);
      expect(answer.json, `This is visit ${visits}.`).toEqual({ visits });
    }
  }),
  check(3, "Visits at the same moment are counted too", {}, async (kit) => {
    const browser = kit.browser();
    const send = () => browser.post("/visits", { page: "three" });
    const answers = await kit.burst(Array.from({ length: 10 }, () => send));
    for (const { status } of answers) expect(status, "Each visit is answered 200.").toBe(200);
    const last = await send();
    expect(last.json, "After 10 visits comes the eleventh.").toEqual({ visits: 11 });
  }),
  check(4, "It remembers after a restart", { needs: "own" }, async (kit) => {
    const browser = kit.browser();
    const first = await browser.post("/visits", { page: "four" });
    expect(first.json, "The first visit.").toEqual({ visits: 1 });
    await kit.restart();
    const second = await browser.post("/visits", { page: "four" });
    expect(second.json, "The count goes on where it was.").toEqual({ visits: 2 });
  }),
];
