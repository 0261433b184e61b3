import { crc32, deflateRawSync } from "node:zlib";

/** A zip archive as one is written by somebody who packs while sending: sizes stand behind each file, and in the directory. */
export function packZip(files: Readonly<Record<string, string>>): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [name, text] of Object.entries(files)) {
    const [path, plain] = [Buffer.from(name), Buffer.from(text)];
    const packed = deflateRawSync(plain);
    const sizes = words(crc32(plain), packed.length, plain.length);
    const local = Buffer.concat([
      words(0x04034b50),
      shorts(20, 8, 8, 0, 0),
      words(0, 0, 0),
      shorts(path.length, 0),
      path,
    ]);
    const behind = Buffer.concat([words(0x08074b50), sizes]);
    directory.push(
      Buffer.concat([
        words(0x02014b50),
        shorts(20, 20, 8, 8, 0, 0),
        sizes,
        shorts(path.length, 0, 0, 0, 0),
        words(0, at),
        path,
      ]),
    );
    parts.push(local, packed, behind);
    at += local.length + packed.length + behind.length;
  }
  const index = Buffer.concat(directory);
  const count = directory.length;
  const end = Buffer.concat([words(0x06054b50), shorts(0, 0, count, count), words(index.length, at), shorts(0)]);
  return Buffer.concat([...parts, index, end]);
}

function words(...numbers: readonly number[]): Buffer {
  const buffer = Buffer.alloc(numbers.length * 4);
  for (const [index, number] of numbers.entries()) buffer.writeUInt32LE(number, index * 4);
  return buffer;
}

function shorts(...numbers: readonly number[]): Buffer {
  const buffer = Buffer.alloc(numbers.length * 2);
  for (const [index, number] of numbers.entries()) buffer.writeUInt16LE(number, index * 2);
  return buffer;
}
