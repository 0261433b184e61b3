import { expect, test } from "vitest";
import { type DiskFault, makeDisk } from "../../simulation/machine/disk.ts";
import { makeProcess } from "../../simulation/machine/process.ts";

test("what a loss of power takes away is told of every file, also of one that somebody was killed in the middle of", async () => {
  const told: (readonly [string, string, string])[] = [];
  const faults = new Map<number, DiskFault>([
    [3, { kind: "kill", when: "torn" }],
    [5, { kind: "power" }],
  ]);
  const disk = makeDisk({
    faultAt: (write) => faults.get(write),
    delay: () => 0,
    after: (_, run) => run(),
    onChange: (change, path, text) => told.push([change, path, text]),
  });
  const [one, other] = [makeProcess(1), makeProcess(2)];
  const torn = await disk.filesOf(one).openAppender("/a/ledger");
  await torn.append("whole\n");
  void torn.append("half");
  expect([one.isAlive(), disk.text("/a/ledger")]).toEqual([false, "whole\nha"]);
  const files = disk.filesOf(other);
  await files.replace("/b/lock", "mine");
  told.length = 0;
  void files.replace("/b/lock", "yours");
  expect([other.isAlive(), disk.text("/a/ledger"), disk.text("/b/lock")]).toEqual([false, "whole\n", "mine"]);
  expect(told).toEqual([
    ["replace", "/b/lock", "mine"],
    ["replace", "/a/ledger", "whole\n"],
  ]);
});
