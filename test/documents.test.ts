import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { EXIT } from "../src/cli/exit.ts";
import { buildProgram } from "../src/cli/program.ts";
import { KINDS } from "../src/kinds/registry.ts";
import { MANIFEST_CODES } from "../src/manifest/diagnostic-codes.ts";
import { HAZARD_TITLES } from "../src/model/change.ts";
import {
  listAnchors,
  listBlocks,
  listLocalLinks,
  ROOT,
  readDocument,
  resolveLink,
  sectionOf,
} from "./support/document.ts";
import { fillTables } from "./support/document-tables.ts";
import { playDocument } from "./support/play-document.ts";
import { makeWorkplace } from "./support/run-axcess.ts";

const BLESS = process.env["BLESS"] === "1";
const DECISIONS = "docs/decisions/";

const DOCUMENTS = [
  ...namesIn("./").filter((name) => name.endsWith(".md")),
  ...namesIn("docs/").flatMap((name) => (name.endsWith(".md") ? [`docs/${name}`] : [])),
  ...namesIn(DECISIONS).map((name) => `${DECISIONS}${name}`),
];
const SOURCES = filesBelow("src/");

describe("what a document shows is what really comes", () => {
  const played = DOCUMENTS.filter((path) =>
    listBlocks(readDocument(path)).some(({ language }) => language === "console"),
  );
  test.each(played)("%s", async (path) => {
    keep(path, await playDocument(readDocument(path)));
  });

  test.each(DOCUMENTS)("%s: tables made from the code are up to date", (path) => {
    keep(path, fillTables(readDocument(path)));
  });

  test("every manifest in docs/manifest.md is valid", async () => {
    const place = makeWorkplace();
    const manifests = listBlocks(readDocument("docs/manifest.md")).filter(({ language }) => language === "yaml");
    const names = manifests.map(({ body, start }) => {
      const text = body.join("\n");
      place.write(`line-${start + 1}.yaml`, text.includes("version: 1") ? text : `version: 1\n${text}`);
      return `line-${start + 1}.yaml`;
    });
    for (const name of names) {
      const { stdout, stderr } = await place.run(["validate", "-f", name]);
      expect(stdout, name).toBe("");
      expect(stderr, name).toContain("The manifest is valid");
    }
  });

  test("the code that docs/adding-a-kind.md walks through is the code", () => {
    const shown = listBlocks(readDocument("docs/adding-a-kind.md")).filter(({ language }) => language === "ts");
    const code = readDocument("src/kinds/project-restriction.ts");
    expect(shown.map(({ body }) => body.join("\n")).filter((text) => !code.includes(text))).toEqual([]);
    expect(shown.length).toBeGreaterThan(0);
  });

  test("the lines that README.md tells apart stand in the examples", () => {
    const lines = listBlocks(readDocument("README.md")).flatMap(({ language, body }) =>
      language === "diff" ? body : [],
    );
    const stands = (line: string, file: string): boolean => readDocument(file).includes(line.slice(1).trim());
    expect(lines.filter((line) => line.startsWith("-") && !stands(line, "examples/access.yaml"))).toEqual([]);
    expect(lines.filter((line) => line.startsWith("+") && !stands(line, "examples/access-after.yaml"))).toEqual([]);
    expect(lines.length).toBeGreaterThan(0);
  });
});

