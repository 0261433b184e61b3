import type { ErrorObject } from "ajv/dist/2020.js";

/** One rule of the schema that a value breaks. */
export type SchemaFault = ErrorObject;
