import { createHash } from "node:crypto";
import { join } from "node:path";
import { listUnread, readAround } from "../../engine/read-around.ts";
import { checkAccount } from "../../engine/read-sight.ts";
import { makePackets, type ReviewPacket } from "../../engine/review-packets.ts";
import { KINDS } from "../../kinds/registry.ts";
import { UsageError } from "../../model/errors.ts";
import { makeDesired } from "../../state/desired.ts";
import { listRuns } from "../../state/history.ts";
import { readLedger } from "../../state/ledger.ts";
import { openReading } from "../context.ts";
import { EXIT } from "../exit.ts";
import { hearIn } from "../hear-in.ts";
import { loadInputs } from "../load-inputs.ts";
import { findLedgerPlace } from "../manifest-home.ts";
import { harmless } from "../render/harmless.ts";
import type { NamedPacket, PacketFormat, PacketHead, PacketWriter } from "../render/packet.ts";
import { PACKET_CSV } from "../render/packet-csv.ts";
import { PACKET_HTML } from "../render/packet-html.ts";
import { PACKET_MARKDOWN } from "../render/packet-markdown.ts";
import { renderUnread } from "../render/verdict-text.ts";
import { type Signers, signFiles, verifyFiles } from "../reviews/sign-files.ts";
import type { Outcome, Session } from "../session.ts";

/** What of an access review was asked for. */
export interface PacketRequest {
  /** The folder; undefined: Markdown to stdout. */
  readonly out: string | undefined;
  readonly formats: readonly PacketFormat[];
  /** The SSH key to sign each file with. */
  readonly sign: string | undefined;
}

const WRITERS: Readonly<Record<PacketFormat, PacketWriter>> = {
  md: PACKET_MARKDOWN,
  html: PACKET_HTML,
  csv: PACKET_CSV,
};

/** Writes for each owner who has access to what they answer for. The account is only read. */
export async function runReviewPackets(session: Session, request: PacketRequest): Promise<Outcome> {
  const { manifest, diagnostics } = await loadInputs(session);
  const hear = hearIn(session);
  const { lines, notes } = await readLedger(await findLedgerPlace(session));
  hear({ type: "noted", diagnostics: notes });
  const reading = await openReading(session);
  try {
    await checkAccount(manifest, reading.reader);
    const observation = await readAround(reading, undefined, hear);
    // What has run out is told with its end as well: as of the first instant nothing has. The clock decides nothing here.
    const { world: declared } = makeDesired({ manifest, kinds: KINDS, now: new Date(0) });
    const packets = makePackets({
      live: observation.world,
      declared,
      owners: manifest.owners,
      runs: listRuns(lines),
      settings: manifest.policy.assume,
    });
    const unread = listUnread(observation);
    const { accountName } = observation.caller;
    const head = {
      account: accountName ?? reading.accountUrl,
      asOf: session.globals.now?.toISOString() ?? lines.at(-1)?.at,
      unread,
    };
    const files = await deliver(session, { packets: packets.map(namePacket), head }, request);
    session.tell(renderUnread(unread));
    return {
      exit: unread.length > 0 ? EXIT.incomplete : EXIT.done,
      diagnostics: [...diagnostics, ...observation.notes],
      document: { ...head, packets, files },
    };
  } finally {
    await reading.close();
  }
}

const UNOWNED = "without-an-owner";
const LONGEST_NAME = 120;

/** A name of a file on every disk: what is no plain character stands as its code, and what is too long as its hash. */
function namePacket(packet: ReviewPacket): NamedPacket {
  if (packet.owner === undefined) return { ...packet, name: UNOWNED };
  const plain = packet.owner.replace(/[^a-z0-9@._+-]|^[.-]/gu, (character) =>
    Array.from(new TextEncoder().encode(character), (byte) => `=${byte.toString(16).padStart(2, "0")}`).join(""),
  );
  const hash = createHash("sha256").update(packet.owner).digest("hex");
  return { ...packet, name: plain.length <= LONGEST_NAME ? plain : hash };
}

interface Review {
  readonly packets: readonly NamedPacket[];
  readonly head: PacketHead;
}

async function deliver(
  session: Session,
  { packets, head }: Review,
  request: PacketRequest,
): Promise<readonly string[]> {
  const { out, formats, sign } = request;
  if (out === undefined) {
    const texts = packets.map((packet) => PACKET_MARKDOWN.packet(packet, head));
    if (!session.globals.json) session.io.stdout.write(texts.length === 0 ? "" : `${texts.join("\n")}`);
    return [];
  }
  const files = formats.flatMap((format) => [
    { path: join(out, `index.${format}`), text: WRITERS[format].index(packets, head) },
    ...packets.map((packet) => ({
      path: join(out, `${packet.name}.${format}`),
      text: WRITERS[format].packet(packet, head),
    })),
  ]);
  for (const { path, text } of files) await session.files.replace(path, text);
  const paths = files.map(({ path }) => path);
  const signatures = sign === undefined ? [] : await signFiles(session, sign, paths);
  const counted = `${packets.length} ${packets.length === 1 ? "packet" : "packets"}`;
  const signed = sign === undefined ? "" : " and signed";
  session.print(`${counted} written to ${harmless(out)}${signed}.\n`);
  return [...paths, ...signatures];
}

/** Checks the signatures of all files that a review wrote into a folder. */
export async function verifyReview(session: Session, folder: string, signers: Signers): Promise<Outcome> {
  if ((await session.files.kind(folder)) !== "directory") {
    throw new UsageError(`There is no folder "${harmless(folder)}".`, "Name the folder that review --out wrote.");
  }
  const names = (await session.files.list(folder)).filter((name) => !name.endsWith(".sig"));
  if (names.length === 0) throw new UsageError(`The folder "${harmless(folder)}" holds no file to verify.`);
  const paths = names.map((name) => join(folder, name));
  await verifyFiles(session, paths, signers);
  session.print(`${paths.length} files in ${harmless(folder)} are as ${harmless(signers.signer)} signed them.\n`);
  return { exit: EXIT.done, diagnostics: [], document: { verified: paths } };
}
