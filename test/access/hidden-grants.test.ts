import { describe, expect, test } from "vitest";
import { assumeHidden, type HiddenInput } from "../../src/access/hidden-grants.ts";
import type { Address, ClassKey } from "../../src/model/address.ts";
import type { Worlds } from "../../src/model/kind.ts";
import type { Resource } from "../../src/model/resource.ts";
import { live } from "../support/plan-input.ts";
import { makeScene } from "../support/plan-scene.ts";

const PLACES = [live("organization:A"), live("space:A/x"), live("project:A/x/p")];
const BINDING = live("binding:A/x/p/ana@acme.io", { role: "role:Ops" });
const ENTRY = live("space-member:A/x/ana@acme.io", { role: "member" });
const MEMBERSHIP = live("org-member:A/ana@acme.io", { role: "member" });
const ROSTERS: readonly ClassKey[] = ["org-member@organization:A", "space-member@space:A/x"];

interface Story {
  readonly before: readonly Resource[];
  readonly after: readonly Resource[];
  readonly unread?: readonly ClassKey[];
  readonly hidden?: HiddenInput["hidden"];
  readonly gone?: readonly Address[];
}

function assume({ before, after, unread = [], hidden = new Map(), gone = [] }: Story): Worlds {
  const { worlds, changedBy } = makeScene([...PLACES, ...before], [...PLACES, ...after]);
  const changes = [...changedBy.values()];
  return assumeHidden({ worlds, changes, hidden, gone: new Set(gone), isWhole: (key) => !unread.includes(key) });
}

/** What is in a world beside the places. */
function listGrants(world: Worlds["live"]): readonly Resource[] {
  return [...world.values()].filter(({ address }) => !PLACES.some((place) => place.address === address));
}

function unknown(address: Address, id: string): unknown {
  const origin = { from: "platform", remote: { id } };
  return { kind: address.slice(0, address.indexOf(":")), address, spec: {}, unknown: ["role"], origin };
}

const UNKNOWN_MEMBERSHIP = unknown(MEMBERSHIP.address, "A ana@acme.io");
const UNKNOWN_ENTRY = unknown(ENTRY.address, "A/x ana@acme.io");

describe("a membership that a grant of the plan rests on", () => {
  test("is taken to be there, in an unknown role, before and after, where its list was not read whole", () => {
    const { live, planned } = assume({ before: [], after: [BINDING], unread: ROSTERS });
    expect(listGrants(live)).toEqual([UNKNOWN_MEMBERSHIP, UNKNOWN_ENTRY]);
    expect(listGrants(planned)).toEqual([BINDING, UNKNOWN_MEMBERSHIP, UNKNOWN_ENTRY]);
  });

  test("is that of the organization alone, where the grant is one in a space", () => {
    expect(listGrants(assume({ before: [], after: [ENTRY], unread: ROSTERS }).live)).toEqual([UNKNOWN_MEMBERSHIP]);
    expect(listGrants(assume({ before: [], after: [MEMBERSHIP], unread: ROSTERS }).live)).toEqual([]);
  });

  test("is taken for absent where its list was read whole, each list by itself", () => {
    const worlds = assume({ before: [], after: [BINDING] });
    expect([listGrants(worlds.live), listGrants(worlds.planned)]).toEqual([[], [BINDING]]);
    const [organization, space] = ROSTERS as [ClassKey, ClassKey];
    const assumed = (unread: ClassKey): readonly Resource[] =>
      listGrants(assume({ before: [], after: [BINDING], unread: [unread] }).live);
    expect([assumed(organization), assumed(space)]).toEqual([[UNKNOWN_MEMBERSHIP], [UNKNOWN_ENTRY]]);
  });

  test("is what it is known to be, or is to be", () => {
    const there = [MEMBERSHIP, ENTRY];
    const { live } = assume({ before: there, after: [...there, BINDING], unread: ROSTERS });
    expect(listGrants(live)).toEqual(there);
    const coming = assume({ before: [], after: [...there, BINDING], unread: ROSTERS });
    expect(listGrants(coming.live)).toEqual([]);
    const going = assume({ before: there, after: [BINDING], unread: ROSTERS });
    expect(listGrants(going.planned)).toEqual([BINDING]);
  });

  test("is not looked for where a place changes", () => {
    const shut = live("space:A/x", { private: true });
    expect(listGrants(assume({ before: [], after: [shut], unread: ROSTERS }).live)).toEqual([]);
  });

  test("is of no interest where the grant goes", () => {
    const { live, planned } = assume({ before: [BINDING], after: [], unread: ROSTERS });
    expect([listGrants(live), listGrants(planned)]).toEqual([[BINDING], []]);
  });
});

describe("a grant that an inherited right hides", () => {
  const hidden = new Map<Address, Resource | undefined>([[ENTRY.address, ENTRY]]);

  test("is what it is taken to be; of one of which nobody knows that, the role is unknown", () => {
    const { live, planned } = assume({ before: [], after: [], hidden });
    expect([listGrants(live), listGrants(planned)]).toEqual([[ENTRY], [ENTRY]]);
    const none = assume({ before: [], after: [], hidden: new Map([[ENTRY.address, undefined]]) });
    expect(listGrants(none.live)).toEqual([UNKNOWN_ENTRY]);
  });

  test("is not put in the place of what is there", () => {
    const other = { ...ENTRY, spec: { role: "admin" } };
    expect(listGrants(assume({ before: [other], after: [other], hidden }).live)).toEqual([other]);
  });

  test("is there before, and not after, where it goes with a deletion", () => {
    const gone = assume({ before: [BINDING], after: [], hidden, gone: [ENTRY.address] });
    expect([listGrants(gone.live), listGrants(gone.planned)]).toEqual([[BINDING, ENTRY], []]);
  });
});

test("a world in which nothing is hidden, and one that nothing changes, are not copied", () => {
  const { worlds, changedBy } = makeScene(PLACES, [...PLACES, BINDING]);
  const input = { worlds, changes: [...changedBy.values()], gone: new Set<Address>(), isWhole: () => true };
  expect(assumeHidden({ ...input, hidden: new Map() })).toBe(worlds);
  const same = { live: worlds.live, planned: worlds.live };
  const hidden = new Map([[ENTRY.address, ENTRY]]);
  const assumed = assumeHidden({ ...input, worlds: same, changes: [], hidden });
  expect(assumed.planned).toBe(assumed.live);
  expect(assumed.live.has(ENTRY.address)).toBe(true);
  const gone = assumeHidden({ ...input, worlds: same, changes: [], hidden, gone: new Set([ENTRY.address]) });
  expect([gone.live.has(ENTRY.address), gone.planned.has(ENTRY.address)]).toEqual([true, false]);
});
