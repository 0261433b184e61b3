import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { judgeAccess, orderAdmins } from "../../src/access/access-guards.ts";
import type { Address } from "../../src/model/address.ts";
import type { Finding } from "../../src/model/change.ts";
import type { Resource } from "../../src/model/resource.ts";
import { guardInputOf } from "../support/access-sample.ts";
import { declare, live } from "../support/plan-input.ts";

type Sample = Parameters<typeof guardInputOf>[0];

const ORG = live("organization:A");
const SPACE = live("space:A/x");
const PEOPLE = ["ana", "ben", "cy"];
const users = PEOPLE.map((name) => live(`user:${name}`, { role: "member" }));
const inOrg = (name: string, role = "admin", extra: Partial<Resource> = {}): Resource =>
  live(`org-member:A/${name}`, { role }, extra);
const inSpace = (name: string, role = "admin", also: string | null = null): Resource =>
  live(`space-member:A/x/${name}`, { role, also });

function judge(sample: Sample): Readonly<Record<Address, readonly Finding[]>> {
  return Object.fromEntries(judgeAccess(guardInputOf(sample)));
}

const lastAdmin = (detail: string, remaining: number): readonly Finding[] => [
  { code: "last-admin", detail, release: `--min-admins ${remaining}` },
];
const inOrganization = (count: string): string => `organization:A would be left with ${count}; the policy asks for 2.`;

