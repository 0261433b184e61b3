/** What stands in a JSON value for something that JSON.stringify cannot write; `writeHostile` puts it in. */
const MARKS: Readonly<Record<string, string>> = {
  "@@deep-list@@": "[".repeat(20_000) + "]".repeat(20_000),
  "@@deep-map@@": `${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}`,
  "@@infinite@@": "1e999",
  "@@negative-zero@@": "-0",
};

/** Values that no reader expects, as far as JSON has them; marks stand for what JSON.stringify cannot write. */
export const HOSTILE_VALUES: readonly unknown[] = [
  ...[null, true, false, 0, 1, -1, 0.5, 2 ** 53, -(2 ** 31), 1e308, 5e-324, "", " ", "0", "null", "NaN", "-1"],
  ...[[], [[]], [null], {}, { a: null }, [1, "a", null], { toString: 1, valueOf: 1 }, { length: 3 }],
  ...["__proto__", "constructor", "toString", "hasOwnProperty", "\u0000", "a\u0000b", "\ud800", "a\udc00b", "\ufeff"],
  ...["\u001b[2J\u001b]0;owned\u0007", "a\r\nb", "\u202egnp.exe", "a\u200bb", "a\u2028b", "\u009b31m", "\u{e0041}"],
  ...["Ada@Acme.example", "ada@acme.example ", "ada@аcme.example", "a\u0301da@acme.example", "ada@acme.example\u200d"],
  ...["@", "a@", "@b.io", "a@b", "*", "**", "a/b", "a%2Fb", "%", "%zz", "%E0%A4%A", "user:", ":", "chg_", "../../etc"],
  ...["2026-02-30", "2026-02-30T00:00:00Z", "9999-12-31T23:59:60Z", "-000001-01-01T00:00:00Z", "+275760-09-13", "now"],
  ...["0000-00-00", "2026-01-01T24:00:00Z", "2026-01-01T00:00:00+99:99", "Thu, 01 Jan 1970 00:00:00 GMT", "1e3", "P1D"],
  ...[
    "sha256:",
    `sha256:${"0".repeat(64)}`,
    "x".repeat(5000),
    "é".repeat(300),
    "😀",
    "::error::x",
    "<script>",
    "|a|`b`",
  ],
  ...Object.keys(MARKS),
];

/** Names of members that mean something to the language, or to us in another place. */
export const HOSTILE_KEYS: readonly string[] = [
  ...[
    "__proto__",
    "constructor",
    "prototype",
    "toString",
    "valueOf",
    "hasOwnProperty",
    "toJSON",
    "then",
    "length",
    "0",
  ],
  ...["", " ", "<<", "*", "\u0000", "\u202e", "\ud800", "id", "name", "email", "role", "type", "format", "version"],
  ...["address", "errors", "data", "pagination", "x".repeat(300), "a/b", "a%b", "entry", "digest", "steps", "gate"],
];

/** Pieces of text that break the texts they are put into. */
export const HOSTILE_TEXTS: readonly string[] = [
  ...["\u0000", "\ufeff", "\r", "\r\n", "\t", "\u0085", "\u2028", "\u202e", "\u200b", "\ud800", "\u001b[31m", "\u0007"],
  ...[
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    '"',
    "'",
    "\\",
    "\\u0000",
    "\\ud800",
    "\n---\n",
    "\n...\n",
    "%YAML 1.1\n---\n",
    "# ",
  ],
  ...["&a ", "*a", "<<: *a", "!!binary ", "!!js/function ", "!<tag:x> ", "? ", "- ", "| ", ">-\n", "\n\n", "    ", "@"],
  ...[
    "__proto__: {}\n",
    "constructor",
    "1e999",
    "-0",
    "0x7f",
    "0o7",
    ".nan",
    "-.inf",
    "1_000",
    "null",
    "~",
    "yes",
    "on",
  ],
  ...["2026-02-30", "2026-13-01T00:00:00Z", "12:30:45", "a".repeat(2000), "[".repeat(3000), "{a: ".repeat(3000)],
  ...[
    "-----BEGIN SSH SIGNATURE-----\n",
    "-----END SSH SIGNATURE-----",
    "U1NIU0lH",
    "====",
    "$" + "{HOME}",
    "$" + "{X:$" + "{Y}}",
    "[auth]\n",
  ],
];

/** The text of a JSON value, with what stands for the unwritable put in. */
export function writeHostile(value: unknown, indent?: number): string {
  let text = JSON.stringify(value, undefined, indent) ?? "";
  for (const [mark, meant] of Object.entries(MARKS)) text = text.replaceAll(JSON.stringify(mark), meant);
  return text;
}
