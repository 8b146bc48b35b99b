// Where does the client go? Each form is asked for its address and stopped before it dials:
// on your machine somebody's real Redis may listen at the default port.
import net from "node:net";
import { createClient } from "redis";

net.createConnection = (options: object | number | string) => {
  const { host = "localhost", port } = options as net.TcpNetConnectOpts;
  throw new Error(`${host}:${port}`);
};

// #region forms
const noRetry = { reconnectStrategy: false } as const;
const forms = {
  // @ts-expect-error: 'host' does not exist in the options. JavaScript says nothing.
  "host and port": createClient({ host: "redis.shop.example", port: 6380, socket: noRetry }),
  socket: createClient({ socket: { host: "redis.shop.example", port: 6380, ...noRetry } }),
  url: createClient({ url: "redis://redis.shop.example:6380", socket: noRetry }),
};
// #endregion

for (const [form, client] of Object.entries(forms)) {
  client.on("error", () => {});
  const address = await client.connect().then(
    () => "no address",
    (error: Error) => error.message,
  );
  console.log(`${form} → ${address}`);
}
