import { describe, expect, test } from "vitest";
import { readGlobals, spellGlobals } from "../../../src/cli/flags/globals.ts";

describe("global flags", () => {
  test("are spelled for the command to be run next", () => {
    expect(spellGlobals(readGlobals({}, {}))).toEqual([]);
    const given = { file: ["a.yaml", "b"], sandbox: "", ledger: "l", chdir: "c" };
    expect(spellGlobals(readGlobals(given, {})).join(" ")).toBe(
      "--file a.yaml --file b --sandbox --ledger l --chdir c",
    );
    expect(spellGlobals(readGlobals({ sandbox: "x" }, {}))).toEqual(["--sandbox=x"]);
    expect(spellGlobals(readGlobals({}, { AXCESS_PROFILE: "p" }))).toEqual(["--profile", "p"]);
  });

  test("go before the environment", () => {
    const globals = readGlobals({ parallelism: "3" }, { AXCESS_PARALLELISM: "5", AXCESS_RATE: "60/min" });
    expect(globals).toMatchObject({ parallelism: 3, ratePerMinute: 60 });
  });
});