describe("what the code has is documented", () => {
  const cli = readDocument("docs/cli.md");
  const program = buildProgram(silentIo(), () => undefined);

  test.each(program.commands.map((command) => [command.name(), command] as const))("axcess %s", (name, command) => {
    const section = sectionOf(cli, `### \`axcess ${name}\``);
    expect(section).not.toBe("");
    expect(flagsOf(command).filter((flag) => !section.includes(`\`${flag}`))).toEqual([]);
  });

  test("global flags", () => {
    const section = sectionOf(cli, "## Global flags");
    const globals = program.options.flatMap(({ long }) => long ?? []);
    expect(globals.filter((flag) => !section.includes(`\`${flag}`))).toEqual([]);
  });

  test("no flag is documented that does not exist", () => {
    const known = new Set(flagsOf(program).concat("--help", "--force"));
    const written = DOCUMENTS.flatMap((path) => [
      ...readDocument(path).matchAll(/`(?:axcess [^`]*?)?(--[a-z][a-z-]+)/gu),
    ]);
    const strange = written.map((match) => match[1] ?? "").filter((flag) => !known.has(flag));
    expect(strange).toEqual([]);
  });

  test("exit codes", () => {
    const section = sectionOf(cli, "## Exit codes");
    expect(Object.values(EXIT).filter((code) => !section.includes(`| ${code} |`))).toEqual([]);
  });

  test("environment variables", () => {
    const section = sectionOf(cli, "## Environment variables");
    // What GitHub sets for the steps of the action is nobody's to set.
    const own = SOURCES.filter((path) => !path.startsWith("src/action/"));
    const used = own
      .flatMap((path) => [
        ...readDocument(path).matchAll(/env\["(\w+)"\]|"((?:ARIZE|AXCESS)_[A-Z_]*[A-Z])"|^\s+(AXCESS_[A-Z]+): /gmu),
      ])
      .map((match) => match[1] ?? match[2] ?? match[3] ?? "");
    expect(used.length).toBeGreaterThan(5);
    expect([...new Set(used)].filter((name) => !section.includes(`\`${name}\``))).toEqual([]);
  });

  test("inputs and outputs of the action", () => {
    const section = sectionOf(readDocument("docs/github.md"), "## The action");
    const { inputs, outputs } = parse(readDocument("action.yml"));
    const names = [...Object.keys(inputs), ...Object.keys(outputs)];
    expect(names.filter((name) => !section.includes(`\`${name}\``))).toEqual([]);
  });

  test("diagnostic codes", () => {
    const codes = new Set(SOURCES.flatMap((path) => readDocument(path).match(/\bAX[1-5]\d\d\b/gu) ?? []));
    const listed = (code: string): boolean =>
      readDocument(/^AX[12]/u.test(code) ? "docs/manifest.md" : "docs/cli.md").includes(`| ${code} |`);
    expect([...codes].filter((code) => !listed(code)).sort()).toEqual([]);
    expect(Object.keys(MANIFEST_CODES).every((code) => codes.has(code))).toBe(true);
  });

  test("gates", () => {
    const gates = sectionOf(readDocument("docs/safety.md"), "## Gates");
    expect(Object.keys(HAZARD_TITLES).filter((code) => !gates.includes(`\`${code}\``))).toEqual([]);
  });

  test("kinds", () => {
    const table = sectionOf(readDocument("README.md"), "## What it manages");
    expect(KINDS.filter(({ name }) => !table.includes(`\`${name}:`)).map(({ name }) => name)).toEqual([]);
  });

  test("folders of the source, their doors and the homes of packages", () => {
    const rows = sectionOf(readDocument("docs/architecture.md"), "## Folders").split("\n");
    const rowOf = (folder: string): string => rows.find((row) => row.startsWith(`| \`${folder}\``)) ?? "";
    const rules = readDocument(".dependency-cruiser.cjs");
    const [, doors = ""] = /const DOORS = \{\n([\s\S]*?)\};/u.exec(rules) ?? [];
    const [, homes = ""] = /const HOMES = \{\n([\s\S]*?)\};/u.exec(rules) ?? [];
    const listed = doors.split("\n").flatMap((line) => {
      const [folder = "", ...files] = line.match(/[\w-]+/gu) ?? [];
      return files.map((file) => ({ folder, word: `\`${file}\`` }));
    });
    const housed = [...homes.matchAll(/"?(@?[\w/-]+)"?: "([\w|]+)"/gu)].flatMap(([, name = "", folders = ""]) =>
      folders.split("|").map((folder) => ({ folder, word: name })),
    );
    expect(namesIn("src/").filter((name) => !name.includes(".") && rowOf(name) === "")).toEqual([]);
    expect([...listed, ...housed].filter(({ folder, word }) => !rowOf(folder).includes(word))).toEqual([]);
    expect(Math.min(listed.length, housed.length)).toBeGreaterThan(5);
  });
});

describe("documents hold together", () => {
  test.each(DOCUMENTS)("%s: every link leads somewhere", (path) => {
    const dead = listLocalLinks(readDocument(path)).filter((target) => {
      const { file, anchor } = resolveLink(path, target);
      if (!existsSync(file)) return true;
      return anchor !== "" && !listAnchors(readFileSync(file, "utf8")).has(anchor);
    });
    expect(dead).toEqual([]);
  });

  test("every document is linked from README.md or from one that is", () => {
    const reached = new Set<string>();
    const visit = (path: string): void => {
      if (reached.has(path) || !path.endsWith(".md")) return;
      reached.add(path);
      for (const target of listLocalLinks(readDocument(path))) {
        visit(fileURLToPath(resolveLink(path, target).file).slice(fileURLToPath(ROOT).length));
      }
    };
    visit("README.md");
    expect(DOCUMENTS.filter((path) => !reached.has(path))).toEqual([]);
  });

  test("every decision answers the same five points, and their numbers have no gap", () => {
    const names = namesIn(DECISIONS);
    names.forEach((name, index) => {
      const number = String(index + 1).padStart(4, "0");
      const text = readDocument(`${DECISIONS}${name}`);
      expect(name).toMatch(new RegExp(`^${number}-[a-z0-9-]+\\.md$`, "u"));
      expect(text.split("\n")[0]).toMatch(new RegExp(`^# ${number} `, "u"));
      expect(text.match(/^## .*$/gmu)).toEqual([
        "## Question",
        "## Decision",
        "## Because",
        "## Instead of",
        "## Consequences",
      ]);
    });
  });

  test("README.md names the command that runs the tests where .ci/run reads it", () => {
    expect(readDocument("README.md")).toContain("<!-- tests -->\n```sh\nnpm ci && npm test\n```\n");
  });
});

function keep(path: string, text: string): void {
  if (BLESS) writeFileSync(new URL(path, ROOT), text);
  else expect(text).toBe(readDocument(path));
}

function namesIn(folder: string): readonly string[] {
  return readdirSync(new URL(folder, ROOT)).sort();
}

function filesBelow(folder: string): readonly string[] {
  const entries = readdirSync(new URL(folder, ROOT), { withFileTypes: true });
  return entries.flatMap((entry) =>
    entry.isDirectory() ? filesBelow(`${folder}${entry.name}/`) : [`${folder}${entry.name}`],
  );
}

function flagsOf(command: Command): readonly string[] {
  const own = command.options.flatMap(({ long, short }) =>
    [long, short].filter((flag) => flag !== undefined && flag !== null),
  );
  return [...own, ...command.commands.flatMap(flagsOf)];
}

function silentIo(): Parameters<typeof buildProgram>[0] {
  const sink = { write: (): void => undefined };
  return {
    stdout: sink,
    stderr: sink,
    stdin: (async function* nothing(): AsyncGenerator<string, void, void> {})(),
    isTty: { stdin: false, stdout: false, stderr: false },
    columns: 100,
    env: {},
    cwd: ".",
    onInterrupt: () => () => undefined,
  };
}
