/** The files of which the package has a JSON Schema. */
export const SCHEMA_NAMES = ["access", "plan", "approval", "ledger", "events"] as const;

export type SchemaName = (typeof SCHEMA_NAMES)[number];
