import { systemHost } from "../../host/system-host.ts";
import { systemRandom } from "../../host/system-random.ts";
import { UsageError } from "../../model/errors.ts";
import type { PartName } from "../../model/shard.ts";
import { copyLedger } from "../../state/copy-ledger.ts";
import { readPart } from "../../state/ledger.ts";
import { listShards, locatePart } from "../../state/ledger-parts.ts";
import { type LedgerPlace, openStore } from "../../state/open-store.ts";
import { EXIT } from "../exit.ts";
import { findLedgerPlace } from "../manifest-home.ts";
import { harmless } from "../render/harmless.ts";
import type { Outcome, Session } from "../session.ts";

/** Copies the ledger with all its parts to an empty place, every line as it is. The ledger itself stays where it is. */
export async function runLedgerCopy(session: Session, location: string): Promise<Outcome> {
  const place = await findLedgerPlace(session);
  const shards = listShards((await readPart(place, "account")).lines);
  const copies: Copy[] = [];
  // The account part last: it alone says that there are others.
  for (const part of [...shards, "account" as const]) {
    if (part !== "account" && (await readPart(place, part)).lines.length === 0) continue;
    copies.push(await copyPart(session, { place, location, part }));
  }
  const [{ ledger, to }] = copies.slice(-1) as [Copy];
  const lines = copies.reduce((sum, copy) => sum + copy.lines, 0);
  const counted = lines === 1 ? "1 line" : `${lines} lines`;
  const parts = copies.length === 1 ? "" : ` in ${copies.length} parts`;
  session.print(`Copied ${counted}${parts} from ${harmless(ledger)} to ${harmless(to)}; the chain is unbroken.\n`);
  return { exit: EXIT.done, diagnostics: [], document: { ledger, to, lines } };
}

interface Copy {
  readonly ledger: string;
  readonly to: string;
  readonly lines: number;
}

async function copyPart(
  session: Session,
  { place, location, part }: { readonly place: LedgerPlace; readonly location: string; readonly part: PartName },
): Promise<Copy> {
  const from = await openStore({ ...place, location: locatePart(place.location, part) });
  try {
    const to = await openStore({ ...place, location: locatePart(location, part) });
    try {
      if (from.shown === to.shown)
        throw new UsageError("The ledger cannot be copied onto itself.", "Name another place.");
      const claim = { host: systemHost, clock: session.clock, run: `run_${systemRandom.id()}` };
      const lines = await copyLedger(from, to, claim);
      return { ledger: from.shown, to: to.shown, lines };
    } finally {
      await to.close();
    }
  } finally {
    await from.close();
  }
}
