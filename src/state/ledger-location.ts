import { fileURLToPath } from "node:url";
import { UsageError } from "../model/errors.ts";

/** The path of the ledger file that a location names: a path as it is, or a `file:` URL. Other schemes are a UsageError. */
export function ledgerPath(location: string): string {
  // Two letters at least, so that the drive of a Windows path is not taken for a scheme.
  const scheme = /^([a-z][a-z0-9+.-]+):(?=\/|$)/iu.exec(location)?.[1]?.toLowerCase();
  if (scheme === undefined) {
    if (location === "")
      throw new UsageError("The ledger has no location.", "Give a path: --ledger .axcess/ledger.jsonl");
    return location;
  }
  if (scheme !== "file") {
    throw new UsageError(
      `A ledger at ${scheme}: is not in this version; only files are.`,
      "Give a path or a file: URL, such as .axcess/ledger.jsonl.",
    );
  }
  try {
    return fileURLToPath(location);
  } catch (cause) {
    throw new UsageError(`${location} is not a URL of a local file.`, (cause as Error).message);
  }
}
