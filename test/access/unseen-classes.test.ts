import { describe, expect, test } from "vitest";
import { indexAccount } from "../../src/access/account-index.ts";
import { listNeededClasses } from "../../src/access/needed-classes.ts";
import { findUnseen } from "../../src/access/unseen-classes.ts";
import type { ClassKey } from "../../src/model/address.ts";
import type { Resource } from "../../src/model/resource.ts";
import { live } from "../support/plan-input.ts";
import { makeScene } from "../support/plan-scene.ts";

const OPEN = live("space:A/x", { private: false });
const SHUT = live("space:A/x", { private: true });
const PLACES = [live("organization:A"), live("project:A/x/p")];
const ROSTERS: readonly ClassKey[] = ["org-member@organization:A", "space-member@space:A/x"];

/** What is not seen, and what may take access unseen, where of some classes nothing was read. */
function find(
  before: readonly Resource[],
  after: readonly Resource[],
  unread: readonly ClassKey[],
): { readonly unseen: readonly ClassKey[]; readonly doubts: readonly (readonly [string, readonly ClassKey[]])[] } {
  const { worlds, changedBy } = makeScene(before, after);
  const changes = [...changedBy.values()];
  const needed = listNeededClasses(changes, worlds, indexAccount(worlds, changedBy.keys()));
  const found = findUnseen({ worlds, changes, needed, isWhole: (key) => !unread.includes(key) });
  return { unseen: found.unseen, doubts: [...found.doubts] };
}

describe("what was not read whole", () => {
  const restriction = live("restriction:A/x/p");
  const base = [...PLACES, OPEN];

  test("is of no account where a change touches nobody in it", () => {
    expect(find(base, [...base, restriction], [])).toEqual({ unseen: [], doubts: [] });
    expect(find(base, [...base, live("user:ana@acme.io")], ROSTERS)).toEqual({ unseen: [], doubts: [] });
  });

  test("makes a restriction of what is there doubtful, of what is new not, and its lifting only unseen", () => {
    expect(find(base, [...base, restriction], ROSTERS)).toEqual({
      unseen: ROSTERS,
      doubts: [["restriction:A/x/p", ROSTERS]],
    });
    const project = live("project:A/x/new");
    expect(find(base, [...base, project, live("restriction:A/x/new")], ROSTERS)).toEqual({ unseen: [], doubts: [] });
    expect(find([...base, restriction], base, ROSTERS)).toEqual({ unseen: ROSTERS, doubts: [] });
  });

  test("makes closing a space doubtful, opening it not, and another description of it is nothing", () => {
    expect(find([...PLACES, OPEN], [...PLACES, SHUT], ROSTERS).doubts).toEqual([["space:A/x", ROSTERS]]);
    expect(find([...PLACES, SHUT], [...PLACES, OPEN], ROSTERS)).toEqual({ unseen: ROSTERS, doubts: [] });
    const described = live("space:A/x", { private: true, description: "other" });
    expect(find([...PLACES, SHUT], [...PLACES, described], ROSTERS)).toEqual({ unseen: [], doubts: [] });
    expect(find(PLACES, [...PLACES, SHUT], ROSTERS).unseen).toEqual([]);
  });

  test("is told where a place goes: that is held anyway", () => {
    const [organization = OPEN] = PLACES;
    expect(find(base, [organization, OPEN], ROSTERS)).toEqual({ unseen: ROSTERS, doubts: [] });
    expect(find(base, PLACES, ROSTERS)).toEqual({ unseen: ROSTERS, doubts: [] });
    expect(find([...base], [...base, live("project:A/x/new")], ROSTERS).unseen).toEqual([]);
  });

  test("is told of spaces where somebody joins an organization, but as an admin, who needs no list", () => {
    const spaces: readonly ClassKey[] = ["space@organization:A"];
    expect(find(base, [...base, live("org-member:A/ana@acme.io", { role: "member" })], spaces).unseen).toEqual(spaces);
    expect(find(base, [...base, live("org-member:A/ana@acme.io", { role: "admin" })], spaces).unseen).toEqual([]);
  });

  test("is told of everywhere where the contents of a role change that was there, and of two roles the same", () => {
    const roles = (permission: string): readonly Resource[] =>
      ["role:R", "role:S"].map((role) => live(role as `role:${string}`, { permissions: { [permission]: true } }));
    const everywhere: readonly ClassKey[] = [
      "binding@project:A/x/p",
      "organization@",
      "project@space:A/x",
      "space-member@space:A/x",
      "space@organization:A",
    ];
    const world = [...base, live("user:ana@acme.io")];
    expect(find([...world, ...roles("P")], [...world, ...roles("Q")], everywhere)).toEqual({
      unseen: everywhere,
      doubts: [],
    });
    expect(find(world, [...world, ...roles("Q")], everywhere).unseen).toEqual([]);
  });
});