describe("the last admins", () => {
  test("of an organization: whoever is removed or lowered is blocked, with the number that would remain", () => {
    const base = [ORG, ...users];
    const before = [...base, inOrg("ana"), inOrg("ben"), inOrg("cy")];
    expect(judge({ live: before, planned: [...base, inOrg("ana"), inOrg("ben", "member")] })).toEqual({
      "org-member:A/ben": lastAdmin(inOrganization("1 active admin"), 1),
      "org-member:A/cy": lastAdmin(inOrganization("1 active admin"), 1),
    });
    expect(judge({ live: before, planned: base })["org-member:A/ana"]).toEqual(
      lastAdmin(inOrganization("no active admins"), 0),
    );
    expect(judge({ live: before, planned: base, policy: { minAdmins: 0 } })).toEqual({});
    expect(judge({ live: before, planned: [...base, inOrg("ana"), inOrg("ben")] })).toEqual({});
  });

  test("of a space, by either of two roles", () => {
    const base = [ORG, SPACE, ...users];
    const before = [...base, inSpace("ana"), inSpace("ben", "role:R", "admin")];
    const found = judge({ live: before, planned: [...base, inSpace("ana"), inSpace("ben", "role:R")] });
    expect(found).toEqual({
      "space-member:A/x/ben": lastAdmin("space:A/x would be left with 1 active admin; the policy asks for 2.", 1),
    });
  });

  test("of the account, and of all that a person is admin of, when the person goes", () => {
    const admins = ["ana", "ben"].map((name) => live(`user:${name}`, { role: "admin" }));
    const base = [ORG, SPACE];
    const [ana, ben] = [live("user:ana", { role: "admin" }), live("user:ben", { role: "admin" })];
    const found = judge({
      live: [...base, ...admins, inOrg("ana"), inSpace("ben"), inSpace("ana"), inOrg("ben")],
      planned: [...base, ana, inOrg("ana"), inSpace("ana")],
      goneWith: { [ben.address]: ["org-member:A/ben", "space-member:A/x/ben"] },
    });
    expect(Object.keys(found)).toEqual(["user:ben"]);
    expect(found["user:ben"]?.map(({ detail }) => detail)).toEqual([
      "The account would be left with 1 active admin; the policy asks for 2.",
      inOrganization("1 active admin"),
      "space:A/x would be left with 1 active admin; the policy asks for 2.",
    ]);
  });

  test("what goes with two deletions goes once, and both are told", () => {
    const base = [ORG, SPACE];
    const [ana, ben, cy] = users;
    if (ana === undefined || ben === undefined || cy === undefined) throw new Error("three people");
    const found = judge({
      live: [...base, ana, ben, cy, inSpace("ana"), inSpace("ben"), inSpace("cy")],
      planned: [...base, ana, ben, inSpace("ana"), inSpace("ben")],
      goneWith: { "user:cy": ["space-member:A/x/cy"], "org-member:A/cy": ["space-member:A/x/cy"] },
      policy: { minAdmins: 3 },
    });
    const detail = "space:A/x would be left with 2 active admins; the policy asks for 3.";
    expect(found).toEqual({ "user:cy": lastAdmin(detail, 2), "org-member:A/cy": lastAdmin(detail, 2) });
  });

  test("what goes with two deletions is made up for by one who comes", () => {
    const sample = {
      live: [ORG, SPACE, ...users, inSpace("ana"), inSpace("cy")],
      planned: [ORG, SPACE, ...users.slice(0, 2), inSpace("ana"), inSpace("ben")],
      goneWith: { "user:cy": ["space-member:A/x/cy"], "org-member:A/cy": ["space-member:A/x/cy"] },
      policy: { minAdmins: 3 },
    } as const;
    expect(judge(sample)).toEqual({});
  });

  test("places are told in their order, whatever goes first", () => {
    const sample = {
      live: [ORG, SPACE, live("user:ben", { role: "admin" }), inOrg("ben"), inSpace("ben")],
      planned: [ORG, SPACE],
      goneWith: { "user:ben": ["space-member:A/x/ben", "org-member:A/ben"] },
    } as const;
    const found = judge(sample)["user:ben"] ?? [];
    expect(found.map(({ detail }) => detail.split(" would")[0])).toEqual([
      "The account",
      "organization:A",
      "space:A/x",
    ]);
  });

  test("an admin right that is inherited leaves nobody who remains, though the manifest writes it", () => {
    const base = [ORG, SPACE, ...users];
    const inherited = live("space-member:A/x/ben", { role: "admin", also: null }, { builtin: true });
    const expected = {
      "space-member:A/x/ana": lastAdmin("space:A/x would be left with no active admins; the policy asks for 1.", 0),
    };
    const sample = { live: [...base, inherited, inSpace("ana")], policy: { minAdmins: 1 } };
    expect(judge({ ...sample, planned: [...base, inherited] })).toEqual(expected);
    expect(judge({ ...sample, planned: [...base, declare(inherited.address, inherited.spec)] })).toEqual(expected);
  });

  test("whoever is no more is no admin of what they are still listed in", () => {
    const [ana, ...rest] = users;
    if (ana === undefined) throw new Error("three people");
    const left = inOrg("ana");
    expect(judge({ live: [ORG, ana, ...rest, left, inOrg("ben")], planned: [ORG, ...rest, left] })).toEqual({
      "org-member:A/ben": lastAdmin(inOrganization("no active admins"), 0),
    });
  });

  test("nobody is an admin by what is no membership", () => {
    const binding = live("binding:A/x/p/ana", { role: "admin" });
    expect(judge({ live: [ORG, SPACE, ...users, binding], planned: [ORG, SPACE, ...users] })).toEqual({});
  });

  test("a place that goes is not judged, nor one whose admins do not become fewer", () => {
    const before = [ORG, SPACE, ...users, inOrg("ana"), inSpace("ana")];
    expect(judge({ live: before, planned: [...users] })).toEqual({});
    expect(judge({ live: [ORG, ...users, inOrg("ana")], planned: [ORG, ...users, inOrg("ben")] })).toEqual({});
    expect(judge({ live: [ORG, ...users], planned: [ORG, ...users, inOrg("ben")] })).toEqual({});
  });

  test("only active people count: no bots, nobody who has not come, nobody whom nobody knows, no role that nobody sees", () => {
    const invited = live("user:inv", { role: "member" }, { facts: { status: "INVITED" } });
    const expired = live("user:exp", { role: "member" }, { facts: { status: "EXPIRED" } });
    const bot = live("user:bot", { role: "member" }, { builtin: true });
    const rest = [
      ORG,
      ...users,
      invited,
      expired,
      bot,
      inOrg("inv"),
      inOrg("exp"),
      inOrg("bot"),
      inOrg("ben", "admin", { builtin: true }),
      inOrg("stranger"),
      live("org-member:A/cy", {}, { unknown: ["role"] }),
    ];
    const sample = { live: [...rest, inOrg("ana")], planned: rest, policy: { minAdmins: 1 } };
    expect(judge(sample)["org-member:A/ana"]?.[0]?.release).toBe("--min-admins 0");
    // None of those is missed, either.
    expect(judge({ live: rest, planned: [ORG, ...users, invited, expired, bot] })).toEqual({});
  });

  test("whom the plan makes without an invitation counts, whom it invites does not", () => {
    const base = [ORG, ...users];
    const made = (invite: string): readonly Resource[] => [
      ...base,
      { ...declare("user:new", { role: "member" }), creation: { invite } },
      inOrg("ben"),
      inOrg("new"),
    ];
    const before = [...base, inOrg("ana"), inOrg("ben")];
    expect(judge({ live: before, planned: made("none") })).toEqual({});
    expect(Object.keys(judge({ live: before, planned: made("email_link") }))).toEqual(["org-member:A/ana"]);
    const silent = made("none").map((one) => (one.address === "user:new" ? declare("user:new") : one));
    expect(Object.keys(judge({ live: before, planned: silent }))).toEqual(["org-member:A/ana"]);
  });

  test("in every plan, a place ends below the minimum only where a step says so or nothing is taken", () => {
    const roles = fc.constantFrom("admin", "member", undefined);
    const side = fc.record({ ana: roles, ben: roles, cy: roles });
    fc.assert(
      fc.property(side, side, fc.integer({ min: 0, max: 3 }), (from, to, minAdmins) => {
        const world = (roleOf: typeof from): readonly Resource[] => [
          ORG,
          ...users,
          ...Object.entries(roleOf).flatMap(([name, role]) => (role === undefined ? [] : [inOrg(name, role)])),
        ];
        const count = (roleOf: typeof from): number => Object.values(roleOf).filter((role) => role === "admin").length;
        const found = judge({ live: world(from), planned: world(to), policy: { minAdmins } });
        const isTooFew = count(to) < count(from) && count(to) < minAdmins;
        expect(Object.keys(found).length > 0).toBe(isTooFew);
      }),
      { numRuns: 200, seed: 20_261_121 },
    );
  });
});

