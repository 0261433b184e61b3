import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { makeWorkplace } from "../support/run-axcess.ts";

const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));

describe("the command line", () => {
  test.each([
    [["plna"], "unknown command 'plna'\n  Did you mean plan?"],
    [["plan", "--detailed-exitcod"], "unknown option '--detailed-exitcod'\n  Did you mean --detailed-exitcode?"],
    [["plan", "extra"], "too many arguments"],
    [["show"], "missing required argument 'plan'\n  See: axcess show --help"],
    [["--sandbox", "schema", "x"], "'x' is not known. Allowed choices are access, plan, approval, ledger, events."],
    [["-f", "access", "show"], "missing required argument 'plan'\n  See: axcess show --help"],
    [["--file", "plan", "--ledger", "apply", "show"], "missing required argument 'plan'\n  See: axcess show --help"],
    [["-f", "access", "xyzzy"], "unknown command 'xyzzy'\n  See: axcess --help"],
    [["-f", "access", "plam"], "unknown command 'plam'\n  Did you mean plan?"],
    [["show", "access", "-f"], "argument missing\n  See: axcess show --help"],
    [["-f", "access", "plan", "--out"], "argument missing\n  See: axcess plan --help"],
    [["-f"], "argument missing\n  See: axcess --help"],
    [["--bogus", "-f", "plan"], "unknown option '--bogus'\n  See: axcess --help"],
    [["show", "none.json"], 'There is no plan file "none.json".'],
    [["plan", "--parallelism", "0"], "--parallelism wants a whole number of at least 1"],
    [["plan", "--rate", "300"], "--rate wants calls per minute"],
    [["plan", "--now", "yesterday"], "--now wants an RFC 3339 moment"],
    [["plan", "--now", "2026-13-01T00:00:00Z"], "--now wants an RFC 3339 moment"],
    [["plan", "--quiet", "--verbose"], "--quiet and --verbose exclude each other."],
    [["plan", "--sandbox", "--profile", "x"], "--sandbox and --profile exclude each other."],
    [["plan", "--chdir", "nowhere"], '--chdir names "nowhere", which is not a folder.'],
    [["plan", "--format", "xml"], '--format knows text, json, markdown and html, not "xml".'],
    [["drift", "--format", "html"], "drift has no --format html."],
    [["plan", "--format", "json="], "--format json= names no file."],
    [["plan", "--format", "json", "--format", "text"], "Only one --format can go to stdout."],
    [["plan", "--max-removal-percent", "101"], "--max-removal-percent wants a whole number from 0 to 100"],
    [["plan", "--max-removals", "-1"], "--max-removals wants a whole number of at least 0"],
    [["plan", "--allow", "last-admins"], "Did you mean last-admin?"],
    [["plan", "--allow", "everything"], "Gates are: removes-access,"],
    [["plan", "--target", "nonsense"], "--target wants an address pattern"],
    [["apply", "plan.json", "--exclude", "space:a/b"], "A saved plan is applied as it is"],
    [["approve", "plan.json", "--reason", "r"], "Which changes are approved has to be said, once."],
    [["approve", "plan.json", "--all", "--only", "chg_1", "--reason", "r"], "has to be said, once."],
    [["approve", "plan.json", "--all"], "An approval needs a reason."],
    [["validate", "--format", "xml"], "Allowed choices are text, json, markdown, sarif, github"],
    [["schema", "nothing"], "Allowed choices are access, plan, approval, ledger"],
    [["completion", "tcsh"], "Allowed choices are bash, zsh, fish"],
    [["sandbox", "--port", "70000"], "--port wants a number up to 65535"],
    [[], "No command was given."],
  ])("%j is refused with exit code 64", async (argv, message) => {
    const refused = await makeWorkplace().run(argv);
    expect(refused.exit).toBe(64);
    expect(refused.stderr).toContain(message);
    expect(refused.stdout).toBe("");
  });

  test("a misspelt variable is refused, a known one stands for its flag", async () => {
    const place = makeWorkplace();
    const misspelt = await place.run(["plan"], { env: { AXCESS_LEDGR: "x" } });
    expect(misspelt.exit).toBe(64);
    expect(misspelt.stderr).toContain("AXCESS_LEDGR is not known.\n  Did you mean AXCESS_LEDGER?");
    expect((await place.run(["plan"], { env: { AXCESS_ALLOW_ALL: "1" } })).stderr).toContain(
      "Known are: AXCESS_PROFILE,",
    );
    const rate = await place.run(["plan"], { env: { AXCESS_RATE: "fast" } });
    expect(rate.stderr).toContain("--rate wants calls per minute");
  });

  test("an error is a JSON document, too, where one was asked for", async () => {
    const refused = await makeWorkplace().run(["plan", "--rate", "fast", "--json"]);
    expect(JSON.parse(refused.stdout)).toEqual({
      command: "plan",
      diagnostics: [],
      error: { message: '--rate wants calls per minute such as 300/min, not "fast".' },
      exit: 64,
    });
  });

  test("the version needs nothing else", async () => {
    const place = makeWorkplace();
    expect(await place.run(["--version"], { env: { AXCESS_WRONG: "1" } })).toEqual({
      exit: 0,
      stdout: `${version}\n`,
      stderr: "",
    });
    expect(JSON.parse((await place.run(["--json", "-V"])).stdout)).toEqual({ version });
  });

  test("help goes to stdout and is no error", async () => {
    const help = await makeWorkplace().run(["plan", "--help"]);
    expect(help).toMatchObject({ exit: 0, stderr: "" });
    expect(help.stdout).toContain("--max-removals <n>");
    expect(help.stdout).toContain("--sandbox [=dir]");
  });

  test("--sandbox alone does not take the next word for its folder", async () => {
    const refused = await makeWorkplace().run(["--sandbox", "plan", "--file", "none.yaml"]);
    expect(refused.exit).toBe(1);
    expect(refused.stderr).toContain("AX101");
  });

  test("no colour where there is no terminal, or where it is refused", async () => {
    const place = makeWorkplace();
    const at = (argv: readonly string[], env = {}) => place.run(["plan", ...argv], { typed: [], env });
    expect((await at([])).stderr).toContain("\u001b[");
    expect((await at(["--no-color"])).stderr).not.toContain("\u001b");
    expect((await at([], { NO_COLOR: "1" })).stderr).not.toContain("\u001b");
    expect((await place.run(["plan"])).stderr).not.toContain("\u001b");
  });
});

