// The shopkeeper's own page: how many sessions are there? Counted in two ways.
import express from "express";
import { client, listen } from "./shop.ts";

const app = express();

// #region keys
app.get("/count-by-keys", async (_req, res) => {
  const keys = await client.keys("sess:*");
  res.json({ sessions: keys.length });
});
// #endregion

// #region scan
app.get("/count-by-scan", async (_req, res) => {
  const seen = new Set<string>();
  for await (const keys of client.scanIterator({ MATCH: "sess:*", COUNT: 1000 })) {
    for (const key of keys) seen.add(key);
  }
  res.json({ sessions: seen.size });
});
// #endregion

listen(app, "admin");
