import { digestOf, FILE_LIST, writeFileList } from "./file-list.ts";
import type { ReviewPacket } from "./make-packets.ts";
import type { NamedPacket, PacketFormat, PacketHead, PacketWriter } from "./packet.ts";
import { PACKET_CSV } from "./packet-csv.ts";
import { PACKET_HTML } from "./packet-html.ts";
import { PACKET_MARKDOWN } from "./packet-markdown.ts";

/** A file of a review: its name within the folder, and all that is in it. */
export interface PacketFile {
  readonly name: string;
  readonly text: string;
}

const WRITERS: Readonly<Record<PacketFormat, PacketWriter>> = {
  md: PACKET_MARKDOWN,
  html: PACKET_HTML,
  csv: PACKET_CSV,
};

/** Writes the files of a review: format by format an index and a packet for each owner, and last the list of them all. Pure. */
export function writePackets(
  { packets, head }: { readonly packets: readonly ReviewPacket[]; readonly head: PacketHead },
  formats: readonly PacketFormat[],
): readonly PacketFile[] {
  const named = packets.map(namePacket);
  const files = formats.flatMap((format) => {
    const writer = WRITERS[format];
    const written = named.map((packet) => ({
      packet,
      file: { name: `${packet.name}.${format}`, text: writer.packet(packet, head) },
    }));
    const listed = written.map(({ packet, file }) => ({ ...packet, digest: digestOf(file.text) }));
    return [{ name: `index.${format}`, text: writer.index(listed, head) }, ...written.map(({ file }) => file)];
  });
  return [...files, { name: FILE_LIST, text: writeFileList(files) }];
}

const UNOWNED = "without-an-owner";
const LONGEST_NAME = 120;

/** A name of a file on every disk: what is no plain character stands as its code, and what is too long as its hash. */
export function namePacket(packet: ReviewPacket): NamedPacket {
  if (packet.owner === undefined) return { ...packet, name: UNOWNED };
  const plain = packet.owner.replace(/[^a-z0-9@._+-]|^[.-]/gu, (character) =>
    Array.from(new TextEncoder().encode(character), (byte) => `=${byte.toString(16).padStart(2, "0")}`).join(""),
  );
  return { ...packet, name: plain.length <= LONGEST_NAME ? plain : digestOf(packet.owner) };
}
