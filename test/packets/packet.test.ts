import fc from "fast-check";
import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";
import { expect, test } from "vitest";
import { formatAddress } from "../../src/model/address.ts";
import type { PacketHead, WrittenPacket } from "../../src/packets/packet.ts";
import { PACKET_CSV } from "../../src/packets/packet-csv.ts";
import { PACKET_HTML } from "../../src/packets/packet-html.ts";
import { PACKET_MARKDOWN } from "../../src/packets/packet-markdown.ts";
import { HOLDING_HEADS } from "../../src/packets/packet-rows.ts";

const HOSTILE = [
  "=1+1",
  "+cmd|' /C calc'!A0",
  "-2",
  "@SUM(A1)",
  "\t=1",
  "\r=1",
  " =1",
  "\uff1d1",
  'a"b,c\r\nd',
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  "</td></table><h1>x",
  "&lt;b&gt;",
  "`` ` |x| `",
  "\\`|\\|",
  "[x](javascript:alert(1))",
  "![](https://x.example/a.png)",
  "https://x.example",
  "@someone",
  "\u202egnp.exe",
  "\n\n# heading",
  "--> <!--",
];
const TEXT = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: "binary", minLength: 1, maxLength: 30 }));

const PACKET = fc.record({ a: TEXT, b: TEXT, c: TEXT }).map(
  ({ a, b, c }): WrittenPacket => ({
    owner: a,
    name: "owner",
    digest: "0".repeat(64),
    places: [
      {
        place: formatAddress("project", [a, b, c]),
        isRestricted: true,
        holdings: [
          {
            ...{ holder: b, state: "bot", reason: "project-binding" },
            grant: formatAddress("binding", [a, b, c]),
            role: formatAddress("role", [c]),
            record: {
              ...{ what: "made", at: "2027-01-01T00:00:00Z", run: "run_1", by: a, remote: undefined, to: undefined },
              approvals: [{ by: b, reason: c }],
            },
            written: { source: a, group: b, reason: c, expires: undefined },
          },
        ],
        keys: [
          {
            ...{ name: a, redacted: b, role: undefined, creator: c, spaces: [formatAddress("space", [a, b])] },
            ...{ used: undefined, expires: a, record: undefined },
          },
        ],
      },
    ],
  }),
);
const HEAD = TEXT.map((account): PacketHead => ({ account, asOf: account, unread: [account] }));
const RUNS = { seed: 20_261_121, numRuns: 100 };

test("a table for spreadsheets has the cells it was given, and none that a spreadsheet reckons", () => {
  fc.assert(
    fc.property(PACKET, HEAD, (packet, head) => {
      const rows = parseCsv(PACKET_CSV.packet(packet, head));
      expect(rows.map(({ length }) => length)).toEqual(Array.from({ length: 4 }, () => HOLDING_HEADS.length + 4));
      expect(rows.flat().filter((cell) => /^\s*[=+\-@]|^[\t\r]/u.test(cell))).toEqual([]);
      expect(parseCsv(PACKET_CSV.index([packet], head)).map(({ length }) => length)).toEqual([5, 5]);
    }),
    RUNS,
  );
});

test("a page has the elements that it was written with, and no others", () => {
  const allowed =
    /^<(?:!DOCTYPE html|\/?(?:html|head|title|style|body|h1|h2|ul|li|p|table|thead|tbody|tr|td)|html lang="en"|meta [^<>]*|th scope="col"|\/th|a href="owner\.html"|\/a)>$/u;
  fc.assert(
    fc.property(PACKET, HEAD, (packet, head) => {
      for (const text of [PACKET_HTML.packet(packet, head), PACKET_HTML.index([packet], head)]) {
        expect((text.match(/<[^>]*>?/gu) ?? []).filter((tag) => !allowed.test(tag))).toEqual([]);
        expect(text.match(/<tr>/gu)?.length).toBe(text.includes("<h2>") ? 3 : 2);
        expect(text).toContain("default-src 'none'");
        expect(text).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/u);
      }
    }),
    RUNS,
  );
});

test("Markdown has the tables that it was written with, and nothing that anybody else meant", () => {
  const allowed = /^<\/?(?:h1|h2|ul|li|p|table|thead|tbody|tr|td|th|code)>$/u;
  fc.assert(
    fc.property(PACKET, HEAD, (packet, head) => {
      for (const text of [PACKET_MARKDOWN.packet(packet, head), PACKET_MARKDOWN.index([packet], head)]) {
        const page = micromark(text, { allowDangerousHtml: true, extensions: [gfm()], htmlExtensions: [gfmHtml()] });
        expect((page.match(/<[^>]*>?/gu) ?? []).filter((tag) => !allowed.test(tag))).toEqual([]);
        expect(page.match(/<tr>/gu)?.length).toBe(page.includes("<h2>") ? 3 : 2);
      }
    }),
    RUNS,
  );
});

/** RFC 4180, to the letter: a quote opens a cell or is doubled, and lines end with CRLF. */
function parseCsv(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (let at = 0; at < text.length; ) {
    const [whole = "", quoted, plain, end] = /^(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/u.exec(text.slice(at)) ?? [];
    if (whole === "") throw new Error(`no cell: ${JSON.stringify(text.slice(at, at + 40))}`);
    row.push(quoted?.replaceAll('""', '"') ?? plain ?? "");
    if (end === "\r\n") {
      rows.push(row);
      row = [];
    }
    at += whole.length;
  }
  return rows;
}
