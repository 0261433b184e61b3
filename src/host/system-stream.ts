import { closeSync, constants, fstatSync, openSync, writeSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import type { LineStream } from "../model/ports.ts";

/**
 * Opens a file to be written line by line, emptied first; or, as `/dev/fd/N`, a descriptor that the process was started with,
 * which is written to as it stands. Rejects with Node's errors.
 */
export async function openSystemStream(path: string): Promise<LineStream> {
  const given = /^\/dev\/fd\/(\d{1,4})$/u.exec(path)?.[1];
  if (given !== undefined) return streamTo(requireWritable(Number(given), path), false);
  await mkdir(dirname(path), { recursive: true });
  return streamTo(openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC, 0o644), true);
}

/** Another descriptor of the process than was given to it, such as a poll, is no place for lines. */
function requireWritable(descriptor: number, path: string): number {
  const found = fstatSync(descriptor);
  if (found.isFile() || found.isFIFO() || found.isSocket() || found.isCharacterDevice()) return descriptor;
  throw Object.assign(new Error(`EBADF: not a file, a pipe or a socket, open '${path}'`), {
    code: "EBADF",
    syscall: "open",
  });
}

function streamTo(descriptor: number, isOurs: boolean): LineStream {
  return {
    write: (line) => writeWhole(Buffer.from(`${line}\n`), (bytes, from) => writeSync(descriptor, bytes, from)),
    close: () => {
      if (isOurs) closeSync(descriptor);
    },
  };
}

/** A pipe that is full for now is tried again for so long, in pauses of so many milliseconds. */
const PATIENCE_MILLISECONDS = 5_000;
const PAUSE_MILLISECONDS = 5;

/**
 * Hands over every byte before it returns: what is written here stays written when the process is killed right afterwards.
 * `write` writes as much as it can from a place on, and gives back how much that was.
 */
export function writeWhole(bytes: Buffer, write: (bytes: Buffer, from: number) => number): void {
  let [done, waited] = [0, 0];
  while (done < bytes.length) {
    try {
      done += write(bytes, done);
      waited = 0;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN" || waited >= PATIENCE_MILLISECONDS) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MILLISECONDS);
      waited += PAUSE_MILLISECONDS;
    }
  }
}
