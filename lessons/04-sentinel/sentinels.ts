// Where the sentinels are: SENTINELS=10.0.0.1:26379,10.0.0.2:26379,10.0.0.3:26379

/** The name under which the sentinels watch this shop's Redis. */
export const name = process.env.SENTINEL_NAME ?? "bookshop";

/** Addresses of the sentinels. Those of docker-compose.yml, when nothing is set. */
export const sentinelRootNodes = (
  process.env.SENTINELS ?? "127.0.0.1:26391,127.0.0.1:26392,127.0.0.1:26393"
)
  .split(",")
  .map((address) => {
    const [host = "", port] = address.split(":");
    return { host, port: Number(port) };
  });
