import { reviewAccount } from "../../engine/review-account.ts";
import type { PacketFormat } from "../../packets/packet.ts";
import { PACKET_MARKDOWN } from "../../packets/packet-markdown.ts";
import { namePacket, writePackets } from "../../packets/write-packets.ts";
import { readLedger } from "../../state/read-ledger.ts";
import { openReading } from "../context.ts";
import { EXIT } from "../exit.ts";
import { hearIn } from "../hear-in.ts";
import { loadInputs } from "../load-inputs.ts";
import { findLedgerPlace } from "../manifest-home.ts";
import { harmless } from "../render/harmless.ts";
import { renderUnread } from "../render/verdict-text.ts";
import { type WrittenReview, writeReview } from "../reviews/review-folder.ts";
import type { Outcome, Session } from "../session.ts";

/** What of an access review was asked for. */
export interface PacketRequest {
  /** The folder; undefined: Markdown to stdout. */
  readonly out: string | undefined;
  readonly formats: readonly PacketFormat[];
  /** The SSH key to sign each file with. */
  readonly sign: string | undefined;
}

/** Writes for each owner who has access to what they answer for. The account is only read. */
export async function runReviewPackets(session: Session, request: PacketRequest): Promise<Outcome> {
  const { manifest, diagnostics } = await loadInputs(session);
  const hear = hearIn(session);
  const { lines, notes } = await readLedger(await findLedgerPlace(session));
  hear({ type: "noted", diagnostics: notes });
  const reading = await openReading(session);
  try {
    const review = await reviewAccount(reading, { manifest, lines, asOf: session.globals.now }, hear);
    const { packets, head } = review;
    const written = await deliver(session, { packets, head }, request);
    session.tell(renderUnread(head.unread));
    return {
      exit: head.unread.length > 0 ? EXIT.incomplete : EXIT.done,
      diagnostics: [...diagnostics, ...review.notes],
      document: { ...head, packets, ...written },
    };
  } finally {
    await reading.close();
  }
}

type Review = Parameters<typeof writePackets>[0];

async function deliver(session: Session, review: Review, request: PacketRequest): Promise<WrittenReview> {
  const { out, formats, sign } = request;
  const { packets, head } = review;
  if (out === undefined) {
    const texts = packets.map((packet) => PACKET_MARKDOWN.packet(namePacket(packet), head));
    if (!session.globals.json) session.io.stdout.write(texts.length === 0 ? "" : `${texts.join("\n")}`);
    return { files: [], removed: [], left: [] };
  }
  const written = await writeReview(session, out, { files: writePackets(review, formats), sign });
  const counted = `${packets.length} ${packets.length === 1 ? "packet" : "packets"}`;
  const signed = sign === undefined ? "" : " and signed";
  session.print(`${counted} written to ${harmless(out)}${signed}.\n`);
  session.tell(tellRest("Removed, since the review before wrote them and this one does not", written.removed));
  session.tell(tellRest("Not of this review, and left where they are", written.left));
  return written;
}

function tellRest(words: string, paths: readonly string[]): string {
  return paths.length === 0 ? "" : `${words}: ${paths.map((path) => harmless(path)).join(", ")}\n`;
}
