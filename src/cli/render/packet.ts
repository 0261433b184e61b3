import type { ReviewPacket } from "../../engine/review-packets.ts";

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

export type PacketFormat = "md" | "html" | "csv";

/** Writes one packet, and the list of all, in one format. */
export interface PacketWriter {
  readonly packet: (packet: NamedPacket, head: PacketHead) => string;
  readonly index: (packets: readonly NamedPacket[], head: PacketHead) => string;
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

/** How many places and ways of access a packet has. */
export function countPacket({ places }: ReviewPacket): readonly [places: number, rows: number] {
  return [places.length, places.reduce((sum, { holdings, keys }) => sum + holdings.length + keys.length, 0)];
}
