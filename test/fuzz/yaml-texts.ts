import fc from "fast-check";

/** Texts that stand for keys and values: words that YAML reads in ways of its own, and pieces that come near its signs. */
const WORDS: readonly string[] = [
  ...[
    "a",
    "b",
    "version",
    "people",
    "member",
    "read-only",
    "ada@acme.example",
    "group:team",
    "Project Viewer",
    "x y  z",
  ],
  ...[
    "true",
    "false",
    "True",
    "FALSE",
    "null",
    "Null",
    "NULL",
    "~",
    "yes",
    "no",
    "on",
    "off",
    "y",
    "<<",
    "=",
    "nan",
    "inf",
  ],
  ...[
    "0",
    "1",
    "-1",
    "+1",
    "007",
    "0o17",
    "0x1F",
    "0b1",
    "1_000",
    "1.",
    ".5",
    "1.5e3",
    "1e3",
    "-.5",
    ".inf",
    "-.INF",
    ".NaN",
  ],
  ...[
    "123456789012345",
    "1234567890123456",
    "99999999999999999999",
    "-0",
    "+",
    "-",
    ".",
    "..",
    "...",
    "... a",
    ".a",
    "../a",
    "---",
    "1.2.3",
  ],
  ...[
    "0o",
    "0x",
    "0xg",
    "1e",
    "1e+",
    "e3",
    "190:20:30",
    "12:30",
    "2026-11-22",
    "2026-11-22T10:00:00Z",
    "2026-11-22 10:00:00",
  ],
  ...[
    "a:b",
    "a: b",
    "a:",
    ":a",
    "a #b",
    "a#b",
    "#a",
    "a,b",
    "a, b",
    "[a",
    "a]",
    "{a",
    "a}",
    "a{b}",
    "&a",
    "*a",
    "!a",
    "|",
    ">",
  ],
  ...[
    "%a",
    "@a",
    "`a",
    "?",
    "? a",
    "?a",
    "-a",
    "- a",
    "'a",
    "a'",
    "it's",
    "''",
    '"a',
    'a"',
    'a"b',
    "a\\b",
    "\\",
    "\\n",
  ],
  ...[
    "é",
    "日本",
    "😀",
    "\u00a0a",
    "a\u00a0",
    "\u3000",
    "\u200b",
    "\u0085",
    "\u2028",
    "__proto__",
    "constructor",
    "a\tb",
    "\t",
  ],
  ...["x".repeat(70), "k".repeat(999), "k".repeat(1001), "k".repeat(1025), "", " ", " a", "a "],
];

const CALM: readonly string[] = [
  ...["a", "b", "c", "d", "e", "f", "name", "role", "ada@acme.example", "bob@acme.example", "member", "Project Viewer"],
  ...["group:team", "a:b", "2026-11-22", "it's", "a,b", "a#b", "version", "1.2.3", "people", "spaces"],
];

const anyWord: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...WORDS) },
  { weight: 20, arbitrary: fc.constantFrom(...CALM) },
  { weight: 40, arbitrary: fc.nat(9999).map((number) => `person-${number}@acme.example`) },
  { weight: 1, arbitrary: fc.string({ unit: "grapheme", maxLength: 8 }) },
  { weight: 1, arbitrary: fc.stringMatching(/^[-+.0-9eExXoOinfNaN_:]{1,8}$/u) },
);

interface Shape {
  readonly text?: string;
  readonly items?: readonly Shape[];
  readonly entries?: readonly (readonly [string, Shape])[];
}

const { top: anyTop } = fc.letrec<{ shape: Shape; top: Shape; map: Shape }>((tie) => ({
  map: fc.record({ entries: fc.array(fc.tuple(anyWord, tie("shape")), { minLength: 1, maxLength: 4 }) }),
  shape: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    { weight: 3, arbitrary: fc.record({ text: anyWord }) },
    { weight: 2, arbitrary: tie("map") },
    { weight: 1, arbitrary: fc.record({ items: fc.array(tie("shape"), { maxLength: 4 }) }) },
    { weight: 1, arbitrary: fc.constantFrom<Shape>({ entries: [] }, { items: [] }) },
  ),
  top: fc.record({ entries: fc.array(fc.tuple(anyWord, tie("shape")), { minLength: 1, maxLength: 5 }) }),
}));

/** Chooses one of so many ways; how unusual they are rises. */
type Choose = (ways: number) => number;

/** Ways to write that are taken in turn, over and over; 0 is the usual one. */
const anyTaste: fc.Arbitrary<readonly number[]> = fc.oneof(
  fc.constant([0]),
  fc.array(fc.oneof({ weight: 12, arbitrary: fc.constant(0) }, { weight: 2, arbitrary: fc.nat(11) }), {
    minLength: 1,
    maxLength: 60,
  }),
  fc.array(fc.nat(11), { minLength: 1, maxLength: 60 }),
);

/** Texts of structure, written in many ways, most of them right. */
export const anyYaml: fc.Arbitrary<string> = fc.tuple(anyTop, anyTaste).map(([top, taste]) => {
  let turn = 0;
  const choose: Choose = (ways) => (taste[turn++ % taste.length] ?? 0) % ways;
  const begin = ["", "", "---\n", "# first\n", "\n# a\n--- # b\n", "  # c\n\n", "%YAML 1.2\n---\n"][choose(7)] ?? "";
  const text = begin + writeBlock(top, 0, choose);
  return choose(4) === 1 ? text.trimEnd() : text;
});

