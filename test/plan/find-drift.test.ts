import { expect, test } from "vitest";
import type { Address } from "../../src/model/address.ts";
import type { Spec } from "../../src/model/resource.ts";
import { type Drift, findDrift, sourceOfDrift } from "../../src/plan/find-drift.ts";
import { declare, live, type PlanSample, planInput } from "../support/plan-input.ts";

function driftOf(sample: PlanSample): Drift {
  return findDrift(planInput(sample));
}

/** What axcess wrote last, with the ids that `live` gives. */
function wrote(entries: Readonly<Record<string, Spec>>): PlanSample["memory"] {
  return {
    lastWritten: new Map(
      Object.entries(entries).map(([address, spec]) => [
        address as Address,
        { spec, remote: { id: `id(${address})` } },
      ]),
    ),
  };
}

const ORG = "organization:A";
const SPACE = "space:A/s";

test("changed: neither as axcess wrote it nor as the manifest still says; all else is waiting for an apply", () => {
  const one = (declared: string, written: string | undefined, there: string): Drift =>
    driftOf({
      declared: [declare(ORG, { description: declared })],
      live: [live(ORG, { description: there })],
      memory: written === undefined ? {} : (wrote({ [ORG]: { description: written } }) ?? {}),
    });
  expect(one("a", "a", "a")).toEqual({ items: [], ahead: [], notes: [], unread: [] });
  const [item] = one("a", "a", "b").items;
  expect(item).toMatchObject({
    sort: "changed",
    address: ORG,
    fields: [{ field: "description", from: "a", to: "b" }],
    spec: { description: "b" },
    remote: { id: `id(${ORG})` },
  });
  expect(item && sourceOfDrift(item)).toBe("access.yaml:1:3");
  expect(one("b", "a", "a")).toMatchObject({ items: [], ahead: [ORG] });
  expect(one("c", "a", "b")).toMatchObject({ items: [], ahead: [ORG] });
  expect(one("a", undefined, "b")).toMatchObject({ items: [], ahead: [ORG] });
});

test("of a set what came and what went is told, from the manifest to the account", () => {
  const role = "role:R";
  const declared = { permissions: { A: true, B: true }, description: "d" };
  const { items, ahead } = driftOf({
    declared: [declare(role, declared)],
    live: [live(role, { permissions: { B: true, C: true }, description: "e" })],
    memory: wrote({ [role]: { permissions: { A: true, B: true } } }) ?? {},
  });
  expect(items).toMatchObject([{ fields: [{ field: "permissions", added: ["C"], removed: ["A"] }] }]);
  expect(ahead).toEqual([role]);
});

test("a field that no call can set drifts as well, and is never waiting for an apply", () => {
  const user = "user:a@x.io";
  const sample = { declared: [declare(user, { role: "member" })], live: [live(user, { role: "admin" })] };
  expect(driftOf(sample)).toMatchObject({ items: [], ahead: [] });
  expect(driftOf({ ...sample, memory: wrote({ [user]: { role: "member" } }) ?? {} })).toMatchObject({
    items: [{ sort: "changed", fields: [{ field: "role", from: "member", to: "admin" }] }],
    ahead: [],
  });
});

test("a field that cannot be read is never taken for changed", () => {
  const member = "org-member:A/a@x.io";
  const { items, ahead } = driftOf({
    declared: [declare(member, { role: "member" })],
    live: [live(member, {}, { unknown: ["role"] })],
    memory: wrote({ [member]: { role: "member" } }) ?? {},
  });
  expect([items, ahead]).toEqual([[], []]);
});

test("missing: axcess wrote it and it is not there, in a class that was read whole; under another name is told", () => {
  const memory = wrote({ [SPACE]: {} }) ?? {};
  const declared = [declare(ORG), declare(SPACE)];
  const gone = driftOf({ declared, live: [live(ORG)], memory });
  expect(gone).toMatchObject({
    items: [{ sort: "missing", address: SPACE, remote: { id: `id(${SPACE})` } }],
    ahead: [],
  });
  expect(gone.items[0]).not.toHaveProperty("movedTo");
  expect(driftOf({ declared, live: [live(ORG)] })).toMatchObject({ items: [], ahead: [SPACE] });
  const moved = live("space:A/t", {}, { remote: { id: `id(${SPACE})` } });
  expect(
    driftOf({ declared, live: [live(ORG, {}, { remote: { id: `id(${SPACE})` } }), moved], memory }).items,
  ).toMatchObject([{ sort: "missing", movedTo: "space:A/t" }]);
  const unseen = { declared, live: [live(ORG)], memory, coverage: { space: "partial" as const } };
  expect(driftOf(unseen)).toMatchObject({ items: [], ahead: [] });
  expect(driftOf({ ...unseen, coverage: {}, covered: [SPACE] })).toMatchObject({ items: [], ahead: [] });
});

test("extra: there, not declared, in a class that is managed authoritatively; expired: a grant past its end", () => {
  const [own, other, bot, ignored, over, unwanted] = ["a", "b", "c", "d", "e", "f"].map(
    (name): Address => `org-member:A/${name}@x.io`,
  ) as [Address, Address, Address, Address, Address, Address];
  const sample: PlanSample = {
    declared: [declare(ORG), declare(own, { role: "member" })],
    live: [
      live(ORG),
      live(own, { role: "member" }),
      live(other, { role: "admin" }),
      live(bot, {}, { builtin: true }),
      live(ignored),
      live(over, { role: "member" }),
      live(unwanted),
    ],
    managed: { "org-member@organization:A": "authoritative", "organization@": "additive" },
    absent: { [over]: "expired", [unwanted]: "declared-absent" },
    ignore: [ignored],
  };
  const { items, ahead } = driftOf(sample);
  expect(items).toMatchObject([
    { sort: "extra", address: other, spec: { role: "admin" } },
    { sort: "expired", address: over, at: { file: "access.yaml" } },
  ]);
  expect(items[0] && sourceOfDrift(items[0])).toBeUndefined();
  expect(ahead).toEqual([unwanted]);
  expect(driftOf({ ...sample, managed: {} }).items.map(({ sort }) => sort)).toEqual(["expired"]);
  expect(driftOf({ ...sample, coverage: { "org-member@organization:A": "partial" } }).unread).toEqual([
    "org-member@organization:A",
  ]);
});

test("what the manifest renames is waiting for an apply; what else somebody changed on it is drift", () => {
  const { items, ahead } = driftOf({
    declared: [declare("space:A/new", { description: "a" })],
    live: [live(ORG), live("space:A/old", { description: "b" })],
    renames: { "space:A/new": ["space:A/old"] },
    memory: wrote({ "space:A/old": { description: "a" } }) ?? {},
  });
  expect(ahead).toEqual(["space:A/new"]);
  expect(items).toMatchObject([{ sort: "changed", address: "space:A/new", fields: [{ from: "a", to: "b" }] }]);
});

test("who comes through a group is told with it", () => {
  const member = declare("org-member:A/a@x.io", { role: "member" });
  const grouped = { ...member, origin: { ...member.origin, group: "g" } } as typeof member;
  const { items } = driftOf({
    declared: [declare(ORG), grouped, live("space:A/odd")],
    live: [live(ORG)],
    memory: wrote({ [member.address]: { role: "member" }, "space:A/odd": {} }) ?? {},
  });
  expect(items).toMatchObject([
    { sort: "missing", group: "g" },
    { sort: "missing", address: "space:A/odd" },
  ]);
});
