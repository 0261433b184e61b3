import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { listEngineFlags } from "../../src/cli/engine-flags.ts";

describe("the flags of V8", () => {
  test("are known to the V8 that gets them", () => {
    const flags = listEngineFlags(process.versions.v8);
    expect(flags.length).toBeGreaterThan(2);
    const { status, stderr } = spawnSync(
      process.execPath,
      ["-e", `for (const flag of ${JSON.stringify(flags)}) v8.setFlagsFromString(flag)`],
      { encoding: "utf8" },
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  });

  test("are counted in calls where V8 has no budget any more", () => {
    expect(listEngineFlags("11.3.244.8-node.38")).toContain("--interrupt-budget=1000000");
    for (const newer of ["12.4.254.21-node.57", "13.6.233.17-node.53", "14.6.202.34-node.34"]) {
      expect(listEngineFlags(newer).join()).not.toContain("--interrupt-budget");
      expect(listEngineFlags(newer)).toContain("--invocation-count-for-turbofan=45000");
    }
  });

  test.each(["10.2.154.26-node.36", "15.0.1-node.1", "", "none"])("are none for V8 %j, which nobody tried", (v8) => {
    expect(listEngineFlags(v8)).toEqual([]);
  });
});
