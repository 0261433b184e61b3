import { expect, test } from "vitest";
import { type ManifestFile, proveExport } from "../../../src/engine/prove-export.ts";
import { KINDS } from "../../../src/kinds/registry.ts";
import { DiagnosedError } from "../../../src/model/errors.ts";
import { observeAccount } from "../../../src/state/observe.ts";
import { makeRowsReader } from "../../support/rows-reader.ts";

const ROWS = {
  lists: { "/v2/organizations": [{ id: "o", name: "Acme", description: "d" }] },
  organizations: { o: [] },
};

async function prove(...files: readonly ManifestFile[]): Promise<string> {
  const selection = { classes: new Set<never>(), under: ["" as const] };
  const observation = await observeAccount({ reader: makeRowsReader(ROWS), kinds: KINDS, selection });
  try {
    await proveExport(files, { observation, account: { url: "rows" }, now: new Date("2026-08-10T12:00:00Z") });
    return "proved";
  } catch (error) {
    if (!(error instanceof DiagnosedError)) throw error;
    return error.diagnostics.map(({ code, detail }) => `${code} ${detail}`).join("\n");
  }
}

const manifest = (text: string): ManifestFile => ({ path: "./out/access.yaml", text: `version: 1\n${text}` });

test("what is there is proved, in one file or two", async () => {
  expect(await prove(manifest("organizations: { Acme: { description: d } }"))).toBe("proved");
  const second = { path: "out/more.yaml", text: "version: 1\norganizations: { Acme: {} }\n" };
  expect(await prove(manifest("organizations: { Acme: { description: d } }"), second)).toBe("proved");
});

test("anything that would change is named, ten of it at most", async () => {
  expect(await prove(manifest("organizations: { Acme: { description: e } }"))).toBe(
    "AX340 Nothing was written, since a plan of it is not empty: update organization:Acme.",
  );
  expect(await prove(manifest("manage: { organizations: authoritative }\norganizations: {}"))).toContain(
    "delete organization:Acme",
  );
  const many = Array.from({ length: 12 }, (_, at) => `Acme${at}: {}`).join(", ");
  expect(await prove(manifest(`organizations: { ${many} }`))).toMatch(/create organization:Acme7, and 2 more\.$/u);
});

test("a manifest with errors is refused with them", async () => {
  const told = await prove(manifest("organizations: { Acme: { members: { bob: member } } }"));
  expect(told.split("\n").map((line) => line.slice(0, 5))).toEqual(["AX202", "AX341"]);
});
