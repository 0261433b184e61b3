import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { expect, test } from "vitest";

const SOURCE = fileURLToPath(new URL("../../src/", import.meta.url));

/** Everything that is loaded with a file, before anything is called: files below `src`, and packages by name. */
function listLoaded(entry: string, includesLater: boolean): ReadonlySet<string> {
  const loaded = new Set<string>();
  const visit = (file: string): void => {
    if (loaded.has(file)) return;
    loaded.add(file);
    for (const name of listImports(file, includesLater)) {
      if (name.startsWith(".")) visit(resolve(dirname(file), name));
      else loaded.add(name);
    }
  };
  visit(resolve(SOURCE, entry));
  return new Set([...loaded].map((name) => (name.startsWith(SOURCE) ? name.slice(SOURCE.length) : name)));
}

const stripped = new Map<string, string>();

/** The text of a file without its types. */
function stripTypes(file: string): string {
  const known = stripped.get(file);
  if (known !== undefined) return known;
  const { outputText } = ts.transpileModule(readFileSync(file, "utf8"), {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023, verbatimModuleSyntax: true },
  });
  stripped.set(file, outputText);
  return outputText;
}

/** What is left of the imports once the types are gone. */
function listImports(file: string, includesLater: boolean): readonly string[] {
  const outputText = stripTypes(file);
  const first = [...outputText.matchAll(/^(?:import|export)\b[^"'`;]*?\bfrom "([^"]+)"|^import "([^"]+)"/gmu)];
  const later = includesLater ? [...outputText.matchAll(/\bimport\("([^"]+)"\)/gu)] : [];
  return [...first.map((match) => match[1] ?? match[2] ?? ""), ...later.map((match) => match[1] ?? "")];
}

test("importing the library loads a few small files and no package", () => {
  const loaded = [...listLoaded("axcess.ts", false)];
  expect(loaded.filter((name) => !name.endsWith(".ts") && name !== "node:crypto")).toEqual([]);
  expect(
    loaded.filter(
      (name) =>
        !/^(axcess\.ts|model\/|apply\/|plan\/(digest|plan-shape|read-plan)|host\/system-clock|library\/check-options|packets\/packet\.ts)/u.test(
          name,
        ),
    ),
  ).toEqual(["node:crypto"]);
  expect(loaded.length).toBeLessThan(26);
});

test("nothing that the library ever loads is of the command line", () => {
  const loaded = [...listLoaded("axcess.ts", true)];
  expect(loaded.filter((name) => /^(cli\/|commander$|chalk$|smol-toml$)/u.test(name))).toEqual([]);
  // Sure to be found were it there: what is loaded later is followed.
  expect(loaded).toContain("undici");
  expect([...listLoaded("cli/main.ts", true)]).toContain("commander");
});
