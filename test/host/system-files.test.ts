import {
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { systemFiles } from "../../src/host/system-files.ts";
import { clearAbandoned, temporaryBeside } from "../../src/host/temporary-file.ts";

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "axcess-files-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const NOBODY = 2 ** 22 + 1;

test("the next write clears what a killed writer left, and nothing else", async () => {
  const folder = makeFolder();
  const path = join(folder, "access.yaml");
  const abandoned = temporaryBeside(join(folder, "other.yaml"), NOBODY);
  const kept = [
    temporaryBeside(path),
    temporaryBeside(path, NOBODY).replace(/axcess-[0-9a-f]{8}/u, "axcess-00000000"),
    temporaryBeside(path, NOBODY).slice(0, -1),
    join(folder, ".access.yaml.swp"),
  ];
  for (const file of [abandoned, ...kept]) writeFileSync(file, "half");
  const stubborn = basename(temporaryBeside(path, NOBODY));
  mkdirSync(join(folder, stubborn));
  await systemFiles.replace(path, "new");
  expect(readFileSync(path, "utf8")).toBe("new");
  expect(readdirSync(folder).sort()).toEqual([...kept.map((file) => basename(file)), stubborn, "access.yaml"].sort());
});

test("what is added to a file is kept when the write is over", async () => {
  const path = join(makeFolder(), "ledger.jsonl");
  const appender = await systemFiles.openAppender(path);
  const text = `${"é".repeat(300_000)}\n`;
  await appender.append(text);
  await appender.append("b\n");
  const own = "/proc/self/fd";
  const flags = (existsSync(own) ? readdirSync(own) : [])
    .filter(
      (number) =>
        lstatSync(join(own, number), { throwIfNoEntry: false }) !== undefined &&
        readlinkSync(join(own, number)) === realpathSync(path),
    )
    .map((number) => /^flags:\s*([0-7]+)$/mu.exec(readFileSync(`/proc/self/fdinfo/${number}`, "utf8"))?.[1] ?? "0");
  await appender.close();
  expect(readFileSync(path, "utf8")).toBe(`${text}b\n`);
  // Where there is no such folder, as beside Linux, nothing can be seen of it.
  expect(flags.map((one) => (Number.parseInt(one, 8) & constants.O_DSYNC) !== 0)).toEqual(
    existsSync(own) ? [true] : [],
  );
});

test("a write that fails leaves nothing", async () => {
  const folder = makeFolder();
  mkdirSync(join(folder, "taken"));
  await expect(systemFiles.replace(join(folder, "taken"), "new")).rejects.toThrow();
  expect(readdirSync(folder)).toEqual(["taken"]);
});

test("a folder that cannot be looked through is left alone", async () => {
  await expect(clearAbandoned(join(makeFolder(), "nothing"))).resolves.toBeUndefined();
});

test("what is created for one alone is whole from its first moment, and only one of many creates it", async () => {
  const folder = makeFolder();
  const path = join(folder, "ledger.lock");
  const text = "x".repeat(4_000_000);
  let isOver = false;
  const seen = new Set<number>();
  const watch = (): void => {
    if (existsSync(path)) seen.add(statSync(path).size);
    if (!isOver) setImmediate(watch);
  };
  watch();
  const made = await Promise.all([1, 2, 3].map(() => systemFiles.createExclusive(path, text)));
  isOver = true;
  watch();
  expect(made.filter(Boolean)).toHaveLength(1);
  expect([...seen]).toEqual([text.length]);
  expect(readdirSync(folder)).toEqual(["ledger.lock"]);
});

test("a stamp is another one once the file was written or replaced, and else the same", async () => {
  const path = join(makeFolder(), "a");
  expect(await systemFiles.stamp?.(path)).toBeUndefined();
  expect(await systemFiles.stamp?.(join(path, "below"))).toBeUndefined();
  writeFileSync(path, "one");
  const first = await systemFiles.stamp?.(path);
  expect(await systemFiles.stamp?.(path)).toBe(first);
  await systemFiles.replace(path, "two");
  const second = await systemFiles.stamp?.(path);
  rmSync(path);
  await systemFiles.createExclusive(path, "two");
  expect(new Set([first, second, await systemFiles.stamp?.(path)]).size).toBe(3);
  await expect(systemFiles.stamp?.("\0")).rejects.toThrow();
});
