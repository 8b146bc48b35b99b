// Tells whether a submission has left anything behind in this process, as far as can be seen. If not,
// the process can boot another one. What is not seen can fail no check: that is run again elsewhere.
import { setImmediate, setTimeout } from "node:timers/promises";

/** Rounds of the event loop after which what is still closing is closed. */
const ROUNDS = 25;
/** From a global or an export to its prototype and what hangs on that. */
const DEPTH = 3;

/**
 * Remembers how the process is now.
 * @param {readonly unknown[]} roots what programs share beside the globals, and could change for each other
 * @returns {() => Promise<string | undefined>} what is left, in words; undefined if nothing is
 */
export function watchLeftovers(roots) {
  const shapes = takeShapes([globalThis, ...roots].filter(isObject));
  const settings = readSettings();
  const listeners = countListeners();
  const resources = countResources();
  return async () => {
    let active;
    for (let round = 0; round < ROUNDS; round += 1) {
      // With a timer in it: what the program does in steps of 0 ms goes on meanwhile.
      await setTimeout(1);
      await setImmediate();
      active = findMore(countResources(), resources);
      if (active === undefined && round > 0) break;
    }
    if (active !== undefined) return active;
    if (readSettings() !== settings) return "process";
    return findMore(countListeners(), listeners) ?? (shapes.some(isChanged) ? "global" : undefined);
  };
}

function readSettings() {
  const catches = process.hasUncaughtExceptionCaptureCallback();
  return JSON.stringify([process.env, process.execArgv, process.cwd(), catches]);
}

function countListeners() {
  return new Map(process.eventNames().map((name) => [String(name), process.listenerCount(name)]));
}

function countResources() {
  const found = new Map();
  for (const name of process.getActiveResourcesInfo()) {
    // This very round, and the pipes of stdout and stderr, which are opened at their first use.
    if (name === "Immediate" || name === "PipeWrap" || name === "TTYWrap") continue;
    found.set(name, (found.get(name) ?? 0) + 1);
  }
  return found;
}

/** @param {Map<string, number>} now @param {Map<string, number>} before */
function findMore(now, before) {
  return [...now.keys()].find((name) => now.get(name) > (before.get(name) ?? 0));
}

/** Which functions and objects hang on the roots, down to a depth. Numbers and texts may change by themselves. */
function takeShapes(roots) {
  const shapes = [];
  const seen = new Set();
  let level = roots;
  for (let depth = 0; depth < DEPTH; depth += 1) {
    const next = [];
    for (const object of level) {
      if (seen.has(object)) continue;
      seen.add(object);
      const entries = readEntries(object);
      shapes.push({ object, entries });
      const prototype = Object.getPrototypeOf(object);
      next.push(...entries.map(([, value]) => value).filter(isObject));
      if (prototype !== null) next.push(prototype);
    }
    level = next;
  }
  return shapes;
}

function readEntries(object) {
  return Reflect.ownKeys(object).map((key) => {
    // Of a getter nothing is known: many of Node's globals are loaded at their first use.
    const value = Reflect.getOwnPropertyDescriptor(object, key)?.value;
    return [key, isObject(value) ? value : undefined];
  });
}

function isChanged({ object, entries }) {
  const keys = Reflect.ownKeys(object);
  const isOther = ([key, value], at) =>
    key !== keys[at] || (value !== undefined && value !== object[key]);
  return keys.length !== entries.length || entries.some(isOther);
}

function isObject(value) {
  return typeof value === "function" || (typeof value === "object" && value !== null);
}
