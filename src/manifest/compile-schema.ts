import type { ErrorObject } from "ajv/dist/2020.js";
import { accessSchema } from "./access-schema.ts";

/** One rule of the schema that a value breaks. */
export type SchemaFault = ErrorObject;

/** Answers every rule of the schema that a plain value breaks. */
export type SchemaTest = (value: unknown) => readonly SchemaFault[];

let compiled: Promise<SchemaTest> | undefined;

/** Compiles the manifest's schema, once. Loads ajv only now, because commands without a manifest need none. */
export function compileSchema(): Promise<SchemaTest> {
  compiled ??= compile();
  return compiled;
}

async function compile(): Promise<SchemaTest> {
  const { Ajv2020 } = await import("ajv/dist/2020.js");
  // The schema is a part of the package and held against its own rules by a test; checking and polishing it at every
  // start would take longer than reading a manifest.
  const ajv = new Ajv2020({
    allErrors: true,
    verbose: true,
    strict: true,
    allowUnionTypes: true,
    messages: false,
    validateSchema: false,
    meta: false,
    code: { optimize: false },
  });
  const test = ajv.compile(accessSchema());
  return (value) => (test(value) === true ? [] : [...(test.errors ?? [])]);
}
