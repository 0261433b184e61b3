import { inflateRawSync } from "node:zlib";
import { ActionError } from "./inputs.ts";

/** No plan is as large, unpacked. */
const MOST_BYTES = 256 * 1024 * 1024;
const END = 0x06054b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
const END_LENGTH = 22;
const STORED = 0;
const DEFLATED = 8;

/**
 * The texts in a zip archive, by path. Sizes and places are taken from its directory, since those that pack while they send know
 * them only then; `most` bytes are unpacked in all. Archives over 4 GB are refused. Throws ActionError.
 */
export function readZip(bytes: Uint8Array, most: number = MOST_BYTES): ReadonlyMap<string, string> {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    return readEntries(view, most);
  } catch (error) {
    if (error instanceof ActionError) throw error;
    throw new ActionError("The artifact is no zip archive that can be read.");
  }
}

function readEntries(view: Buffer, most: number): ReadonlyMap<string, string> {
  const end = findEnd(view);
  const count = view.readUInt16LE(end + 10);
  const files = new Map<string, string>();
  let [at, room] = [view.readUInt32LE(end + 16), most];
  for (let entry = 0; entry < count; entry += 1) {
    if (view.readUInt32LE(at) !== ENTRY) throw new ActionError("The directory of the artifact is torn.");
    const [nameLength, extraLength, noteLength] = [28, 30, 32].map((offset) => view.readUInt16LE(at + offset));
    const name = view.toString("utf8", at + 46, at + 46 + (nameLength ?? 0));
    const content = unpack(view, at, room);
    room -= content.length;
    // Entries may share one place, so that the sum of what is only stored can be more than the archive.
    if (room < 0) throw new ActionError("The artifact unpacks to more than any plan.");
    files.set(name, content.toString("utf8"));
    at += 46 + (nameLength ?? 0) + (extraLength ?? 0) + (noteLength ?? 0);
  }
  return files;
}

function unpack(view: Buffer, entry: number, room: number): Buffer {
  const method = view.readUInt16LE(entry + 10);
  const packed = view.readUInt32LE(entry + 20);
  const local = view.readUInt32LE(entry + 42);
  if (view.readUInt32LE(local) !== LOCAL) throw new ActionError("The artifact is torn.");
  const start = local + 30 + view.readUInt16LE(local + 26) + view.readUInt16LE(local + 28);
  const body = view.subarray(start, start + packed);
  if (method === STORED) return body;
  if (method !== DEFLATED) throw new ActionError("The artifact is packed in a way that is not known.");
  return inflateRawSync(body, { maxOutputLength: Math.max(1, room) });
}

/** The directory's end stands last, with a comment of any length behind it. */
function findEnd(view: Buffer): number {
  for (let at = view.length - END_LENGTH; at >= 0; at -= 1) if (view.readUInt32LE(at) === END) return at;
  throw new ActionError("The artifact is no zip archive.");
}
