import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { systemHost } from "../../src/host/system-host.ts";

describe("whether a process lives", () => {
  test("this one does, and so does one that is not ours", () => {
    expect(systemHost.isAlive(process.pid)).toBe(true);
    expect(systemHost.isAlive(1)).toBe(true);
  });

  test("a number nobody has does not", () => {
    expect(systemHost.isAlive(2 ** 22 + 1)).toBe(false);
  });

  test.runIf(process.platform === "linux")("one that was killed and is not reaped does not", async () => {
    // The shell starts a child and becomes `sleep`, which never asks after it.
    const parent = spawn("sh", ["-c", "sleep 0 & echo $!; exec sleep 60"], { stdio: ["ignore", "pipe", "ignore"] });
    try {
      const [chunk] = (await once(parent.stdout, "data")) as [Buffer];
      const child = Number(chunk.toString().trim());
      while (!/\) Z/u.test(readFileSync(`/proc/${child}/stat`, "utf8")))
        await new Promise((resolve) => setImmediate(resolve));
      expect(systemHost.isAlive(child)).toBe(false);
    } finally {
      parent.kill("SIGKILL");
    }
  });
});
