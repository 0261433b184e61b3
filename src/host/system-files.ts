import { type Stats, statSync } from "node:fs";
import { constants, link, mkdir, open, readdir, realpath, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import type { Appender, Files } from "../model/ports.ts";
import { readBounded, readInPieces } from "./read-bounded.ts";

/** The machine's disk. */
export const systemFiles: Files = {
  read: (path) => readBounded(path),
  readInPieces,
  size: async (path) => (await statOf(path))?.size,
  stamp: stampOf,
  kind: async (path) => {
    const found = await statOf(path);
    if (found === undefined) return undefined;
    return found.isDirectory() ? "directory" : "file";
  },
  list: async (path) => (await readdir(path)).sort((a, b) => (a < b ? -1 : 1)),
  replace: replaceFile,
  openAppender,
  createExclusive,
  remove: (path) => rm(path, { force: true }),
  real: realPathOf,
};

async function replaceFile(path: string, text: string, mode = 0o644): Promise<void> {
  const folder = dirname(path);
  await makeFolder(folder);
  const { clearAbandoned, temporaryBeside } = await import("./temporary-file.ts");
  await clearAbandoned(folder);
  const temporary = temporaryBeside(path);
  try {
    const file = await open(temporary, "wx", mode);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(folder);
}

/**
 * On Linux a write to a file that is opened so is over once it is kept: one act instead of two, each of which wakes another thread.
 * Elsewhere the flag promises less than `fdatasync`, or is not there.
 */
const SYNCED = process.platform === "linux" ? constants.O_DSYNC : 0;

async function openAppender(path: string): Promise<Appender> {
  const folder = dirname(path);
  await makeFolder(folder);
  const file = await open(path, constants.O_CREAT | constants.O_WRONLY | constants.O_APPEND | SYNCED, 0o644);
  await syncFolder(folder);
  return {
    append: async (text) => {
      const bytes = Buffer.from(text);
      for (let done = 0; done < bytes.length; ) done += (await file.write(bytes, done)).bytesWritten;
      if (SYNCED === 0) await file.datasync();
    },
    close: () => file.close(),
  };
}

/** Whole from its first moment on: a writer that dies leaves none, or all of it. */
async function createExclusive(path: string, text: string): Promise<boolean> {
  await makeFolder(dirname(path));
  const { temporaryBeside } = await import("./temporary-file.ts");
  const temporary = temporaryBeside(path);
  try {
    await createWhole(temporary, text);
    await link(temporary, path);
    return true;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    if (code === "EEXIST") return false;
    if (!WITHOUT_LINKS.has(code)) throw error;
    return await createInPlace(path, text);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** What file systems without hard links answer. */
const WITHOUT_LINKS: ReadonlySet<string> = new Set(["EPERM", "ENOSYS", "ENOTSUP", "EOPNOTSUPP", "EMLINK"]);

async function createInPlace(path: string, text: string): Promise<boolean> {
  try {
    await createWhole(path, text);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

async function createWhole(path: string, text: string): Promise<void> {
  const file = await open(path, "wx", 0o644);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes a folder and those above it, one by one: below /proc Node's own way of making them all never comes back. */
async function makeFolder(path: string): Promise<void> {
  if ((await statOf(path))?.isDirectory() === true) return;
  if (dirname(path) !== path) await makeFolder(dirname(path));
  try {
    await mkdir(path);
  } catch (error) {
    // Somebody else may have made it a moment ago.
    if ((await statOf(path))?.isDirectory() !== true) throw error;
  }
}

/** Makes a new name in a folder survive a power cut. Folders of some file systems cannot be opened: nothing is lost then but that promise. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, "r");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch {
    // Deliberately nothing: see above.
  }
}

async function realPathOf(path: string): Promise<string | undefined> {
  try {
    return await realpath(path);
  } catch (error) {
    if (isNothing(error)) return undefined;
    throw error;
  }
}

/**
 * A new file may have the number of one that is gone, but not its times as well. Asked several times for each change: what the
 * system answers at once takes twenty times as long by way of another thread.
 */
async function stampOf(path: string): Promise<string | undefined> {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
    return [dev, ino, size, mtimeNs, ctimeNs].join(" ");
  } catch (error) {
    if (isNothing(error)) return undefined;
    throw error;
  }
}

async function statOf(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (isNothing(error)) return undefined;
    throw error;
  }
}

/** Below a file there is nothing, too. */
function isNothing(error: unknown): boolean {
  return ["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "");
}
