import type { Command } from "commander";
import { describe, expect, test } from "vitest";
import { buildProgram } from "../../src/cli/program.ts";

const IO: Parameters<typeof buildProgram>[0] = {
  stdout: { write: () => undefined },
  stderr: { write: () => undefined },
  stdin: (async function* () {})(),
  isTty: { stdin: false, stdout: false, stderr: false },
  columns: 100,
  env: {},
  cwd: "/",
  onInterrupt: () => () => undefined,
};
const build = (first?: string): Command => buildProgram(IO, () => undefined, first);
const namesOf = (program: Command): readonly string[] => program.commands.map((command) => command.name());
const helpOf = (program: Command, name: string): string | undefined =>
  program.commands.find((command) => command.name() === name)?.helpInformation();

const ALL = build();

describe("the tree of commands", () => {
  test("has all of them where the first word names none, and no more than are needed where it does", () => {
    expect(namesOf(build("valdate"))).toEqual(namesOf(ALL));
    expect(namesOf(build("--json"))).toEqual(namesOf(ALL));
    expect(namesOf(build("help"))).toEqual(namesOf(ALL));
    expect(namesOf(build("completion"))).toEqual(namesOf(ALL));
    expect(namesOf(build("validate"))).toEqual(["validate"]);
    expect(namesOf(build("who-can"))).toEqual(["explain", "who-can", "access"]);
    expect(namesOf(ALL).filter((name) => namesOf(build(name)).length === namesOf(ALL).length)).toEqual(["completion"]);
  });

  test.each(namesOf(ALL))("%s is the same with all others and without", (name) => {
    expect(helpOf(build(name), name)).toBe(helpOf(ALL, name));
    expect(helpOf(ALL, name)).toContain(`Usage: axcess ${name}`);
  });
});
