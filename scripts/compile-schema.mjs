// Writes the test for the manifest's schema as a module that needs no compiler: see src/manifest/fits-schema.ts.
import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import standaloneCode from "ajv/dist/standalone/index.js";

/** In characters, as JSON Schema counts, and one by one only where some take two units; what ajv would load a file of its own for. */
const COUNT =
  "(text) => { if (!/[\\ud800-\\udbff][\\udc00-\\udfff]/.test(text)) return text.length; let length = 0; for (const _ of text) length += 1; return length; }";

/** How ajv keeps each of six hundred faults that there may be, in more text than all else takes. */
const KEEPING = /const (err\d+) = (\{.*?\});if\(vErrors === null\)\{vErrors = \[\1\];\}else \{vErrors\.push\(\1\);\}/gu;
const KEEP =
  "\nfunction keep(faults, fault) { if (faults === null) return [fault]; faults.push(fault); return faults; }\n";

/** What only tells which faults there are, and where: what to put in its place where only whether there are any is asked. */
const TELLING = [
  [/vErrors = keep\(vErrors, \{.*?\}\);/gu, ""],
  [
    /vErrors = vErrors === null \? (validate\d+)\.errors : vErrors\.concat\(\1\.errors\);errors = vErrors\.length;/gu,
    "errors++;",
  ],
  [/if\(vErrors !== null\)\{if\(_errs\d+\)\{vErrors\.length = _errs\d+;\}else \{vErrors = null;\}\}/gu, ""],
  [/let vErrors = null;|validate\d+\.errors = vErrors;/gu, ""],
  [/(validate\d+\([^{}]*?), ?\{instancePath:.*?,rootData,dynamicAnchors\}\)/gu, "$1)"],
  [/, \{instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors=\{\}\}=\{\}/gu, ""],
];

/** What a schema says to people. */
const SAID = new Set(["title", "description", "markdownDescription"]);

/** The text of a module that exports `guardSchema`. The same schema gives the same bytes. */
export function compileSchemaText() {
  return compileText((_, value) => value);
}

/** The text of a module that exports `fitsSchema`: the same test without what tells the faults. */
export function compileFitnessText() {
  const quiet = compileText((key, value) => (SAID.has(key) && typeof value === "string" ? undefined : value));
  const text = TELLING.reduce((left, [telling, instead]) => left.replaceAll(telling, instead), quiet)
    .replace(KEEP, "")
    .replaceAll("guardSchema", "fitsSchema");
  const left = /.{0,80}(?:vErrors|instancePath|\bkeep\b).{0,80}/u.exec(text)?.[0];
  if (left !== undefined) throw new Error(`The compiled schema tells faults otherwise than expected: ${left}`);
  return text;
}

/** @param {(key: string, value: unknown) => unknown} choose What is left of each entry of the schema. */
function compileText(choose) {
  const schema = JSON.parse(readFileSync(new URL("../schema/access.schema.json", import.meta.url), "utf8"), choose);
  const ajv = new Ajv2020({
    schemas: { access: schema },
    allErrors: true,
    verbose: true,
    strict: true,
    allowUnionTypes: true,
    messages: false,
    code: { source: true, esm: true, optimize: 1 },
  });
  const text = standaloneCode
    .default(ajv, { guardSchema: "access" })
    .replaceAll('require("ajv/dist/runtime/ucs2length").default', COUNT)
    .replaceAll(KEEPING, "vErrors = keep(vErrors, $2);")
    .concat(KEEP);
  if (/vErrors\.push/u.test(text)) throw new Error("The compiled schema keeps faults otherwise than expected.");
  if (/\brequire\(|\bimport\b/u.test(text)) throw new Error("The compiled schema needs a file of ajv.");
  return text;
}
