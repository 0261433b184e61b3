import { Argument, type Command } from "commander";
import type { Start } from "../flow.ts";
import { SCHEMA_NAMES, type SchemaName } from "../schema-names.ts";

/** Defines `schema`. */
export function addSchema(program: Command, start: Start): void {
  program
    .command("schema")
    .description("print a JSON Schema")
    .addArgument(new Argument("[name]", "of which file").choices(SCHEMA_NAMES).default("access"))
    .action((name: SchemaName) =>
      start("schema", async (session) => {
        const { runSchema } = await import("../flows/run-schema.ts");
        return runSchema(session, name);
      }),
    );
}
