import { UsageError } from "../model/errors.ts";
import type { ConnectStore, LedgerStore } from "../model/ledger-store.ts";
import type { Files } from "../model/ports.ts";
import { makeFileStore } from "./file-store.ts";
import { ledgerPath, schemeOf } from "./ledger-location.ts";

/** Where a ledger is, and what is needed to get there. */
export interface LedgerPlace {
  /** A path, or a URL: `file:`, `postgres:` or `s3:`. */
  readonly location: string;
  readonly files: Files;
  /** Opens what is no file; left out where there are only files. */
  readonly connect?: ConnectStore;
}

/** Whether there may be a ledger: of a file that is known, of everything else only by opening it. */
export async function mayExist({ location, files }: LedgerPlace): Promise<boolean> {
  return schemeOf(location) !== "file" || (await files.kind(ledgerPath(location))) === "file";
}

/** Opens the store of a ledger. Nothing is read or written yet. */
export async function openStore({ location, files, connect }: LedgerPlace): Promise<LedgerStore> {
  const scheme = schemeOf(location);
  if (scheme === "file") return makeFileStore(ledgerPath(location), files);
  if (connect === undefined) throw new UsageError(`A ledger at ${scheme}: cannot be opened from here.`, "Give a path.");
  return connect(location, files);
}
