import { linkSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { makeFolder } from "./make-folder.ts";

const heldHere = new Set<string>();

/** Takes the directory for this process and gives the way to release it; refuses while another living process has it. */
export function lockDirectory(directory: string): () => void {
  makeFolder(directory);
  const real = realpathSync(directory);
  const path = join(real, "lock");
  // Written aside and linked, so that a lock never exists without the pid inside it.
  const draft = join(real, `lock.${process.pid}`);
  writeFileSync(draft, `${process.pid}\n`);
  try {
    if (!tryLink(draft, path)) {
      refuseWhileHeld(directory, path, heldHere.has(real));
      rmSync(path, { force: true });
      if (!tryLink(draft, path)) throw new Error(`The sandbox directory ${directory} was taken by another process.`);
    }
  } finally {
    rmSync(draft, { force: true });
  }
  heldHere.add(real);
  return () => {
    heldHere.delete(real);
    rmSync(path, { force: true });
  };
}

function tryLink(draft: string, path: string): boolean {
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

function refuseWhileHeld(directory: string, path: string, isHeldHere: boolean): void {
  const pid = Number(readOrEmpty(path).trim());
  // A lock with our own pid that we do not hold was left by a dead process whose pid we were given.
  const isStale = pid === process.pid ? !isHeldHere : !isAlive(pid);
  if (isStale) return;
  throw new Error(
    `The sandbox directory ${directory} is in use by the process with pid ${pid}. ` +
      `Stop that process, or use another directory.`,
  );
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** A killed process that nobody has reaped answers signals; in containers without an init it does so for good. */
function isZombie(pid: number): boolean {
  const stat = readOrEmpty(`/proc/${pid}/stat`);
  return /^\) [ZX]/u.test(stat.slice(stat.lastIndexOf(")")));
}
