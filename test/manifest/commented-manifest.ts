import fc from "fast-check";

/** Whoever leaves in the tests of editing. */
export const LEAVER = "carl@x.io";

const PEOPLE = ["ana@x.io", "bob@x.io", LEAVER, "dora@x.io"];

interface Entry {
  readonly who: string;
  readonly value: string;
  readonly quote: string;
  /** On a line of its own above the entry, where that is possible. */
  readonly above: string | undefined;
  /** Behind the entry, on its line. */
  readonly behind: string | undefined;
  readonly isBlankAbove: boolean;
}

interface Entries {
  readonly style: "block" | "flow" | "lines";
  readonly entries: readonly Entry[];
  /** Behind the key that owns the entries. */
  readonly remark: string | undefined;
}

/** A manifest in a random mixture of styles, with comments and blank lines anywhere, and the same as it must be once a person is out. */
export interface CommentedManifest {
  readonly before: string;
  readonly after: string;
}

const anyComment = fc.option(fc.constantFrom("# why", "# a: b, c", "#", "# 'x' {y} [z]", "# carl@x.io: admin"), {
  nil: undefined,
});

function anyEntries(values: readonly string[]): fc.Arbitrary<Entries> {
  const entry = (who: string): fc.Arbitrary<Entry> =>
    fc.record({
      who: fc.constantFrom(who, who.toUpperCase()),
      value: fc.constantFrom(...values),
      quote: fc.constantFrom("", '"', "'"),
      above: anyComment,
      behind: anyComment,
      isBlankAbove: fc.boolean(),
    });
  return fc.record({
    style: fc.constantFrom("block", "flow", "lines"),
    entries: fc
      .shuffledSubarray(PEOPLE, { minLength: 1 })
      .chain((people) => fc.tuple(...people.map(entry)) as fc.Arbitrary<readonly Entry[]>),
    remark: anyComment,
  });
}

const GRANTS = ["member", "'admin'", "{ role: member, reason: on the rota }"];

/** Manifests with the same person in people, groups, members and bindings. */
export const anyCommentedManifest: fc.Arbitrary<CommentedManifest> = fc
  .record({
    groups: anyEntries([""]),
    organization: anyEntries(GRANTS),
    space: anyEntries(GRANTS),
    project: anyEntries(["Project Viewer", '"Project Editor"']),
  })
  .map((sections) => ({
    before: print(sections, false),
    after: `${print(sections, true)}offboard: [${LEAVER}]\n`,
  }));

function print(
  { groups, organization, space, project }: Readonly<Record<"groups" | "organization" | "space" | "project", Entries>>,
  isOut: boolean,
): string {
  return [
    "# of the file\nversion: 1 # one\n\ngroups:\n",
    printEntries("  g", groups, { isOut, isList: true }),
    "# of the organizations\norganizations:\n  A:\n",
    printEntries("    members", organization, { isOut, isList: false }),
    "  B:\n    spaces:\n      'c':\n",
    printEntries("        members", space, { isOut, isList: false }),
    "        projects:\n          d:\n",
    printEntries("            bindings", project, { isOut, isList: false }),
  ].join("");
}

interface Printing {
  readonly isOut: boolean;
  readonly isList: boolean;
}

function printEntries(key: string, { style, entries, remark }: Entries, printing: Printing): string {
  const tail = remark === undefined ? "\n" : ` ${remark}\n`;
  const staying = printing.isOut ? entries.filter(({ who }) => who.toLowerCase() !== LEAVER) : entries;
  const [open, close] = printing.isList ? ["[", "]"] : ["{", "}"];
  const indent = `${/^ */u.exec(key)?.[0] ?? ""}  `;
  if (style === "block") {
    const value = staying.length === 0 ? ` ${open}${close}` : "";
    return `${key}:${value}${tail}${entries.map((entry) => printLine(entry, indent, printing)).join("")}`;
  }
  const padding = printing.isList || staying.length === 0 ? "" : " ";
  const separator = style === "flow" ? ", " : `,\n${indent}`;
  const inner = staying.map((entry) => printEntry(entry, printing)).join(separator);
  return `${key}: ${open}${padding}${inner}${padding}${close}${tail}`;
}

function printEntry({ who, value, quote }: Entry, { isList }: Printing): string {
  const name = `${quote}${who}${quote}`;
  return isList ? name : `${name}: ${value}`;
}

function printLine(entry: Entry, indent: string, printing: Printing): string {
  const { above, behind, isBlankAbove, who } = entry;
  const head = `${isBlankAbove ? "\n" : ""}${above === undefined ? "" : `${indent}${above}\n`}`;
  if (printing.isOut && who.toLowerCase() === LEAVER) {
    return `${head}${behind === undefined ? "" : `${indent}${behind}\n`}`;
  }
  const text = `${indent}${printing.isList ? "- " : ""}${printEntry(entry, printing)}`;
  return `${head}${text}${behind === undefined ? "" : ` ${behind}`}\n`;
}
