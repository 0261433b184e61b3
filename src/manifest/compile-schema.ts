import type { SchemaFault } from "./schema-fault.ts";

/** Answers every rule of the schema that a plain value breaks. */
export type SchemaTest = (value: unknown) => readonly SchemaFault[];

let compiled: Promise<SchemaTest> | undefined;

/** The test for the manifest's schema, loaded once, and only where there is a manifest. */
export function compileSchema(): Promise<SchemaTest> {
  compiled ??= loadTest();
  return compiled;
}

async function loadTest(): Promise<SchemaTest> {
  // The build puts the test, compiled already, in the place of this one file: compiling takes longer than reading a manifest.
  const { fitsSchema } = await import("./fits-schema.ts");
  return (value) => (fitsSchema(value) ? [] : [...(fitsSchema.errors ?? [])]);
}
