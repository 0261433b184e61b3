import { EXIT } from "../exit.ts";
import { readPackageFile } from "../package-files.ts";
import type { SchemaName } from "../schema-names.ts";
import type { Outcome, Session } from "../session.ts";

/** Prints a JSON Schema of the package, byte for byte; it is the JSON document of `--json`, too. */
export async function runSchema(session: Session, name: SchemaName): Promise<Outcome> {
  session.io.stdout.write(await readPackageFile(`schema/${name}.schema.json`));
  return { exit: EXIT.done, diagnostics: [], document: undefined };
}
