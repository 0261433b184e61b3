import { constants, type FileHandle, open } from "node:fs/promises";
import type { TakePiece } from "../model/ports.ts";

/** Nothing that axcess holds whole is longer: beyond it memory would end before a problem could be told. */
const MOST_BYTES: number = 256 * 1024 * 1024;
const CHUNK_BYTES = 1024 * 1024;
const PIECE_BYTES = 256 * 1024;

/** What is open already, such as `<(program)` of a shell; whoever opened it also ends it. */
const HANDED_OVER = /^\/(?:dev\/(?:fd\/\d+|stdin)|proc\/self\/fd\/\d+)$/u;

/**
 * The bytes of a file. A pipe or a device is refused, since reading it may never end: code ENOFILE; so is what is too long: EFBIG.
 * Other errors are Node's.
 */
export async function readBounded(path: string, most: number = MOST_BYTES): Promise<Uint8Array> {
  return whileOpen(path, most, (file, size) => readAll(file, { path, most, size }));
}

/**
 * The same in pieces, in their order, from a byte on: each is gone once `take` is back. As nothing is held, no file is too long.
 */
export async function readInPieces(path: string, take: TakePiece, from = 0): Promise<void> {
  await whileOpen(path, Number.POSITIVE_INFINITY, async (file) => {
    const place = new Uint8Array(PIECE_BYTES);
    // A pipe knows no places, and is read from where it is.
    for (let at = from === 0 ? null : from; ; ) {
      const { bytesRead } = await file.read(place, 0, place.length, at);
      if (bytesRead === 0) return;
      if (at !== null) at += bytesRead;
      await take(place.subarray(0, bytesRead));
    }
  });
}

async function whileOpen<T>(
  path: string,
  most: number,
  work: (file: FileHandle, size: number) => Promise<T>,
): Promise<T> {
  const isHandedOver = HANDED_OVER.test(path);
  // Opening a pipe that nobody writes to would wait for somebody.
  const file = await open(path, isHandedOver ? constants.O_RDONLY : constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = await file.stat();
    if (stats.isDirectory()) throw failure("EISDIR", path);
    if (!stats.isFile() && !isHandedOver && path !== "/dev/null") throw failure("ENOFILE", path);
    if (stats.size > most) throw failure("EFBIG", path);
    // What is no regular file has no length of its own, and what the system makes up as it is read says 0.
    return await work(file, stats.isFile() ? stats.size : 0);
  } finally {
    await file.close();
  }
}

async function readAll(
  file: FileHandle,
  { path, most, size }: { readonly path: string; readonly most: number; readonly size: number },
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    // One more than there should be, so that the end is seen at once.
    const chunk = new Uint8Array(Math.max(size - length + 1, length === 0 ? 1 : CHUNK_BYTES));
    const { bytesRead } = await file.read(chunk, 0, chunk.length, null);
    if (bytesRead === 0) break;
    length += bytesRead;
    if (length > most) throw failure("EFBIG", path);
    chunks.push(chunk.subarray(0, bytesRead));
    if (size > 0 && length === size && bytesRead < chunk.length) break;
  }
  const [only = new Uint8Array(0)] = chunks;
  return chunks.length < 2 ? only : Buffer.concat(chunks);
}

function failure(code: string, path: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: ${path}`), { code });
}
