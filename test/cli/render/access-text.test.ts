import { describe, expect, test } from "vitest";
import type { AccessEntry } from "../../../src/access/questions.ts";
import { renderEntries, renderEntriesCsv, renderExplanation } from "../../../src/cli/render/access-text.ts";
import type { AccessPath, EffectiveAccess } from "../../../src/model/access.ts";

const PATH: AccessPath = {
  reason: "space-role",
  grant: "space-member:A/x/ana@acme.io",
  role: "role:R",
  permissions: new Set(["P"]),
};

function entry(access: Partial<EffectiveAccess>): AccessEntry {
  return {
    person: "user:ana@acme.io",
    place: "space:A/x",
    access: {
      permissions: new Set(["P"]),
      paths: [PATH],
      isLowerBound: false,
      isPending: false,
      cutOff: [],
      assumptions: [],
      ...access,
    },
  };
}

const NOWHERE = { sourceOf: () => undefined, hidden: [] };

describe("an explanation", () => {
  test("names what is assumed, what is not known, and what is hidden", () => {
    const unknown = { ...PATH, permissions: "unknown" as const };
    const text = renderExplanation(
      entry({ paths: [PATH, unknown], isLowerBound: true, assumptions: ["public-unless-said"], isPending: true }),
      { sourceOf: () => undefined, hidden: ["space-member:A/x/ana@acme.io"] },
    );
    expect(text).toBe(`ana@acme.io on space:A/x: at least 1 permission, once the invitation is accepted
  through space-member:A/x/ana@acme.io: R (role in the space)
  through space-member:A/x/ana@acme.io: R (role in the space; its contents are not known)
  assumed: A space of which nobody says that it is private is taken for public, as a new one is.
  There may be more: the contents of a role are not known.
    P
  To take it away, this would have to go or change: space-member:A/x/ana@acme.io
  Whether there is space-member:A/x/ana@acme.io beside cannot be seen: the admin right hides it.
`);
  });

  test("of nothing asks for nothing to be taken away", () => {
    expect(renderExplanation(entry({ permissions: new Set(), paths: [] }), NOWHERE)).toBe(
      "ana@acme.io on space:A/x: nothing\n",
    );
  });

  test("names every grant that would have to go", () => {
    const other = { ...PATH, grant: "org-member:A/ana@acme.io" as const };
    expect(renderExplanation(entry({ paths: [PATH, other] }), NOWHERE)).toContain(
      "all of these would have to go or change: space-member:A/x/ana@acme.io, org-member:A/ana@acme.io",
    );
  });
});

describe("an explanation of a plan", () => {
  const compare = (before: Partial<EffectiveAccess>, after: Partial<EffectiveAccess>): string =>
    renderExplanation(entry({ paths: [], ...after }), { ...NOWHERE, before: entry(before).access });

  test("tells what was there before, and what comes and goes", () => {
    expect(compare({ permissions: new Set(["D", "P", "C"]) }, { permissions: new Set(["P", "B", "A"]) })).toContain(
      "  before the plan: 3 permissions\n    gained by it: A, B\n    lost by it: C, D\n",
    );
    expect(compare({}, {})).toMatch(/before the plan: 1 permission\n$/u);
  });

  test("does not list what everything is", () => {
    expect(compare({ permissions: "all" }, {})).toMatch(/before the plan: everything\n$/u);
    expect(compare({}, { permissions: "all" })).toMatch(/before the plan: 1 permission\n$/u);
  });
});

describe("a list", () => {
  test("of nobody and of nothing says so", () => {
    expect(renderEntries([], "person", () => undefined)).toBe("Nobody.\n");
    expect(renderEntries([], "place", () => undefined)).toBe("Nothing.\n");
  });

  test("says what is pending and what is not known", () => {
    const unknown = entry({ permissions: new Set(), isLowerBound: true, isPending: true });
    expect(
      renderEntries([unknown], "place", () => "a.yaml:1:2")
        .split("\n")
        .slice(0, 2),
    ).toEqual([
      "space:A/x: not known, once the invitation is accepted",
      "  through space-member:A/x/ana@acme.io: R (role in the space) · a.yaml:1:2",
    ]);
  });

  test("as a table quotes what has to be quoted", () => {
    const comma = { ...PATH, role: 'role:a "b", c' };
    const [, row] = renderEntriesCsv([entry({ paths: [comma], isPending: true })], () => undefined).split("\r\n");
    expect(row).toBe('ana@acme.io,space:A/x,space-role,"a ""b"", c",space-member:A/x/ana@acme.io,,pending');
  });
});
