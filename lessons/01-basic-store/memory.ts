// Corner Books, first attempt: no store is named, so the sessions live in this process.
import express from "express";
import session from "express-session";

declare module "express-session" {
  interface SessionData {
    visits: number;
  }
}

const port = Number(process.env.PORT ?? 3000);
const host = process.env.HOST ?? "127.0.0.1";
const secret = process.env.SESSION_SECRET ?? "for development only: set SESSION_SECRET";

const app = express();

// #region session
app.use(
  session({
    secret,
    resave: false,
    saveUninitialized: false,
    cookie: { httpOnly: true, sameSite: "lax", maxAge: 30 * 60 * 1000 },
  }),
);
// #endregion

// #region counter
app.get("/", (req, res) => {
  const visits = (req.session.visits ?? 0) + 1;
  req.session.visits = visits;
  res.send(`Hello, stranger. This is visit ${visits}.`);
});
// #endregion

const server = app.listen(port, host, (error) => {
  if (error) throw error;
  console.log(`Corner Books (memory) listens on ${host}, port ${port}`);
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => server.close());
}
