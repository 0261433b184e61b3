import { ledgerBeside, ledgerOfSandbox, locateHome } from "../engine/manifest-home.ts";
import type { LedgerPlace } from "../state/open-store.ts";
import { connectStore } from "../stores/connect-store.ts";
import type { Session } from "./session.ts";

/** The folder that things are kept beside: that of the manifest that was named first. */
export async function findManifestHome(session: Session): Promise<string> {
  return locateHome(session.files, session.globals.files);
}

/** Where the ledger is: as the flag says, else beside the manifest; the simulated account has one of its own. */
export async function findLedger(session: Session): Promise<string> {
  const { ledger, sandbox } = session.globals;
  if (ledger !== undefined) return ledger;
  if (sandbox !== undefined) return ledgerOfSandbox(sandbox);
  return ledgerBeside(await findManifestHome(session));
}

/** The ledger as everything that reads or writes it wants it. */
export async function findLedgerPlace(session: Session): Promise<LedgerPlace> {
  return { location: await findLedger(session), files: session.files, connect: connectStore };
}
