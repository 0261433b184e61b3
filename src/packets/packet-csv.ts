import { harmless } from "../model/harmless.ts";
import { countPacket, INDEX_HEADS, type PacketWriter, titleOf } from "./packet.ts";
import { HOLDING_HEADS, listRows, type PacketRow } from "./packet-rows.ts";

/** Packets as tables for spreadsheets: RFC 4180, UTF-8. A cell that a spreadsheet would take for a formula begins with an apostrophe. */
export const PACKET_CSV: PacketWriter = {
  packet: (packet, { account, asOf = "", unread }) =>
    writeTable([
      ["account", "as of", "owner", "place", ...HOLDING_HEADS],
      ...unread.map((key) => [account, asOf, titleOf(packet), key, "", "not read whole", "", "", "", "", "", "", ""]),
      ...packet.places.flatMap((review) =>
        listRows(review).map((row) => [account, asOf, titleOf(packet), review.place, ...row]),
      ),
    ]),
  index: (packets) =>
    writeTable([
      INDEX_HEADS,
      ...packets.map((packet) => [titleOf(packet), `${packet.name}.csv`, ...countPacket(packet)]),
    ]),
};

function writeTable(rows: readonly PacketRow[]): string {
  return rows.map((row) => `${row.map(writeCell).join(",")}\r\n`).join("");
}

/** The sign may stand behind blanks, which spreadsheets pass over. Tabs and returns are escaped before, and defused all the same. */
function writeCell(text: string): string {
  const plain = harmless(text);
  const safe = /^\s*[=+\-@]/u.test(plain) || /^[\t\r]/u.test(text) ? `'${plain}` : plain;
  return /[",\r\n]|^\s|\s$/u.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
