import { createHash } from "node:crypto";
import { harmless } from "../model/harmless.ts";
import { countPacket, headLines, INDEX_HEADS, type PacketHead, type PacketWriter, titleOf } from "./packet.ts";
import { describePlace, HOLDING_HEADS, listRows, type PacketRow } from "./packet-rows.ts";

/** Packets as pages that need nothing and run nothing: no script, no address to load from, and a policy that forbids both. */
export const PACKET_HTML: PacketWriter = {
  packet: (packet, head) =>
    writePage(`Access review: ${titleOf(packet)}`, [
      describeHead(head),
      ...packet.places.flatMap((review) => {
        const rows = listRows(review);
        const note = describePlace(review);
        return [
          `<h2>${escapeText(review.place)}</h2>`,
          ...(note === "" ? [] : [`<p>${escapeText(note)}</p>`]),
          rows.length === 0
            ? "<p>Nobody.</p>"
            : writeTable(
                HOLDING_HEADS,
                rows.map((row) => row.map(escapeText)),
              ),
        ];
      }),
    ]),
  index: (packets, head) =>
    writePage("Access review", [
      describeHead(head),
      writeTable(
        INDEX_HEADS,
        packets.map((packet) => [
          escapeText(titleOf(packet)),
          `<a href="${encodeURIComponent(packet.name)}.html">${escapeText(`${packet.name}.html`)}</a>`,
          ...countPacket(packet),
        ]),
      ),
    ]),
};

const STYLE =
  "body{font:16px/1.4 system-ui,sans-serif;margin:2rem}table{border-collapse:collapse}td,th{border:1px solid #999;padding:.25rem .5rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}";

const POLICY = `default-src 'none'; style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'; base-uri 'none'; form-action 'none'`;

function writePage(title: string, parts: readonly string[]): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="referrer" content="no-referrer">
<title>${escapeText(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escapeText(title)}</h1>
${parts.join("\n")}
</body>
</html>
`;
}

function describeHead(head: PacketHead): string {
  const lines = headLines(head).map(([label, text]) => `<li>${escapeText(label)}: ${escapeText(text)}</li>`);
  return `<ul>\n${lines.join("\n")}\n</ul>`;
}

/** The rows are written already. */
function writeTable(heads: PacketRow, rows: readonly PacketRow[]): string {
  const head = `<thead><tr>${heads.map((text) => `<th scope="col">${text}</th>`).join("")}</tr></thead>`;
  const body = rows.map((row) => `<tr>${row.map((text) => `<td>${text}</td>`).join("")}</tr>`);
  return `<table>\n${head}\n<tbody>\n${body.join("\n")}\n</tbody>\n</table>`;
}

function escapeText(text: string): string {
  return harmless(text).replace(/[&<>"']/gu, (character) => `&#${character.charCodeAt(0)};`);
}