describe("commands that need no account", () => {
  test("schema prints the file of the package", async () => {
    const printed = await makeWorkplace().run(["schema", "plan"]);
    expect(printed.exit).toBe(0);
    expect(printed.stdout).toBe(readFileSync(new URL("../../schema/plan.schema.json", import.meta.url), "utf8"));
  });

  test("validate tells problems in every format, under --chdir too", async () => {
    const place = makeWorkplace();
    place.write("access.yaml", "version: 1\n");
    expect(await place.run(["validate"])).toEqual({ exit: 0, stdout: "", stderr: "The manifest is valid (1 file).\n" });
    place.write("access.yaml", "version: 1\npeopel: {}\n");
    const text = await place.run(["validate", "--chdir", "."]);
    expect(text.exit).toBe(1);
    expect(text.stdout).toMatch(/^error AX120 {2}Unknown key\n {2}access\.yaml:2:1\n/u);
    expect((await place.run(["validate", "--format", "github"])).stdout).toMatch(
      /^::error file=access\.yaml,line=2,col=1/u,
    );
    const sarif = JSON.parse((await place.run(["validate", "--format", "sarif"])).stdout);
    expect(sarif.runs[0].tool.driver).toMatchObject({ name: "axcess", version, rules: [{ id: "AX120" }] });
    expect(JSON.parse((await place.run(["validate", "--format", "json"])).stdout)).toMatchObject([{ code: "AX120" }]);
    const document = JSON.parse((await place.run(["validate", "--json"])).stdout);
    expect(document).toMatchObject({
      command: "validate",
      exit: 1,
      files: ["access.yaml"],
      diagnostics: [{ code: "AX120" }],
    });
  });
});
