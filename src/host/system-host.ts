import { readFileSync } from "node:fs";
import { hostname, userInfo } from "node:os";
import type { Host } from "../model/ports.ts";

/** This process, its machine and its user. */
export const systemHost: Host = {
  pid: process.pid,
  hostname: hostname(),
  user: userName(),
  isAlive: (pid) => isSignalled(pid) && !isZombie(pid),
};

function isSignalled(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: there is such a process, it only is not ours.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** A killed process that nobody has asked after still has its number; in containers without an init it keeps it for good. */
function isZombie(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name in parentheses may itself hold parentheses: the state follows the last one.
    return /^\) [ZX]/u.test(stat.slice(stat.lastIndexOf(")")));
  } catch {
    // No such file system here: the signal has the last word.
    return false;
  }
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return "unknown";
  }
}
