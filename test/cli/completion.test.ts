import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { renderCompletion } from "../../src/cli/render/completion.ts";
import { makeWorkplace } from "../support/run-axcess.ts";

/** What bash offers for words typed after `axcess`. */
function complete(script: string, words: readonly string[]): readonly string[] {
  const asked = `COMP_WORDS=(axcess ${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length}; _axcess`;
  const output = execFileSync("bash", ["-c", `${script}\n${asked}\nprintf '%s\\n' "\${COMPREPLY[@]}"`], {
    encoding: "utf8",
  });
  return output.split("\n").filter((line) => line !== "");
}

describe("completion", () => {
  test("bash is offered what the parser knows", async () => {
    const { stdout, exit } = await makeWorkplace().run(["completion", "bash"]);
    expect(exit).toBe(0);
    expect(complete(stdout, ["pl"])).toEqual(["plan"]);
    expect(complete(stdout, [""])).toEqual(expect.arrayContaining(["validate", "apply", "--file", "-f"]));
    expect(complete(stdout, ["plan", "--det"])).toEqual(["--detailed-exitcode"]);
    expect(complete(stdout, ["--quiet", "plan", "--max"])).toEqual(["--max-removals", "--max-removal-percent"]);
    expect(complete(stdout, ["validate", "--format", "s"])).toEqual(["sarif"]);
    expect(complete(stdout, ["schema", "ac"])).toEqual(["access"]);
    expect(complete(stdout, ["plan", "--out", "p"])).toEqual([]);
    expect(complete(stdout, ["apply", ""])).toEqual([]);
    expect(complete(stdout, ["apply", "--auto"])).toEqual(["--auto-approve"]);
    expect(complete(stdout, ["show", "--format", "--"])).toEqual([]);
    expect(complete(stdout, ["plan", "--file", "p"])).toEqual([]);
  });

  test.each(["zsh", "fish"])("%s names every command and flag", async (shell) => {
    const { stdout } = await makeWorkplace().run(["completion", shell]);
    for (const word of ["validate", "doctor", "detailed-exitcode", "max-removals", "sarif", "ledger"]) {
      expect(stdout).toContain(word);
    }
  });

  test("zsh takes flags after the command's name for the command's own, and files only where one is wanted", async () => {
    const { stdout } = await makeWorkplace().run(["completion", "zsh"]);
    expect(stdout).toContain("_arguments -C -A '-*'");
    expect(stdout.match(/'1:file:_files'/gu)).toHaveLength(3);
  });

  test("bash accepts the script as one", async () => {
    const place = makeWorkplace();
    const { stdout } = await place.run(["completion", "bash"]);
    writeFileSync(join(place.folder, "c.bash"), stdout);
    expect(() => execFileSync("bash", ["-n", join(place.folder, "c.bash")])).not.toThrow();
  });

  test("descriptions cannot break out of their quotes", () => {
    const flag = { names: ["--it"], description: "it's [a] b:c", takesValue: true, values: [] };
    const words = {
      globalFlags: [flag],
      commands: [{ name: "x", description: "don't", flags: [], operands: [], takesFile: false }],
    };
    expect(renderCompletion("zsh", words)).toContain(`'*--it[it'\\''s \\[a\\] b\\:c]:value:_files'`);
    expect(renderCompletion("fish", words)).toContain("-l it -r -d 'it\\'s [a] b:c'");
  });

  test("is part of the JSON document", async () => {
    const { stdout } = await makeWorkplace().run(["completion", "fish", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({ command: "completion", shell: "fish" });
  });
});
