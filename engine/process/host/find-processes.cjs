"use strict";
// Finds what a program has started, also when it left the program's process group.
// Plain CommonJS: programs and their guard load it without a transform.
const { execFileSync } = require("node:child_process");
const { readFileSync, readdirSync } = require("node:fs");

/** Environment variable that a program and everything below it inherits; its value names the run. */
const MARKER = "WORKBOOK_PROGRAM";
const MARK = new RegExp(`(?:^|\\0)${MARKER}=([^\\0]*)`);

/** Place of the start time in /proc/<pid>/stat, counted from the state. */
const STARTED_AT = 19;

/**
 * Numbers of processes that cannot belong to a program of ours, so that they need not be read each
 * time: threads of the kernel, and what is older than we are. On a desktop that is nearly all.
 */
const strangers = new Set();
let ourStart;
/** Processes and threads that the system had created since it started, when `strangers` was empty. */
let createdBefore = Number.NaN;
const CREATED = /^processes (\d+)$/m;
/** Linux gives numbers away in turn, out of 32,768 at least (proc(5), pid_max), unless somebody has lowered that. */
const FEWEST_NUMBERS = 16_000;

/** What is known of processes that live: the environment that one was started with does not change. */
const runs = new Map();

/** @returns {{ pid: number, started?: string, parent: number, group: number, session: number }[]} living processes, zombies left out */
function listProcesses() {
  return process.platform === "linux" ? listFromProc() : listFromPs();
}

function listFromProc() {
  const found = [];
  forgetStrangers();
  for (const name of readdirSync("/proc")) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || strangers.has(pid)) continue;
    try {
      const [state, parent, group, session, started] = readStat(name);
      // Group 0 is that of the kernel's own threads.
      if (group === "0" || Number(started) < ourStart) strangers.add(pid);
      else if (state !== "Z" && state !== "X") {
        const numbers = { parent: Number(parent), group: Number(group), session: Number(session) };
        found.push({ pid, started, ...numbers });
      }
    } catch {
      // It ended while we were looking.
    }
  }
  return found;
}

/** @param {string} name number of the process, or `self` @returns {string[]} state, parent, group, session and start time */
function readStat(name) {
  const text = readFileSync(`/proc/${name}/stat`, "latin1");
  // The command's name stands in parentheses and may hold spaces and parentheses itself.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return [...fields.slice(0, 4), fields[STARTED_AT]];
}

/** A number may belong to somebody else by now once so many have been given away that it could be its turn again. */
function forgetStrangers() {
  ourStart ??= Number(readStat("self")[4]);
  const created = Number(CREATED.exec(readFileSync("/proc/stat", "latin1"))?.[1]);
  if (!(created - createdBefore < FEWEST_NUMBERS)) {
    strangers.clear();
    createdBefore = created;
  }
}

function listFromPs() {
  let text;
  try {
    text = execFileSync("ps", ["-A", "-o", "pid=,ppid=,pgid=,stat="], {
      encoding: "latin1",
      stdio: ["ignore", "pipe", "ignore"],
      maxBuffer: 16 * 1024 * 1024,
    });
  } catch {
    return [];
  }
  const found = [];
  for (const line of text.split("\n")) {
    const [pid, parent, group, state] = line.trim().split(/\s+/);
    if (state === undefined || state.startsWith("Z")) continue;
    found.push({ pid: Number(pid), parent: Number(parent), group: Number(group), session: 0 });
  }
  return found;
}

/** @param {{ pid: number, started?: string }} one @param {string} run */
function isMarked({ pid, started }, run) {
  if (process.platform !== "linux") return false;
  const known = runs.get(pid);
  if (known?.started === started) return known.run === run;
  let text = "";
  try {
    text = readFileSync(`/proc/${pid}/environ`, "latin1");
  } catch {
    // another user's, or gone
  }
  const found = MARK.exec(text)?.[1] ?? "";
  // Of one that is becoming another program there is nothing to read at this moment.
  if (text !== "") runs.set(pid, { started, run: found });
  return found === run;
}

function forgetGone(all) {
  if (runs.size <= 2 * all.length) return;
  const living = new Set(all.map(({ pid }) => pid));
  for (const pid of runs.keys()) if (!living.has(pid)) runs.delete(pid);
}

/**
 * Living processes that belong to the program `root`: itself, its group and session, what
 * descends from those, and (Linux) what carries its mark in the environment.
 * @param {number} root
 * @param {string} run value of the marker variable
 * @returns {number[]}
 */
function findProcesses(root, run) {
  const all = listProcesses();
  const belonging = new Set();
  for (const each of all) {
    const { pid, group, session } = each;
    if (pid === process.pid && pid !== root) continue;
    if (pid === root || group === root || session === root || isMarked(each, run)) {
      belonging.add(pid);
    }
  }
  forgetGone(all);
  for (let grew = true; grew;) {
    grew = false;
    for (const { pid, parent } of all) {
      if (belonging.has(parent) && !belonging.has(pid)) {
        belonging.add(pid);
        grew = true;
      }
    }
  }
  return [...belonging];
}

/** Sends SIGKILL; a process that is gone already is no error. @param {number} pid */
function killQuietly(pid) {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // gone
  }
}

/**
 * Kills the program and everything that it started. On Windows by taskkill, which follows the tree.
 * @param {number} root
 * @param {string} run
 * @returns {number} how many were still living
 */
function killProcesses(root, run) {
  if (process.platform === "win32") {
    try {
      execFileSync("taskkill", ["/pid", String(root), "/T", "/F"], {
        stdio: "ignore",
        windowsHide: true,
      });
      return 1;
    } catch {
      return 0; // taskkill fails when there is nothing left
    }
  }
  const found = findProcesses(root, run);
  // Ourselves last: a program whose parent is gone ends itself.
  for (const pid of found) if (pid !== root && pid !== process.pid) killQuietly(pid);
  if (found.length > 0) killQuietly(-root);
  if (found.includes(root)) killQuietly(root);
  return found.length;
}

module.exports = { MARKER, findProcesses, killProcesses };
