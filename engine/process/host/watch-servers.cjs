"use strict";
// Tells which port the program's servers listen on, and which port they could not get.
const { errorMonitor } = require("node:events");
const net = require("node:net");

/** @param {(message: object) => void} tell */
function watchServers(tell) {
  const listen = net.Server.prototype.listen;
  net.Server.prototype.listen = function (...args) {
    const onListening = () => {
      this.removeListener(errorMonitor, onError);
      const address = this.address();
      if (address !== null && typeof address === "object") {
        tell({ did: "listen", port: address.port });
      }
    };
    // errorMonitor sees the error without handling it: the program still meets it as it would.
    const onError = (error) => {
      this.removeListener("listening", onListening);
      tell({ did: "listen-failed", code: error.code, port: error.port });
    };
    this.prependOnceListener("listening", onListening);
    this.once(errorMonitor, onError);
    tell({ did: "listen-try" });
    return listen.apply(this, args);
  };
}

module.exports = { watchServers };
