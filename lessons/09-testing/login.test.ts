// The login, tested without any Redis: the sessions are in the memory of the test.
import request from "supertest";
import { expect, test } from "vitest";
import { createApp } from "./app.ts";

// #region agent
test("a reader is known after the login", async () => {
  const ada = request.agent(createApp());
  await ada.get("/me").expect(401);
  await ada.post("/login").send({ name: "Ada" }).expect(200);
  await ada.get("/me").expect(200, { name: "Ada" });
});
// #endregion

// #region apart
test("two browsers are two readers", async () => {
  const app = createApp();
  const [ada, ben] = [request.agent(app), request.agent(app)];
  await ada.post("/login").send({ name: "Ada" });
  await ben.get("/me").expect(401);
});
// #endregion

// #region fixation
test("the session ID changes at the login", async () => {
  const ada = request.agent(createApp());
  const before = await ada.post("/basket").send({ title: "Emma" });
  const after = await ada.post("/login").send({ name: "Ada" });
  expect(cookieOf(after)).not.toBe(cookieOf(before));
});
// #endregion

// #region stolen
test("a cookie that was copied before the logout is worth nothing after it", async () => {
  const app = createApp();
  const ada = request.agent(app);
  const copied = cookieOf(await ada.post("/login").send({ name: "Ada" }));
  await request(app).get("/me").set("Cookie", copied).expect(200);
  await ada.post("/logout").expect(204);
  await request(app).get("/me").set("Cookie", copied).expect(401);
});
// #endregion

// #region cookie
function cookieOf(response: request.Response): string {
  const [line = ""] = response.get("Set-Cookie") ?? [];
  return line.split(";")[0] ?? "";
}
// #endregion
