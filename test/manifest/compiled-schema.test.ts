import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { compileSchema } from "../../src/manifest/compile-schema.ts";
import { fitsSchema } from "../../src/manifest/fits-schema.ts";
import type { guardSchema } from "../../src/manifest/schema-guard.ts";
import { BROKEN, GOOD } from "./broken-manifests.ts";

// What is shipped is compiled when the package is built; what all other tests run is compiled when it is loaded.

const SCRIPT = new URL("../../scripts/compile-schema.mjs", import.meta.url).href;

interface Shipped {
  readonly guardSchema: typeof guardSchema;
  readonly fitsSchema: typeof fitsSchema;
}

async function loadCompiled(): Promise<Shipped> {
  const { compileSchemaText, compileFitnessText } = (await import(SCRIPT)) as Readonly<Record<string, () => string>>;
  const folder = mkdtempSync(join(tmpdir(), "axcess-schema-"));
  try {
    const texts = Object.entries({ guard: compileSchemaText?.(), fits: compileFitnessText?.() });
    const modules = await Promise.all(
      texts.map(([name, text = ""]) => {
        const file = join(folder, `${name}.mjs`);
        writeFileSync(file, text);
        return import(pathToFileURL(file).href) as Promise<object>;
      }),
    );
    return Object.assign({}, ...modules) as Shipped;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const shipped = await loadCompiled();
const loaded = await compileSchema();

/** What is shipped has two tests, of which the small one only says whether the other finds anything. */
function faultsOf(value: unknown): readonly unknown[] {
  const guard = shipped.guardSchema;
  const faults = guard(value) ? [] : [...(guard.errors ?? [])];
  expect(shipped.fitsSchema(value)).toBe(faults.length === 0);
  expect(fitsSchema(value)).toBe(faults.length === 0);
  return faults;
}

const STRANGE = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom(
    "",
    " a",
    "a ",
    "*",
    "ALYX_RUN",
    "*_DELETE",
    "space:O/**",
    "a@x.io",
    "2027-01-01",
    "ü",
    "𝒳",
    "\ud800",
  ),
  fc.constantFrom(-1, 0, 1, 1.5, 100, 101, 1e30, true, null),
  fc.integer({ min: 254, max: 1002 }).chain((length) => fc.constantFrom("x".repeat(length), "𝒳".repeat(length))),
);

/** The good manifest with one value of it replaced, added or removed, several times over. */
const changed = fc
  .array(fc.tuple(fc.nat(), fc.constantFrom("replace", "add", "remove"), fc.string({ maxLength: 3 }), STRANGE), {
    minLength: 1,
    maxLength: 4,
  })
  .map((changes) => {
    const root = { manifest: parse(GOOD) as unknown };
    for (const [at, what, key, value] of changes) {
      const places = listPlaces(root);
      const place = places[at % places.length];
      if (place === undefined) continue;
      if (what === "replace") place.holder[place.key] = structuredClone(value);
      else if (what === "add") place.holder[key] = structuredClone(value);
      else if (place.holder !== root) delete place.holder[place.key];
    }
    return root.manifest;
  });

interface PlaceOf {
  readonly holder: Record<string, unknown>;
  readonly key: string;
}

function listPlaces(holder: object): readonly PlaceOf[] {
  return Object.entries(holder).flatMap(([key, value]) => [
    { holder: holder as Record<string, unknown>, key },
    ...(typeof value === "object" && value !== null ? listPlaces(value) : []),
  ]);
}

test("good manifests have no fault by either", () => {
  const examples = ["access.yaml", "access-after.yaml"].map((name) =>
    readFileSync(new URL(`../../examples/${name}`, import.meta.url), "utf8"),
  );
  for (const text of [GOOD, ...examples]) {
    expect(faultsOf(parse(text))).toEqual([]);
    expect(loaded(parse(text))).toEqual([]);
  }
});

test.each(BROKEN)("%j written as %j has the same faults by both", (from, to) => {
  const value: unknown = parse(GOOD.replace(from, () => to));
  expect(faultsOf(value)).not.toEqual([]);
  expect(faultsOf(value)).toEqual(loaded(value));
});

test("whatever is written has the same faults by both, in the same order", () => {
  let broken = 0;
  fc.assert(
    fc.property(fc.oneof({ weight: 9, arbitrary: changed }, { weight: 1, arbitrary: fc.jsonValue() }), (value) => {
      const faults = faultsOf(value);
      expect(faults).toEqual(loaded(value));
      broken += faults.length > 0 ? 1 : 0;
    }),
    { numRuns: 500 },
  );
  expect(broken).toBeGreaterThan(100);
});
