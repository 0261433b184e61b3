import { Ajv2020 } from "ajv/dist/2020.js";
import { accessSchema } from "./access-schema.ts";
import type { SchemaFault } from "./schema-fault.ts";

/** Whether a plain value keeps every rule; `errors` holds the faults of the last value that did not. */
interface SchemaGuard {
  (value: unknown): boolean;
  readonly errors?: readonly SchemaFault[] | null;
}

/**
 * The manifest's schema, compiled when this file is loaded: that is for running from source. What is shipped has in the place of
 * this file what scripts/compile-schema.mjs writes, with the same options but for `optimize`.
 */
export const guardSchema: SchemaGuard = new Ajv2020({
  allErrors: true,
  verbose: true,
  strict: true,
  allowUnionTypes: true,
  messages: false,
  // The schema is a part of the package and held against its own rules by a test.
  validateSchema: false,
  meta: false,
  code: { optimize: false },
}).compile(accessSchema());
