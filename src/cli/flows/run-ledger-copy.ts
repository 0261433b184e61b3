import { systemHost } from "../../host/system-host.ts";
import { systemRandom } from "../../host/system-random.ts";
import { UsageError } from "../../model/errors.ts";
import { copyLedger } from "../../state/copy-ledger.ts";
import { openStore } from "../../state/open-store.ts";
import { EXIT } from "../exit.ts";
import { findLedgerPlace } from "../manifest-home.ts";
import { harmless } from "../render/harmless.ts";
import type { Outcome, Session } from "../session.ts";

/** Copies the ledger to an empty place, every line as it is. The ledger itself stays where it is. */
export async function runLedgerCopy(session: Session, location: string): Promise<Outcome> {
  const place = await findLedgerPlace(session);
  const from = await openStore(place);
  try {
    const to = await openStore({ ...place, location });
    try {
      if (from.shown === to.shown)
        throw new UsageError("The ledger cannot be copied onto itself.", "Name another place.");
      const claim = { host: systemHost, clock: session.clock, run: `run_${systemRandom.id()}` };
      const lines = await copyLedger(from, to, claim);
      const counted = lines === 1 ? "1 line" : `${lines} lines`;
      session.print(
        `Copied ${counted} from ${harmless(from.shown)} to ${harmless(to.shown)}; the chain is unbroken.\n`,
      );
      return { exit: EXIT.done, diagnostics: [], document: { ledger: from.shown, to: to.shown, lines } };
    } finally {
      await to.close();
    }
  } finally {
    await from.close();
  }
}
