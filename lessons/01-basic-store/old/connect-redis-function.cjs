// How connect-redis was used up to version 6: the package was a function of the session module.
const session = require("express-session");
// #region old
const connectRedis = require("connect-redis");
const RedisStore = connectRedis(session);
// #endregion
console.log("The store is", RedisStore);
