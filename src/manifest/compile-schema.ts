import type { SchemaFault } from "./schema-fault.ts";

/** Answers every rule of the schema that a plain value breaks. */
export type SchemaTest = (value: unknown) => readonly SchemaFault[];

/** Loads what tells a value that keeps every rule of the manifest's schema from one that does not, and nothing more. */
export async function loadFitness(): Promise<(value: unknown) => boolean> {
  // The build puts the test, compiled already, in the place of this one file: compiling takes longer than reading a manifest.
  const { fitsSchema } = await import("./fits-schema.ts");
  return fitsSchema;
}

/** Loads what tells the faults: only where there are some, since it is three times as large. */
export async function compileSchema(): Promise<SchemaTest> {
  const { guardSchema } = await import("./schema-guard.ts");
  return (value) => (guardSchema(value) ? [] : [...(guardSchema.errors ?? [])]);
}
