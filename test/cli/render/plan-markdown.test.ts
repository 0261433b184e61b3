import { array, assert, constantFrom, oneof, property, string, tuple } from "fast-check";
import { describe, expect, test } from "vitest";
import { harmless } from "../../../src/cli/render/harmless.ts";
import { weigh } from "../../../src/cli/render/markdown-fit.ts";
import { writeMarker } from "../../../src/cli/render/markdown-text.ts";
import { renderPlanMarkdown } from "../../../src/cli/render/plan-markdown.ts";
import { codeCell, codeSpan } from "../../../src/model/code-span.ts";
import type { Plan } from "../../../src/model/plan.ts";
import { EVIL_NAME, makeNamedPlan, namedPage } from "../../support/hostile-plan.ts";
import { readMarkdownPage } from "../../support/markdown-page.ts";
import {
  sampleAccess,
  sampleFailure,
  samplePlan,
  sampleRemoval,
  sampleShift,
  sampleStep,
} from "../../support/sample-plan.ts";

const SEED = 20_261_121;
const PAGE = { planFile: "plan.json", flags: [], planFlags: [], undo: undefined, files: ["access.yaml"] } as const;

const PIECES = [
  ...[
    "`",
    "``",
    "```",
    "|",
    "\\",
    "\\|",
    "\n",
    "\r\n",
    "\n\n",
    "\t",
    " ",
    "  ",
    "</details>",
    "-->",
    "<!--",
    "--",
    "->",
  ],
  ...["@octocat", "@acme/security", "#123", "https://evil.example/", "www.evil.example", "a@b.example", "*", "_", "~~"],
  ...["0123456789abcdef0123456789abcdef01234567", "<b>", "</code>", "<script>", "&lt;", "&#64;", "[x](y)", "![x](y)"],
  ...["\u001b[31m", "\u202e", "\u200b", "\u2066", "\ufeff", "\ud800", "\u0000", "\u2028", "# ", "- ", "1. ", "> "],
  ...["***", "---", "|---|", ":tada:", "$x$", "'", '"', "(", ")", "%", "/", "é", "界", "😀", "x"],
];
const hostile = oneof(
  string({ maxLength: 30 }),
  string({ unit: "binary", maxLength: 30 }),
  array(constantFrom(...PIECES), { maxLength: 12 }).map((pieces) => pieces.join("")),
);

