import { execFileSync } from "node:child_process";
import { truncateSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadApprovals } from "../../src/cli/approvals/load-approvals.ts";
import type { Session } from "../../src/cli/session.ts";
import { makeWorkplace } from "../support/run-axcess.ts";

describe("files that are made to exhaust memory or time are refused with what to do", () => {
  test("a saved plan of 200 MB", async () => {
    const place = makeWorkplace();
    place.write("plan.json", "{}");
    truncateSync(join(place.folder, "plan.json"), 200_000_000);
    const { exit, stderr } = await place.run(["show", "plan.json"]);
    expect([exit, stderr]).toEqual([64, expect.stringContaining("Plan in parts")]);
  });

  test("a ledger of a gigabyte without a line", async () => {
    const place = makeWorkplace();
    place.write("ledger.jsonl", "");
    truncateSync(join(place.folder, "ledger.jsonl"), 2 ** 30);
    const { exit, stderr } = await place.run(["ledger", "verify", "--ledger", "ledger.jsonl"]);
    expect([exit, stderr]).toEqual([1, expect.stringContaining("Line 1 of the ledger: It is longer than 64 MiB")]);
  });

  test("more approvals files than anybody reads", async () => {
    const names = Array.from({ length: 10_001 }, (_, at) => `${at}.yaml`);
    const files = { kind: async () => "directory", list: async () => names };
    const session = { files, globals: { files: ["."] } } as unknown as Session;
    await expect(loadApprovals(session, [])).rejects.toThrow("10001 approvals files; 10000 are read at most");
  });

  test.each([["pipe"], ["/dev/zero"]])("%s, wherever a file is read", async (path) => {
    const place = makeWorkplace();
    execFileSync("mkfifo", [join(place.folder, "pipe")]);
    for (const words of [
      ["validate", "-f", path],
      ["fmt", "-f", path],
      ["show", path],
      ["ledger", "verify", "--ledger", path],
    ]) {
      const { exit, stdout, stderr } = await place.run(words);
      expect([exit, stdout + stderr]).toEqual([1, expect.stringContaining("pipe or a device")]);
    }
  });
});
