import { reviewAccount } from "../engine/review-account.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { ReviewPacket } from "../packets/make-packets.ts";
import { PACKET_FORMATS, type PacketHead } from "../packets/packet.ts";
import { type PacketFile, writePackets } from "../packets/write-packets.ts";
import { withReading } from "./open-account.ts";
import { locateLedger, openWorkplace, recallLedger, requireManifest } from "./open-workplace.ts";
import type { ReviewOptions } from "./options.ts";

/** Who has access to what, owner by owner, as values and as the texts of files. */
export interface AccessReview extends PacketHead {
  readonly packets: readonly ReviewPacket[];
  /** Format by format an index and a file for each packet, and last `index.sha256`, which names them all. Nothing is written. */
  readonly files: readonly PacketFile[];
  readonly notes: readonly Diagnostic[];
}

/** Sorts who has access to what by who answers for it. Only a reader is made. */
export async function reviewPackets(options: ReviewOptions): Promise<AccessReview> {
  const workplace = openWorkplace(options);
  const manifest = await requireManifest(workplace, options.manifest);
  const { lines } = await recallLedger(workplace, await locateLedger(workplace, options));
  const asOf = options.now === undefined ? undefined : workplace.clock.now();
  return withReading(workplace, options, async (account) => {
    const { packets, head, notes } = await reviewAccount(account, { manifest, lines, asOf }, workplace.hear);
    const wanted = options.formats ?? PACKET_FORMATS;
    const formats = PACKET_FORMATS.filter((format) => wanted.includes(format));
    return { ...head, packets, files: writePackets({ packets, head }, formats), notes };
  });
}
