// Where does the client go? It is asked for its address and stopped before it dials:
// on your machine somebody's real Redis may listen at the default port.
import net from "node:net";
import { createClient } from "redis";

net.createConnection = (options: object | number | string) => {
  const { host = "localhost", port } = options as net.TcpNetConnectOpts;
  throw new Error(`${host}:${port}`);
};

// #region old
const client = createClient({
  // @ts-expect-error: 'sentinel' does not exist in the options. JavaScript says nothing.
  sentinel: {
    sentinels: [{ host: "sentinel1.shop.example", port: 26379 }],
    name: "bookshop",
  },
  socket: { reconnectStrategy: false },
});
// #endregion

client.on("error", () => {});
const address = await client.connect().then(
  () => "no address",
  (error: Error) => error.message,
);
console.log(`the client dials ${address}`);
