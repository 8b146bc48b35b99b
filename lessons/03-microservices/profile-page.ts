// The only page of the profile service. Its versions differ in how they read the session.
import express, { type RequestHandler } from "express";
import { client, listen } from "./service.ts";

/** Opens the service. */
export function openProfiles(name: string, sessions: RequestHandler): void {
  const app = express();
  app.use(sessions);

  // #region profile
  app.get("/profile", async (req, res) => {
    const { userId } = req.session;
    if (userId === undefined) {
      res.status(401).json({ error: "not logged in" });
      return;
    }
    const profile = await client.get(`profile:${userId}`);
    if (profile === null) res.status(404).json({ error: "no profile" });
    else res.type("json").send(profile);
  });
  // #endregion

  listen(app, name);
}
