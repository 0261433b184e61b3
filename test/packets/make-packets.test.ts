import { expect, test } from "vitest";
import { ASSUMED } from "../../src/model/access.ts";
import type { Ownership } from "../../src/model/manifest.ts";
import type { Resource, World } from "../../src/model/resource.ts";
import { makePackets, type ReviewInput } from "../../src/packets/make-packets.ts";
import { declare, live } from "../support/plan-input.ts";

function worldOf(...resources: readonly Resource[]): World {
  return new Map(resources.map((resource) => [resource.address, resource]));
}

function packets(more: Partial<ReviewInput> & Pick<ReviewInput, "live">): ReturnType<typeof makePackets> {
  return makePackets({ declared: new Map(), owners: [], runs: [], settings: ASSUMED, ...more });
}

const PLACES = [
  live("organization:A"),
  live("space:A/s", { private: true }),
  live("project:A/s/p"),
  live("organization:B"),
  live("user:ana@x.io", { role: "member" }, { remote: { id: "u1" } }),
  live("org-member:A/ana@x.io", { role: "member" }),
  live("space-member:A/s/ana@x.io", { role: "member", also: null }),
];

const own = (on: string, ...people: readonly string[]): Ownership => ({ on, people }) as unknown as Ownership;

test("a place without an owner of its own is its container's, and what nobody owns comes last", () => {
  const owners = [own("organization:A", "z@x.io", "a@x.io"), own("project:A/s/p")];
  const told = packets({ live: worldOf(...PLACES), owners });
  expect(told.map(({ owner, places }) => [owner, places.map(({ place }) => place)])).toEqual([
    ["a@x.io", ["organization:A", "space:A/s"]],
    ["z@x.io", ["organization:A", "space:A/s"]],
    // A pattern with nobody says that nobody owns it.
    [undefined, ["project:A/s/p", "organization:B"]],
  ]);
  expect(packets({ live: worldOf(live("organization:B")) }).map(({ owner }) => owner)).toEqual([undefined]);
});

test("of a project that is open only what it gives beside its space is told; of a restricted one all", () => {
  const bound = live("binding:A/s/p/ana@x.io", { role: "role:R" });
  const role = live("role:R", { permissions: { PROJECT_READ: true } });
  const grantsAt = (...more: readonly Resource[]): readonly string[] =>
    packets({ live: worldOf(...PLACES, role, ...more) })
      .flatMap(({ places }) => places)
      .filter(({ place }) => place === "project:A/s/p")
      .flatMap(({ holdings }) => holdings.map(({ grant }) => grant));
  expect(grantsAt(bound)).toEqual(["binding:A/s/p/ana@x.io"]);
  expect(grantsAt()).toEqual([]);
  expect(grantsAt(bound, live("restriction:A/s/p"))).toEqual(["binding:A/s/p/ana@x.io"]);
});

test("what the manifest writes of a grant stands beside it, with its source", () => {
  const declared = worldOf(declare("space-member:A/s/ana@x.io", { role: "member" }));
  const [packet] = packets({ live: worldOf(...PLACES), declared });
  const space = packet?.places.find(({ place }) => place === "space:A/s");
  expect(space?.holdings.map(({ holder, written }) => [holder, written?.source])).toEqual([
    ["ana@x.io", expect.stringContaining("access.yaml")],
  ]);
  const [without] = packets({ live: worldOf(...PLACES) });
  expect(without?.places.flatMap(({ holdings }) => holdings.map(({ written }) => written))).not.toContainEqual(
    expect.objectContaining({ source: expect.anything() }),
  );
});

test("a key is told with who made it, where it works and what is not known of it", () => {
  const key = (path: string, id: string, facts: Readonly<Record<string, string>>, spec = {}): Resource =>
    live(`service-key:${path}`, spec, { remote: { id }, facts });
  const keys = [
    key("A/s/ci", "k1", { creator: "u1", redacted: "ak-2", last_used: "2027-01-01T00:00:00Z" }, { role: "member" }),
    key("A/t/ci", "k1", {}),
    key("A/s/by-id", "k2", { creator: "gone", name: "ci", redacted: "ak-1" }),
    key("A/s/by-other-id", "k3", { name: "ci" }),
  ];
  const [packet] = packets({ live: worldOf(...PLACES, live("space:A/t"), ...keys) });
  const told = packet?.places.find(({ place }) => place === "space:A/s")?.keys;
  expect(
    told?.map(({ name, redacted, creator, role, spaces, used }) => ({ name, redacted, creator, role, spaces, used })),
  ).toEqual([
    { name: "ci", redacted: undefined, creator: undefined, role: undefined, spaces: ["space:A/s"], used: undefined },
    { name: "ci", redacted: "ak-1", creator: "gone", role: undefined, spaces: ["space:A/s"], used: undefined },
    {
      ...{ name: "ci", redacted: "ak-2", creator: "ana@x.io", role: "member" },
      ...{ spaces: ["space:A/s", "space:A/t"], used: "2027-01-01T00:00:00Z" },
    },
  ]);
});
