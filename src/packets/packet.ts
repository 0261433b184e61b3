import type { ReviewPacket } from "./make-packets.ts";

/** What is told of an account at one moment, beside the packets. */
export interface PacketHead {
  readonly account: string;
  /** RFC 3339 instant of the newest line of the ledger, or the one that was given; undefined where there is neither. */
  readonly asOf: string | undefined;
  /** Classes that were not read whole. */
  readonly unread: readonly string[];
}

/** A packet under the name of its files. */
export interface NamedPacket extends ReviewPacket {
  readonly name: string;
}

/** A packet whose file in one format is written. */
export interface WrittenPacket extends NamedPacket {
  /** SHA-256 of the file, in hex. */
  readonly digest: string;
}

export type PacketFormat = "md" | "html" | "csv";

/** All formats, in the order in which files are told. */
export const PACKET_FORMATS: readonly PacketFormat[] = ["md", "html", "csv"];

/** The heads of the list of all packets. */
export const INDEX_HEADS: readonly string[] = ["owner", "file", "places", "ways of access", "sha256"];

/** Writes one packet, and the list of all, in one format. */
export interface PacketWriter {
  readonly packet: (packet: NamedPacket, head: PacketHead) => string;
  readonly index: (packets: readonly WrittenPacket[], head: PacketHead) => string;
}

/** Whose packet it is, in words. */
export function titleOf({ owner }: ReviewPacket): string {
  return owner ?? "without an owner";
}

/** Lines above everything: whose account, as of when, and what could not be read. */
export function headLines({ account, asOf, unread }: PacketHead): readonly (readonly [label: string, text: string])[] {
  return [
    ["account", account],
    ["as of", asOf ?? "no ledger tells a moment"],
    ...unread.map((key): readonly [string, string] => ["not read whole, so that there may be more", key]),
  ];
}

/** How many places and ways of access a packet has, and the digest of its file: the cells of the list behind its name. */
export function countPacket({ places, digest }: WrittenPacket): readonly string[] {
  const ways = places.reduce((sum, { holdings, keys }) => sum + holdings.length + keys.length, 0);
  return [String(places.length), String(ways), digest];
}
