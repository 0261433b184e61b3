import { codeCell, codeSpan } from "../model/code-span.ts";
import { countPacket, headLines, INDEX_HEADS, type PacketHead, type PacketWriter, titleOf } from "./packet.ts";
import { describePlace, HOLDING_HEADS, listRows, type PacketRow } from "./packet-rows.ts";

/** So much of one cell is shown: an audit wants it whole, and a page that somebody fills does not. */
const CELL_LENGTH = 600;

/** Packets as Markdown: every text that somebody chose stands in a code span, where nothing means anything. */
export const PACKET_MARKDOWN: PacketWriter = {
  packet: (packet, head) =>
    [
      `# Access review: ${codeSpan(titleOf(packet), CELL_LENGTH)}`,
      describeHead(head),
      ...packet.places.flatMap((review) => {
        const rows = listRows(review);
        const note = describePlace(review);
        return [
          `## ${codeSpan(review.place, CELL_LENGTH)}`,
          ...(note === "" ? [] : [note]),
          rows.length === 0 ? "Nobody." : writeTable(HOLDING_HEADS, rows),
        ];
      }),
    ].join("\n\n"),
  index: (packets, head) =>
    [
      "# Access review",
      describeHead(head),
      writeTable(
        INDEX_HEADS,
        packets.map((packet) => [titleOf(packet), `${packet.name}.md`, ...countPacket(packet)]),
      ),
    ].join("\n\n"),
};

function describeHead(head: PacketHead): string {
  return headLines(head)
    .map(([label, text]) => `- ${label}: ${codeSpan(text, CELL_LENGTH)}`)
    .join("\n");
}

function writeTable(heads: PacketRow, rows: readonly PacketRow[]): string {
  const lines = [heads, heads.map(() => "---"), ...rows.map((row) => row.map(writeCell))];
  return `${lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n")}\n`;
}

function writeCell(text: string): string {
  return text === "" ? "" : codeCell(text, CELL_LENGTH);
}
