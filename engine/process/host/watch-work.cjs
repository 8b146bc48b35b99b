"use strict";
// Counts what the program does in the thread pool. The event loop goes round meanwhile, so a
// program that hashes a password looks idle when it is not.
const crypto = require("node:crypto");
const { syncBuiltinESMExports } = require("node:module");

const POOLED = ["scrypt", "pbkdf2", "hkdf", "randomBytes", "randomFill", "generateKeyPair"];
const FILES = new Set(["FSReqCallback", "FSReqPromise", "GetAddrInfoReqWrap"]);

/** @returns {() => number} how many jobs of this thread are under way */
function watchWork() {
  let jobs = 0;
  for (const name of POOLED) {
    const original = crypto[name];
    const counted = function (...args) {
      const callback = args.at(-1);
      if (typeof callback !== "function") return original.apply(this, args);
      args[args.length - 1] = function (...results) {
        jobs -= 1;
        return callback.apply(this, results);
      };
      jobs += 1;
      try {
        return original.apply(this, args);
      } catch (error) {
        jobs -= 1;
        throw error;
      }
    };
    // Keeps name, length and what util.promisify looks for.
    crypto[name] = Object.defineProperties(counted, Object.getOwnPropertyDescriptors(original));
  }
  syncBuiltinESMExports();
  return () => jobs + process.getActiveResourcesInfo().filter((name) => FILES.has(name)).length;
}

module.exports = { watchWork };
