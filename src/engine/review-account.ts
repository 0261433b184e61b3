import { KINDS } from "../kinds/registry.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { LedgerLine } from "../model/ledger.ts";
import type { Manifest } from "../model/manifest.ts";
import { makePackets, type ReviewPacket } from "../packets/make-packets.ts";
import type { PacketHead } from "../packets/packet.ts";
import { makeDesired } from "../state/desired.ts";
import { listRuns } from "../state/history.ts";
import type { AccountReading } from "./account-reading.ts";
import type { Hear } from "./engine-event.ts";
import { listUnread, readAround } from "./read-around.ts";
import { checkAccount } from "./read-sight.ts";

/** Who has access to what in an account, owner by owner. */
export interface ReviewedAccount {
  readonly packets: readonly ReviewPacket[];
  readonly head: PacketHead;
  readonly notes: readonly Diagnostic[];
}

/** Reads the whole account and sorts who has access to what by who answers for it. Throws DiagnosedError where it is not the manifest's account. */
export async function reviewAccount(
  account: AccountReading,
  given: {
    readonly manifest: Manifest;
    readonly lines: readonly LedgerLine[];
    /** The moment that stands in the packets; undefined: that of the newest line of the ledger. */
    readonly asOf: Date | undefined;
  },
  hear: Hear,
): Promise<ReviewedAccount> {
  const { manifest, lines, asOf } = given;
  await checkAccount(manifest, account.reader);
  const observation = await readAround(account, {}, hear);
  // What has run out is told with its end as well: as of the first instant nothing has. The clock decides nothing here.
  const { world: declared } = makeDesired({ manifest, kinds: KINDS, now: new Date(0) });
  const packets = makePackets({
    live: observation.world,
    declared,
    owners: manifest.owners,
    runs: listRuns(lines),
    settings: manifest.policy.assume,
  });
  const head = {
    account: observation.caller.accountName ?? account.accountUrl,
    asOf: asOf?.toISOString() ?? lines.at(-1)?.at,
    unread: listUnread(observation),
  };
  return { packets, head, notes: observation.notes };
}