describe("the order of admins", () => {
  const base = [ORG, SPACE, ...users];

  test("a new one comes first where too few would be left in between", () => {
    const sample = { live: [...base, inOrg("ana"), inOrg("cy")], planned: [...base, inOrg("ben"), inOrg("cy")] };
    expect(orderAdmins(guardInputOf(sample))).toEqual([{ first: "org-member:A/ben", second: "org-member:A/ana" }]);
    expect(orderAdmins(guardInputOf({ ...sample, policy: { minAdmins: 1 } }))).toEqual([]);
  });

  test("is sorted by what comes first, over all places", () => {
    const [ana, ben] = ["ana", "ben"].map((name) => live(`user:${name}`, { role: "admin" }));
    if (ana === undefined || ben === undefined) throw new Error("two people");
    const member = live(ana.address, { role: "member" });
    const cy = live("user:cy", { role: "member" });
    const sample = {
      live: [ORG, cy, ana, live(ben.address, { role: "member" }), inOrg("ana")],
      planned: [ORG, cy, member, ben, inOrg("cy"), inOrg("ben")],
      policy: { minAdmins: 1 },
    };
    expect(orderAdmins(guardInputOf(sample))).toEqual([
      { first: "org-member:A/ben", second: "org-member:A/ana" },
      { first: "org-member:A/cy", second: "org-member:A/ana" },
      { first: "user:ben", second: "user:ana" },
    ]);
  });

  test("asks for nothing where nobody comes or goes", () => {
    expect(orderAdmins(guardInputOf({ live: base }))).toEqual([]);
  });

  test("never is nobody left in between, whatever the policy says", () => {
    const sample = { live: [...base, inOrg("ana")], planned: [...base, inOrg("ben")], policy: { minAdmins: 0 } };
    expect(orderAdmins(guardInputOf(sample))).toEqual([{ first: "org-member:A/ben", second: "org-member:A/ana" }]);
  });

  test("each pair is told once and in order, also of a person who is admin of many places", () => {
    const sample = {
      live: [...base, inOrg("ana"), inSpace("ana")],
      planned: [...base.filter(({ address }) => address !== "user:ana"), inSpace("cy"), inOrg("ben"), inSpace("ben")],
      goneWith: { "user:ana": ["org-member:A/ana", "space-member:A/x/ana"] } as const,
    };
    expect(orderAdmins(guardInputOf(sample))).toEqual([
      { first: "org-member:A/ben", second: "user:ana" },
      { first: "space-member:A/x/ben", second: "user:ana" },
      { first: "space-member:A/x/cy", second: "user:ana" },
    ]);
  });
});

test("a bot with an admin's account role is no admin who remains", () => {
  const people = ["ana", "root", "bot"].map((name) => live(`user:${name}@acme.io`, { role: "admin" }));
  const inOrg = live("org-member:A/bot@acme.io", { role: "read-only" }, { builtin: true });
  const sample = {
    live: [live("organization:A"), inOrg, ...people],
    planned: [live("organization:A"), inOrg, ...people.slice(1)],
  };
  expect(judgeAccess(guardInputOf(sample)).get("user:ana@acme.io")).toMatchObject([
    { code: "last-admin", release: "--min-admins 1" },
  ]);
});