function writeBlock(shape: Shape, indent: number, choose: Choose): string {
  const pad = " ".repeat(indent);
  const { entries = [], items = [] } = shape;
  const lines = entries.map(([key, value]) => `${pad}${writeText(key, choose)}:${writeBelow(value, indent, choose)}`);
  for (const item of items) lines.push(`${pad}-${writeItem(item, indent, choose)}`);
  return lines.map((line) => line + writeBetween(indent, choose)).join("");
}

function isEmpty({ entries, items }: Shape): boolean {
  return (entries ?? items ?? []).length === 0;
}

/** What stands behind the colon of a key. */
function writeBelow(shape: Shape, indent: number, choose: Choose): string {
  if (shape.text !== undefined || isEmpty(shape) || choose(5) === 1) {
    const gap = [" ", "  ", "", "\n  ", " \n", "\t"][choose(9)] ?? " ";
    return `${gap}${writeFlow(shape, choose)}${writeLineEnd(choose)}`;
  }
  const least = shape.items === undefined ? 1 : 0;
  const step = [2, 1, 4, least, 3, 2][choose(6)] ?? 2;
  const block = writeBlock(shape, indent + step, choose).trimEnd();
  return `${writeLineEnd(choose)}${writeBetween(indent, choose)}${block}\n`;
}

/** What stands behind the dash of an item. */
function writeItem(shape: Shape, indent: number, choose: Choose): string {
  if (shape.text !== undefined || isEmpty(shape) || choose(5) === 1)
    return ` ${writeFlow(shape, choose)}${writeLineEnd(choose)}`;
  if (choose(6) === 2) return `\n${writeBlock(shape, indent + 2, choose).trimEnd()}\n`;
  const gap = [1, 1, 3, 2][choose(4)] ?? 1;
  const block = writeBlock(shape, indent + 1 + gap, choose).trimEnd();
  return `${block.slice(indent + 1)}\n`;
}

function writeLineEnd(choose: Choose): string {
  return ["\n", " \n", " # c\n", "  #\n", "#c\n", "   \n", "\t\n", " #\tc\n"][choose(8)] ?? "\n";
}

function writeBetween(indent: number, choose: Choose): string {
  const deeper = " ".repeat(indent + 2);
  return (
    ["", "", "", "\n", "# c\n", "   \n", `${deeper}# c\n`, "\n\n# é: [\n", `${deeper}\n`, " # 'c\n", "", "\t\n"][
      choose(12)
    ] ?? ""
  );
}

function writeFlow({ text, items, entries }: Shape, choose: Choose): string {
  if (text !== undefined) return writeText(text, choose);
  const gap = ["", " ", "  ", "\n   ", " # c\n  "][choose(7)] ?? "";
  const comma = [",", ", ", " , ", ",\n  ", ",,"][choose(6)] ?? ", ";
  const last = choose(9) === 3 ? "," : "";
  const parts = (items ?? []).map((item) => writeFlow(item, choose));
  for (const [key, value] of entries ?? []) {
    const colon = [": ", ":  ", ":", " : ", ":\n  "][choose(7)] ?? ": ";
    parts.push(`${writeText(key, choose)}${colon}${writeFlow(value, choose)}`);
  }
  const inner = `${gap}${parts.join(comma)}${last}${gap}`;
  return entries === undefined ? `[${inner}]` : `{${inner}}`;
}

function writeText(text: string, choose: Choose): string {
  switch (choose(9)) {
    case 1:
    case 2:
      return JSON.stringify(text);
    case 3:
    case 4:
      return `'${text.replaceAll("'", "''")}'`;
    case 5:
      return `"${text}"`;
    case 6:
      return `'${text}'`;
    default:
      return text;
  }
}

const PIECES: readonly string[] = [
  ...["a", "b", "c: d", "a: ", ": ", ":", "\n", "\n", "\n  ", "\n    ", " ", "  ", "- ", "-", "\n- ", "\n  - ", "a:\n"],
  ...[
    "'",
    '"',
    "'a'",
    '"b"',
    "''",
    "#",
    " #",
    "# c",
    "[",
    "]",
    "{",
    "}",
    ", ",
    ",",
    "[]",
    "{}",
    "[a]",
    "{a: b}",
    "1",
    "true",
  ],
  ...[
    "null",
    "~",
    "---",
    "...",
    "\n---\n",
    "&x ",
    "*x",
    "! ",
    "|\n",
    ">\n",
    "? ",
    "%",
    "@",
    "`",
    "\\",
    "\t",
    "\r\n",
    "<<",
    "é",
  ],
];

/** Signs and words of YAML one after the other. */
export const anyPieces: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom("", "", "a: ", "a:\n  ", "a:\n- ", "a: [", "a: {b: "),
    fc.array(fc.constantFrom(...PIECES), { maxLength: 14 }),
  )
  .map(([begin, pieces]) => begin + pieces.join(""));

/** One piece set into a text, or taken out, at a place that is counted modulo the text's length. */
export const anySlip: fc.Arbitrary<(text: string) => string> = fc
  .tuple(fc.nat(1_000_000), fc.constantFrom(...PIECES, "", ""), fc.constantFrom(0, 0, 1, 2, 5))
  .map(([place, piece, length]) => (text) => {
    const at = place % (text.length + 1);
    return text.slice(0, at) + piece + text.slice(at + length);
  });