describe("a name on a page", () => {
  test("is text in code, and nothing else, wherever it stands", () => {
    const plain = readMarkdownPage(renderPlanMarkdown(makeNamedPlan("x"), namedPage("x")));
    assert(
      property(
        hostile.filter((name) => name !== ""),
        (name) => {
          const text = renderPlanMarkdown(makeNamedPlan(name), namedPage(name));
          const page = readMarkdownPage(text);
          expect(page.skeleton.slice(1)).toEqual(plain.skeleton.slice(1));
          expect(page.skeleton[0]).toMatch(/^<!-- axcess plan [\w.!~*'()% -]*-->$/u);
          expect(page.outside).toBe(plain.outside);
          expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/u);
          // Once as the account, and once in each table, wherever nothing had to be encoded in an address.
          expect(page.code).toContain(harmless(name) === "" ? " " : harmless(name));
        },
      ),
      { seed: SEED, numRuns: 40, examples: [[EVIL_NAME.slice(0, 130)], [EVIL_NAME.slice(130, 260)]] },
    );
  });

  test("is read back letter by letter from a code span, in a line and in a cell", () => {
    assert(
      property(hostile, hostile, (name, other) => {
        const line = readMarkdownPage(`- a ${codeSpan(name)} b ${codeSpan(other)}\n`);
        expect(line.code.map(trimPad)).toEqual([harmless(name), harmless(other)].map(trimPad));
        const row = readMarkdownPage(`| a | b |\n| --- | --- |\n| ${codeCell(name)} | ${codeCell(other)} |\n`);
        expect(row.code.map(trimPad)).toEqual(
          [name, other].map((each) => trimPad(harmless(each).replaceAll("|", "\\u{7c}"))),
        );
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  test("is clipped where it is longer than any name, between two characters", () => {
    expect(codeSpan("😀".repeat(200))).toBe(`\`${"😀".repeat(159)}…\``);
    expect(codeSpan("x".repeat(160))).toBe(`\`${"x".repeat(160)}\``);
  });

  test("cannot end the marker, nor make two of them alike", () => {
    assert(
      property(array(hostile, { minLength: 1, maxLength: 3 }), (words) => {
        expect(writeMarker("plan", words)).toMatch(/^<!-- axcess plan (?:(?!--|>)[\w.!~*'()% -])* -->\n$/u);
      }),
      { seed: SEED, numRuns: 300 },
    );
    expect(writeMarker("plan", ["a b", "c"])).not.toBe(writeMarker("plan", ["a", "b c"]));
    expect(writeMarker("plan", ["a".repeat(300)])).toMatch(/^<!-- axcess plan [0-9a-f]{64} -->\n$/u);
  });
});

describe("what a page says", () => {
  test("nothing to do is one verdict", () => {
    expect(renderPlanMarkdown(samplePlan(), PAGE)).toBe(
      "<!-- axcess plan acme access.yaml -->\n### Plan for `acme`: no changes\n\n**No changes.**\n",
    );
  });

  test("each held change stands with its reason, its id and its line", () => {
    const text = renderPlanMarkdown(samplePlan({ steps: [sampleRemoval()] }), PAGE);
    expect(text).toContain("### Plan for `acme`: 1 change waits for an approval\n");
    expect(text).toContain(`#### 1 change is held until approved

- \`chg_000000000002\` \`delete user:carl@acme.io\`
  - cannot be brought back
  - \`The account of carl@acme.io is deleted.\`
  - goes with it: \`binding:Platform Team/team-alpha/playground/carl@acme.io\`
  \`\`\`sh
  axcess approve plan.json --only chg_000000000002 --reason "WHY"
  \`\`\`
`);
  });

  test("a plan that is not saved says how to save it, and where the rest is", () => {
    const page = { ...PAGE, planFile: undefined, flags: ["--sandbox"], planFlags: ["--max-removals", "20"] };
    const text = renderPlanMarkdown(samplePlan({ steps: [sampleRemoval()] }), page);
    expect(text).toContain(
      "Save the plan first:\n\n```sh\naxcess plan --out plan.json --sandbox --max-removals 20\n```",
    );
    expect(text).toContain("Made with `--max-removals 20`");
  });

  test("the plan of an undo names its run, also in the marker", () => {
    const plan = samplePlan({ basis: { ...samplePlan().basis, undo: "run_1" } });
    expect(renderPlanMarkdown(plan, PAGE)).toBe(
      "<!-- axcess undo acme access.yaml -->\n### Undo of `run_1` on `acme`: no changes\n\n**No changes.**\n",
    );
  });
});

describe("the size of a page", () => {
  test("is below GitHub's limit for any plan; what is cut is counted, and held and blocked are cut last", () => {
    const big = 700;
    assert(
      property(
        tuple(constantFrom(0, 1, 40, big), constantFrom(0, 3, big), constantFrom(0, 30, big), hostile),
        (made) => {
          const [held, blocked, shifts, name] = made;
          const plan = makeBigPlan({ held, blocked, shifts, name });
          const text = renderPlanMarkdown(plan, PAGE);
          for (const size of [
            weigh(text),
            text.length,
            Buffer.byteLength(text),
            text.replaceAll("\n", "\r\n").length,
          ]) {
            expect(size).toBeLessThan(65_536);
          }
          const shown = (mark: RegExp): number => text.match(mark)?.length ?? 0;
          const heldShown = shown(/^ {2}axcess approve plan\.json --only/gmu);
          const blockedShown = shown(/^- `+ ?delete project:/gmu);
          expect(heldShown + countLeftOut(text, "held change")).toBe(held);
          expect(blockedShown + countLeftOut(text, "blocked change")).toBe(blocked);
          expect(shown(/^(?:[+] create space|- delete (?:user|project)):/gmu) + countLeftOut(text, "change")).toBe(
            big + (held + blocked),
          );
          if (heldShown < held) expect(text).not.toMatch(/^\| .* \|\n\| `/mu);
          // Whatever was cut, what is there is whole: the page has the elements of a page.
          const { skeleton } = readMarkdownPage(text);
          expect(skeleton.filter((tag) => tag === "<details>").length).toBe(
            skeleton.filter((tag) => tag === "</details>").length,
          );
        },
      ),
      { seed: SEED, numRuns: 6 },
    );
  });

  test("one change that would fill the page is bounded", () => {
    const many = Array.from({ length: 5_000 }, (_, at) => `user:${"long-name-".repeat(20)}${at}@acme.io` as const);
    const step = sampleRemoval({
      cascade: many,
      loses: many,
      hazards: many.map((detail) => ({ code: "irreversible" as const, detail })),
      fields: [{ field: "members", removed: many }],
    });
    const text = renderPlanMarkdown(samplePlan({ steps: [step] }), PAGE);
    expect(weigh(text)).toBeLessThan(20_000);
    expect(text).toContain("and 4995 more");
    expect(text).toMatch(/and \d+ more lines/u);
  });

  test("many people with one difference are all named, in rows", () => {
    const shifts = Array.from({ length: 45 }, (_, at) => sampleShift({ person: `user:p${at}@acme.io` }));
    const text = renderPlanMarkdown(samplePlan({ steps: [sampleStep()], access: sampleAccess(shifts) }), PAGE);
    expect(text).toContain("#### 45 people lose access\n");
    expect(text).toContain("| 45 people: `p0@acme.io`, ");
    expect(text).toContain("| `p40@acme.io`, `p41@acme.io`, `p42@acme.io`, `p43@acme.io`, `p44@acme.io` | the same |");
  });

  test("of many cases of one assertion the first are told", () => {
    const failures = Array.from({ length: 9 }, () => sampleFailure());
    const text = renderPlanMarkdown(samplePlan({ assertions: failures }), PAGE);
    expect(text).toContain("#### 1 assertion does not hold\n");
    expect(text).toContain("  - and 4 more cases\n");
  });
});

interface Big {
  readonly held: number;
  readonly blocked: number;
  readonly shifts: number;
  readonly name: string;
}

function makeBigPlan({ held, blocked, shifts, name }: Big): Plan {
  const of = <T>(count: number, make: (at: number) => T): readonly T[] =>
    Array.from({ length: count }, (_, at) => make(at));
  const id = (letter: string, at: number): `chg_${string}` => `chg_${letter}${String(at).padStart(15, "0")}`;
  return samplePlan({
    steps: [
      ...of(held, (at) => sampleRemoval({ id: id("b", at), address: `user:${at}${name}`, notes: [name] })),
      ...of(blocked, (at) =>
        sampleRemoval({
          id: id("c", at),
          address: `project:${at}${name}`,
          gate: { state: "blocked", by: ["protected"], release: name },
        }),
      ),
      ...of(700, (at) => sampleStep({ id: id("a", at), address: `space:${at}` })),
    ],
    access: sampleAccess(
      of(shifts, (at) => sampleShift({ person: `user:p${at}`, place: `project:A/b/${at % 7}${at}` })),
    ),
    lapses: of(500, (at) => ({ address: `user:${at}` as const, expires: "2027-01-31T00:00:00Z", source: name })),
  });
}

function countLeftOut(text: string, noun: string): number {
  const found = [...text.matchAll(new RegExp(`\\*\\*(\\d+) more ${noun}s? do(?:es)? not fit`, "gu"))];
  return found.reduce((sum, [, count]) => sum + Number(count), 0);
}

/** A reader takes one space from either end of code where both have one. */
function trimPad(text: string): string {
  return text.trim();
}

test("the evil name is evil", () => {
  expect(readMarkdownPage(EVIL_NAME).skeleton.length).toBeGreaterThan(10);
});
