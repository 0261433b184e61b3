import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { KINDS } from "../src/kinds/registry.ts";

const SOURCE = new URL("../src/", import.meta.url).pathname;

interface SourceFile {
  readonly path: string;
  readonly text: string;
}

function listSources(folder: string, root: string = folder): readonly SourceFile[] {
  return readdirSync(folder)
    .filter((name) => !name.startsWith("."))
    .flatMap((name) => {
      const path = join(folder, name);
      if (statSync(path).isDirectory()) return listSources(path, root);
      return [{ path: path.slice(root.length), text: readFileSync(path, "utf8") }];
    });
}

const SOURCES = listSources(SOURCE);

const SIMULATION = new URL("../simulation/", import.meta.url).pathname;

/** Files of these folders whose text, comments aside, fits the pattern. */
function findUses(pattern: RegExp, folders: RegExp): readonly string[] {
  return SOURCES.filter(({ path, text }) => folders.test(path) && pattern.test(withoutComments(text))).map(
    ({ path }) => path,
  );
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//gu, "").replace(/(^|\s)\/\/.*$/gmu, "");
}

const NOT_ADAPTERS = /^(?!host\/|sandbox\/)/u;

describe("the house", () => {
  test("planning and applying know no kind by name", () => {
    const names = KINDS.flatMap(({ name, title }) => [name, title]).filter(
      (name) => name.includes("-") || name.includes(" "),
    );
    const words = ["organization", "binding", "restriction", "project", ...names].join("|");
    expect(findUses(new RegExp(`["'\`](${words})["'\`@:]`, "u"), /^(plan|apply)\//u)).toEqual([]);
  });

  test("time, chance and timers come through ports", () => {
    expect(findUses(/\bDate\.now\(|new Date\(\)|\bMath\.random\(|performance\.now/u, NOT_ADAPTERS)).toEqual([]);
    expect(findUses(/\bset(Interval|Immediate)\(/u, NOT_ADAPTERS)).toEqual([]);
    // The network has no time but that of its sockets: its deadline is one of them.
    expect(findUses(/\bsetTimeout\(/u, NOT_ADAPTERS)).toEqual(["platform/undici-net.ts"]);
  });

  test("what is simulated goes the same way each time: its time and its chance are handed in", () => {
    const chance =
      /\bDate\.now\(|new Date\(\)|\bMath\.random\(|\bset(Timeout|Interval|Immediate)\(|performance\.now|random(Bytes|UUID)|timers\/promises/u;
    // Where a sandbox is served, and where it is told neither a clock nor a seed.
    expect(findUses(chance, /^sandbox\//u)).toEqual([
      "sandbox/exchange.ts",
      "sandbox/open-state.ts",
      "sandbox/server.ts",
    ]);
    const simulation = listSources(SIMULATION).filter(({ text }) => chance.test(withoutComments(text)));
    expect(simulation.map(({ path }) => path)).toEqual(["machine/timeline.ts"]);
  });

  test("only the edge prints, exits or reads the environment", () => {
    expect(findUses(/\bprocess\.|console\./u, /^(?!cli\/|host\/|sandbox\/|action\/(main|machine)\.ts)/u)).toEqual([]);
  });

  test("there are no barrels, default exports, or names that mean nothing", () => {
    expect(findUses(/^export default|^export \* /mu, /./u)).toEqual([]);
    const banned = /(^|[/-])(util|utils|helper|helpers|common|misc|manager|handler|data|info)([-.]|$)|(^|\/)index\./u;
    expect(SOURCES.map(({ path }) => path).filter((path) => banned.test(path))).toEqual([]);
  });

  test("no file is a drawer", () => {
    const long = SOURCES.filter(({ text }) => text.split("\n").length > 320).map(({ path }) => path);
    expect(long).toEqual([]);
  });

  test("each edge has one file that makes what can write, and one deed that asks for it", () => {
    expect(findUses(/\bmakeWriter\(/u, /^(?!platform\/)/u)).toEqual(["cli/context.ts", "library/open-account.ts"]);
    expect(findUses(/\bopenWriting\(/u, /^cli\/(?!context)/u)).toEqual(["cli/flows/run-apply.ts"]);
    expect(findUses(/\bwithWriting\(/u, /^(?!library\/open-account)/u)).toEqual(["library/apply-given.ts"]);
    expect(findUses(/\bapplyPlan\(/u, /^(?!apply\/)/u)).toEqual(["engine/execute-plan.ts"]);
  });
});
