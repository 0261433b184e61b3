import { describe, expect, test } from "vitest";
import type { DescribedGrants } from "../../src/export/describe-grants.ts";
import { proposeGroups } from "../../src/export/propose-groups.ts";
import type { Address } from "../../src/model/address.ts";

function grantsIn(place: Address, roles: Readonly<Record<string, string>>): DescribedGrants {
  return { place, roles: new Map(Object.entries(roles)), omissions: [], remarks: [] };
}

const TEAM = { ana: "member", ben: "member", cy: "member" };
const ALPHA = grantsIn("space:Acme/Alpha Ü!", { ...TEAM, dee: "admin" });
const BETA = grantsIn("space:Acme/beta", TEAM);

describe("proposeGroups", () => {
  test("proposes a group for the same people with one role in two places, named from the first", () => {
    const groups = proposeGroups([ALPHA, BETA]);
    expect([...groups.people]).toEqual([["alpha-u-member", ["ana", "ben", "cy"]]]);
    expect(groups.entriesOf(ALPHA)).toEqual([
      ["group:alpha-u-member", "member"],
      ["dee", "admin"],
    ]);
    expect(groups.entriesOf(BETA)).toEqual([["group:alpha-u-member", "member"]]);
  });

  test("proposes none for two people, for one place, for other roles, or for people who only overlap", () => {
    const two = { ana: "member", ben: "member" };
    const more = { ...TEAM, eli: "member" };
    const lower = { ana: "read-only", ben: "read-only", cy: "read-only" };
    for (const places of [
      [grantsIn("space:Acme/a", two), grantsIn("space:Acme/b", two)],
      [BETA],
      [BETA, grantsIn("space:Acme/c", more)],
      [BETA, grantsIn("space:Acme/c", lower)],
    ]) {
      const groups = proposeGroups(places);
      expect(groups.people.size).toBe(0);
      for (const place of places) expect(groups.entriesOf(place)).toEqual([...place.roles]);
    }
  });

  test("uses a group wherever exactly its people share a role, and gives two groups of one place two names", () => {
    const lower = grantsIn("project:Acme/beta/web", { cy: "Eval", ben: "Eval", ana: "Eval" });
    const others = { dee: "member", eli: "member", fay: "member" };
    const first = grantsIn("space:Other/beta", others);
    const groups = proposeGroups([BETA, lower, ALPHA, first, grantsIn("space:Other/x", others)]);
    expect([...groups.people.keys()]).toEqual(["beta-member", "beta-member-2"]);
    expect(groups.entriesOf(lower)).toEqual([["group:beta-member", "Eval"]]);
  });

  test("finds a name where the place has no letters", () => {
    const places = [
      grantsIn("space:Acme/家", { a: "家", b: "家", c: "家" }),
      grantsIn("space:Acme/庭", { a: "家", b: "家", c: "家" }),
    ];
    expect([...proposeGroups(places).people.keys()]).toEqual(["group"]);
  });
});
