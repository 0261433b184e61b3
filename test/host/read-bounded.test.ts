import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readBounded, readInPieces } from "../../src/host/read-bounded.ts";

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "axcess-bounded-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test("a file is read whole, up to the limit and no further", async () => {
  const path = join(makeFolder(), "a");
  writeFileSync(path, "0123456789");
  expect(Buffer.from(await readBounded(path, 10)).toString()).toBe("0123456789");
  await expect(readBounded(path, 9)).rejects.toMatchObject({ code: "EFBIG" });
  writeFileSync(path, "");
  expect(await readBounded(path)).toHaveLength(0);
});

test("a file is read in pieces, in their order, from a place on, however long it is", async () => {
  const path = join(makeFolder(), "a");
  const bytes = Buffer.from(Array.from({ length: 700_000 }, (_, at) => at % 251));
  writeFileSync(path, bytes);
  const pieces: Buffer[] = [];
  await readInPieces(path, (piece) => pieces.push(Buffer.from(piece)));
  expect(pieces.length).toBeGreaterThan(1);
  expect(Buffer.concat(pieces).equals(bytes)).toBe(true);
  const later: Buffer[] = [];
  await readInPieces(path, (piece) => later.push(Buffer.from(piece)), 299_999);
  expect(Buffer.concat(later).equals(bytes.subarray(299_999))).toBe(true);
  // A file of a gigabyte that takes no room on the disk.
  truncateSync(path, 2 ** 30);
  let end: Buffer | undefined;
  await readInPieces(path, (piece) => (end = Buffer.from(piece)), 2 ** 30 - 5);
  expect(end).toEqual(Buffer.alloc(5));
  await expect(readInPieces(join(path, "none"), () => undefined)).rejects.toMatchObject({ code: "ENOTDIR" });
  await expect(readInPieces("/dev/zero", () => undefined)).rejects.toMatchObject({ code: "ENOFILE" });
});

test("each piece is waited for before the next one comes", async () => {
  const path = join(makeFolder(), "a");
  writeFileSync(path, Buffer.alloc(700_000));
  let underWay = 0;
  let most = 0;
  await readInPieces(path, async () => {
    underWay += 1;
    most = Math.max(most, underWay);
    await Promise.resolve();
    underWay -= 1;
  });
  expect(most).toBe(1);
});

test("a file of a gigabyte is refused unread", async () => {
  const path = join(makeFolder(), "a");
  writeFileSync(path, "");
  truncateSync(path, 2 ** 30);
  await expect(readBounded(path)).rejects.toMatchObject({ code: "EFBIG" });
});

test("what does not say how long it is, is read whole or refused as well", async () => {
  expect(Buffer.from(await readBounded("/proc/self/status")).toString()).toContain("Name:");
  await expect(readBounded("/proc/self/status", 100)).rejects.toMatchObject({ code: "EFBIG" });
});

test("pipes, devices and folders are refused at once; nothing is nothing", async () => {
  const folder = makeFolder();
  const pipe = join(folder, "pipe");
  execFileSync("mkfifo", [pipe]);
  await expect(readBounded(pipe)).rejects.toMatchObject({ code: "ENOFILE" });
  await expect(readBounded("/dev/zero")).rejects.toMatchObject({ code: "ENOFILE" });
  await expect(readBounded(folder)).rejects.toMatchObject({ code: "EISDIR" });
  await expect(readBounded(join(folder, "none"))).rejects.toMatchObject({ code: "ENOENT" });
  expect(await readBounded("/dev/null")).toHaveLength(0);
});
