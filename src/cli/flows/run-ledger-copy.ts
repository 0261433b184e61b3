import { systemHost } from "../../host/system-host.ts";
import { systemRandom } from "../../host/system-random.ts";
import { UsageError } from "../../model/errors.ts";
import type { LedgerStore } from "../../model/ledger-store.ts";
import { listShards, type PartName } from "../../model/shard.ts";
import { copyLedger, type PartCopy } from "../../state/copy-ledger.ts";
import { findDivision, locatePart } from "../../state/ledger-parts.ts";
import { type LedgerPlace, openStore } from "../../state/open-store.ts";
import { readPart } from "../../state/read-ledger.ts";
import { EXIT } from "../exit.ts";
import { findLedgerPlace } from "../manifest-home.ts";
import { harmless } from "../render/harmless.ts";
import type { Outcome, Session } from "../session.ts";

/** Copies the ledger with all its parts to an empty place, every line as it is. The ledger itself stays where it is. */
export async function runLedgerCopy(session: Session, location: string): Promise<Outcome> {
  const place = await findLedgerPlace(session);
  const opened: LedgerStore[] = [];
  const open = async (at: string): Promise<LedgerStore> => {
    const store = await openStore({ ...place, location: at });
    opened.push(store);
    return store;
  };
  try {
    const own = await pairOf("account", { place, location, open });
    const shards: PartCopy[] = [];
    for (const part of await listWritten(place)) shards.push(await pairOf(part, { place, location, open }));
    const claim = { host: systemHost, clock: session.clock, run: `run_${systemRandom.id()}` };
    // The account part last: it alone says that there are others.
    const counts = await copyLedger([...shards, own], claim);
    return tellCopy(session, own, counts);
  } finally {
    for (const store of opened) await store.close();
  }
}

/** The shards that ever wrote something. */
async function listWritten(place: LedgerPlace): Promise<readonly PartName[]> {
  const written: PartName[] = [];
  for (const part of listShards(findDivision((await readPart(place, "account")).lines)))
    if ((await readPart(place, part)).lines.length > 0) written.push(part);
  return written;
}

async function pairOf(
  part: PartName,
  at: {
    readonly place: LedgerPlace;
    readonly location: string;
    readonly open: (location: string) => Promise<LedgerStore>;
  },
): Promise<PartCopy> {
  const from = await at.open(locatePart(at.place.location, part));
  const to = await at.open(locatePart(at.location, part));
  if (from.shown === to.shown) throw new UsageError("The ledger cannot be copied onto itself.", "Name another place.");
  return { from, to };
}

function tellCopy(session: Session, { from, to }: PartCopy, counts: readonly number[]): Outcome {
  const lines = counts.reduce((sum, count) => sum + count, 0);
  const counted = lines === 1 ? "1 line" : `${lines} lines`;
  const parts = counts.length === 1 ? "" : ` in ${counts.length} parts`;
  session.print(
    `Copied ${counted}${parts} from ${harmless(from.shown)} to ${harmless(to.shown)}; the chain is unbroken.\n`,
  );
  return { exit: EXIT.done, diagnostics: [], document: { ledger: from.shown, to: to.shown, lines } };
}
