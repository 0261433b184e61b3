import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { accessSchema, type SchemaNode } from "../../src/manifest/access-schema.ts";
import { compileSchema } from "../../src/manifest/compile-schema.ts";
import { KNOWN_PERMISSIONS, RENAMED_PERMISSIONS } from "../../src/manifest/known-permissions.ts";
import { HAZARD_TITLES } from "../../src/model/change.ts";
import { BROKEN, GOOD } from "./broken-manifests.ts";
import { loadGood } from "./load-text.ts";

describe("the schema", () => {
  test.each(["access.yaml", "access-after.yaml"])("accepts examples/%s, which has no problem at all", async (name) => {
    const text = readFileSync(new URL(`../../examples/${name}`, import.meta.url), "utf8");
    const accepts = await compileSchema();
    expect(accepts(parse(text))).toEqual([]);
    const manifest = await loadGood(text);
    expect(manifest.organizations?.entries.size).toBe(2);
    expect([...(manifest.people?.values() ?? [])].every(({ name, role, invite }) => name && role && invite)).toBe(true);
  });

  test("accepts a manifest with every key in it", async () => {
    const accepts = await compileSchema();
    expect(accepts(parse(GOOD))).toEqual([]);
    await loadGood(GOOD);
  });

  test.each(BROKEN)("rejects %j written as %j", async (from, to) => {
    expect(GOOD).toContain(from);
    const accepts = await compileSchema();
    expect(accepts(parse(GOOD.replace(from, () => to)))).not.toEqual([]);
  });

  test("keeps the rules of JSON Schema 2020-12", () => {
    const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
    expect(() => ajv.compile(accessSchema())).not.toThrow();
  });

  test("describes every key, for editors", () => {
    const nameless: string[] = [];
    walk(accessSchema(), "", nameless);
    expect(nameless).toEqual([]);
  });

  test("offers exactly the known permissions and hazards", () => {
    const definitions = accessSchema().$defs ?? {};
    expect(definitions["role"]?.properties?.["permissions"]?.items?.examples).toEqual(KNOWN_PERMISSIONS);
    const [hazards, permissions] = definitions["gates"]?.items?.anyOf ?? [];
    // A change gains a permission that the policy names because the policy names it: there is nothing to add.
    expect(hazards?.enum).toEqual(Object.keys(HAZARD_TITLES).filter((code) => code !== "gains-permission"));
    const isPermission = new RegExp(permissions?.pattern ?? "", "u");
    expect(KNOWN_PERMISSIONS.every((name) => isPermission.test(name))).toBe(true);
  });
});

test("the known permissions are sorted, each once, and hold no former spelling", () => {
  expect(KNOWN_PERMISSIONS).toHaveLength(145);
  expect([...new Set(KNOWN_PERMISSIONS)].sort()).toEqual(KNOWN_PERMISSIONS);
  for (const [old, today] of RENAMED_PERMISSIONS) {
    expect(KNOWN_PERMISSIONS).not.toContain(old);
    expect(KNOWN_PERMISSIONS).toContain(today);
  }
});

/** Collects keys that neither have a description nor refer to a definition that has one. */
function walk(node: SchemaNode & { readonly description?: string }, path: string, nameless: string[]): void {
  for (const [key, value] of Object.entries({ ...node.properties, ...node.$defs })) {
    const below = value as SchemaNode & { readonly description?: string };
    const isPlainDefinition = ["/mode", "/gates", "/words"].includes(`${path}/${key}`);
    if (below.description === undefined && below.$ref === undefined && !isPlainDefinition)
      nameless.push(`${path}/${key}`);
    walk(below, `${path}/${key}`, nameless);
  }
}
