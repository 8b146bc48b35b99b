// Uses the bundled packages once as a submission would, and keeps the code that V8 has compiled
// meanwhile: the processes of a grading then need not compile it again.
import { renameSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { loadPackages } from "./load-packages.mjs";

const [, , file] = process.argv;
const { packages, script } = await loadPackages(file);
const { default: express } = packages.express;
const { default: session } = packages["express-session"];

const app = express();
app.use(express.json(), express.urlencoded());
app.use(session({ secret: "warm-up", resave: false, saveUninitialized: true }));
app.post("/", (request, response) => response.json({ id: request.sessionID }));
// It answers as much of Redis's protocol as a client needs to be connected.
const redis = createServer().on("connection", (socket) => {
  socket.removeAllListeners("data").on("data", () => socket.write("+OK\r\n".repeat(3)));
});
const server = createServer(app);
for (const each of [server, redis]) await new Promise((done) => each.listen(0, "127.0.0.1", done));
const { port } = server.address();
await fetch(`http://127.0.0.1:${port}`, {
  method: "POST",
  body: "{}",
  headers: { "Content-Type": "application/json" },
});
const url = `redis://127.0.0.1:${redis.address().port}`;
const client = packages.redis.createClient({ url, RESP: 2 }).on("error", () => {});
await Promise.race([client.connect(), new Promise((done) => setTimeout(done, 500))]).catch(
  () => {},
);
client.destroy();

const temporary = `${file}.${process.pid}.code`;
writeFileSync(temporary, script.createCachedData());
renameSync(temporary, `${file}.code`);
process.exit(0);
