import { hostname, userInfo } from "node:os";
import type { Host } from "../model/ports.ts";

/** This process, its machine and its user. */
export const systemHost: Host = {
  pid: process.pid,
  hostname: hostname(),
  user: userName(),
  isAlive: (pid) => {
    try {
      process.kill(pid, 0);
      return true;
    } catch (error) {
      // EPERM: there is such a process, it only is not ours.
      return (error as NodeJS.ErrnoException).code === "EPERM";
    }
  },
};

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return "unknown";
  }
}
