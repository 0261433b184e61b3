import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { evaluateAccess } from "../../src/access/effective-access.ts";
import { listPeople } from "../../src/access/questions.ts";
import type { AccessDelta, AccessShift } from "../../src/model/access.ts";
import type { Address } from "../../src/model/address.ts";
import type { Resource, Spec, World } from "../../src/model/resource.ts";
import { makePlan, type PlanInput } from "../../src/plan/make-plan.ts";
import { arbitrarySample } from "../support/arbitrary-accounts.ts";
import { declare, live, type PlanSample, planInput } from "../support/plan-input.ts";

type Entries = Readonly<Record<string, Spec>>;

function liveAll(entries: Entries, extra: Partial<Resource> = {}): readonly Resource[] {
  return Object.entries(entries).map(([address, spec]) => live(address as Address, spec, extra));
}

function declareAll(entries: Entries): readonly Resource[] {
  return Object.entries(entries).map(([address, spec]) => declare(address as Address, spec));
}

/** A company with a public and a private space, a project in each, a bot, an invited person, and admins of each kind. */
const COMPANY: Entries = {
  "user:root@acme.io": { role: "admin" },
  "user:olga@acme.io": { role: "member" },
  "user:sam@acme.io": { role: "member" },
  "user:mia@acme.io": { role: "member" },
  "user:fay@acme.io": { role: "member" },
  "user:dan@acme.io": { role: "member" },
  "role:Eval": { permissions: { PROJECT_READ: true, DATASET_READ: true } },
  "organization:A": {},
  "org-member:A/olga@acme.io": { role: "admin" },
  "org-member:A/sam@acme.io": { role: "member" },
  "org-member:A/mia@acme.io": { role: "member" },
  "org-member:A/fay@acme.io": { role: "read-only" },
  "org-member:A/dan@acme.io": { role: "member" },
  "space:A/open": { private: false },
  "space:A/shut": { private: true },
  "project:A/open/web": {},
  "project:A/open/api": {},
  "project:A/shut/core": {},
  "space-member:A/open/sam@acme.io": { role: "admin", also: null },
  "space-member:A/open/mia@acme.io": { role: "member", also: null },
  "space-member:A/shut/dan@acme.io": { role: "role:Eval", also: null },
  "binding:A/open/web/dan@acme.io": { role: "role:Eval" },
};

const BOT = live("space-member:A/open/ci-bot", { role: "member", also: null }, { builtin: true });
const BOT_IN = live("org-member:A/ci-bot", { role: "member" }, { builtin: true });

function deltaOf(sample: PlanSample): AccessDelta {
  return makePlan(planInput({ ...sample, live: [...liveAll(COMPANY), BOT, BOT_IN, ...(sample.live ?? [])] })).access;
}

/** A shift in a line: who, where, what of how much, through what. */
function outline({ sets, shifts }: AccessDelta): readonly string[] {
  const amount = (name: string): string => (sets[name] === undefined ? name : String(sets[name]?.length));
  return shifts.map(
    ({ person, place, gained, lost, after, within, through }) =>
      `${person.slice(5)} ${place} +${amount(gained)} -${amount(lost)} =${amount(after.permissions)} ${within.spaces}s${within.projects}p ${through.join(" ")}`,
  );
}

describe("restricting a project", () => {
  const delta = deltaOf({ declared: declareAll({ "restriction:A/open/web": {} }) });

  test("names everybody it cuts off, by fallback or by a role in the space, bots included, and how much remains", () => {
    expect(outline(delta)).toEqual([
      "ci-bot project:A/open/web +none -40 =none 0s0p restriction:A/open/web",
      "dan@acme.io project:A/open/web +none -38 =2 0s0p restriction:A/open/web",
      "fay@acme.io project:A/open/web +none -11 =none 0s0p restriction:A/open/web",
      "mia@acme.io project:A/open/web +none -40 =none 0s0p restriction:A/open/web",
    ]);
    expect(delta.shifts.filter(({ isBot }) => isBot).map(({ person }) => person)).toEqual(["user:ci-bot"]);
  });

  test("tells a bot as one also where the account lists it among people", () => {
    const listed = deltaOf({
      declared: declareAll({ "restriction:A/open/web": {} }),
      live: [live("user:ci-bot", { role: "member" })],
    });
    expect(listed.shifts.filter(({ isBot }) => isBot).map(({ person }) => person)).toEqual(["user:ci-bot"]);
  });

  test("leaves admins of the account, the organization and the space out: they need no binding", () => {
    const people = delta.shifts.map(({ person }) => person);
    for (const admin of ["root", "olga", "sam"]) expect(people).not.toContain(`user:${admin}@acme.io`);
  });

  test("is no loss for whoever gets the same by a binding in the same plan", () => {
    const kept = deltaOf({
      declared: declareAll({
        "restriction:A/open/web": {},
        "role:Eval": {},
        "binding:A/open/web/mia@acme.io": { role: "role:Eval" },
      }),
      live: liveAll({
        "role:Eval": { permissions: Object.fromEntries(memberPermissions().map((name) => [name, true])) },
      }),
    });
    expect(kept.shifts.map(({ person }) => person)).not.toContain("user:mia@acme.io");
  });
});

function memberPermissions(): readonly string[] {
  const world = new Map(liveAll(COMPANY).map((resource) => [resource.address, resource]));
  const { permissions } = evaluateAccess(world, "user:mia@acme.io", "space:A/open");
  return permissions === "all" ? [] : [...permissions];
}

describe("lifting a restriction", () => {
  test("gives it back to everybody in the space, and leaves bindings as they are", () => {
    const delta = deltaOf({
      live: liveAll({ "restriction:A/open/web": {} }),
      absent: { "restriction:A/open/web": "declared-absent" },
    });
    expect(outline(delta)).toEqual([
      "ci-bot project:A/open/web +40 -none =40 0s0p restriction:A/open/web",
      "dan@acme.io project:A/open/web +38 -none =40 0s0p restriction:A/open/web",
      "fay@acme.io project:A/open/web +11 -none =11 0s0p restriction:A/open/web",
      "mia@acme.io project:A/open/web +40 -none =40 0s0p restriction:A/open/web",
    ]);
  });
});

describe("a space", () => {
  test("that becomes private is lost by whoever has no entry, with what is in it; a binding alone does not open it", () => {
    const delta = deltaOf({ declared: declareAll({ "space:A/open": { private: true } }) });
    expect(outline(delta)).toEqual([
      "dan@acme.io space:A/open +none -40 =none 0s2p space:A/open",
      "fay@acme.io space:A/open +none -11 =none 0s2p space:A/open",
    ]);
  });

  test("that becomes public is gained by every member of the organization", () => {
    const delta = deltaOf({ declared: declareAll({ "space:A/shut": { private: false } }) });
    expect(outline(delta)).toEqual([
      "ci-bot space:A/shut +40 -none =40 0s1p space:A/shut",
      "fay@acme.io space:A/shut +11 -none =11 0s1p space:A/shut",
      "mia@acme.io space:A/shut +40 -none =40 0s1p space:A/shut",
      "sam@acme.io space:A/shut +40 -none =40 0s1p space:A/shut",
    ]);
  });
});

describe("an organization role", () => {
  test("of an admin stands for all that is in the organization", () => {
    const delta = deltaOf({ declared: declareAll({ "org-member:A/mia@acme.io": { role: "admin" } }) });
    expect(outline(delta)).toEqual(["mia@acme.io organization:A +all -none =all 2s3p org-member:A/mia@acme.io"]);
  });

  test("that is lowered from admin tells what remains, place by place", () => {
    const delta = deltaOf({ declared: declareAll({ "org-member:A/olga@acme.io": { role: "read-only" } }) });
    expect(outline(delta)).toEqual([
      "olga@acme.io organization:A +none -all =12 1s2p org-member:A/olga@acme.io",
      "olga@acme.io space:A/shut +none -all =none 0s1p org-member:A/olga@acme.io",
    ]);
  });

  test("that goes takes public spaces along, and every entry", () => {
    const delta = deltaOf({ absent: { "org-member:A/mia@acme.io": "declared-absent" } });
    expect(outline(delta)).toEqual([
      "mia@acme.io organization:A +none -1 =none 0s0p org-member:A/mia@acme.io",
      "mia@acme.io space:A/open +none -40 =none 0s2p org-member:A/mia@acme.io",
    ]);
  });

  test("of unknown contents is a permission of its own, so that its loss is told", () => {
    const delta = deltaOf({
      live: liveAll({ "organization:B": {}, "org-member:B/mia@acme.io": { role: "member" } }),
      absent: { "org-member:B/mia@acme.io": "declared-absent" },
    });
    expect(delta.sets).toEqual({ p1: ["(organization role member)"] });
    expect(delta.shifts[0]).toMatchObject({
      lost: "p1",
      before: { isLowerBound: true },
      after: { isLowerBound: false },
    });
  });
});

describe("an entry in a space", () => {
  test("that is lower than what the organization role gives takes access, though it is a creation", () => {
    const delta = deltaOf({
      declared: declareAll({ "space-member:A/open/dan@acme.io": { role: "read-only", also: null } }),
    });
    expect(outline(delta)).toEqual(["dan@acme.io space:A/open +none -29 =11 0s2p space-member:A/open/dan@acme.io"]);
    expect(delta.shifts[0]?.takenBy).toEqual(["space-member:A/open/dan@acme.io"]);
  });

  test("whose role grows by a change of the role's own contents is told through the role", () => {
    const delta = deltaOf({
      declared: declareAll({
        "role:Eval": { permissions: { PROJECT_READ: true, DATASET_READ: true, DATASET_DELETE: true } },
      }),
    });
    expect(outline(delta)).toEqual(["dan@acme.io space:A/shut +1 -none =3 0s1p role:Eval"]);
  });

  test("that lapses tells until when", () => {
    const entry = declare("space-member:A/shut/mia@acme.io", { role: "role:Eval", also: null });
    const origin = { ...entry.origin, expires: "2027-01-31T00:00:00Z" } as Resource["origin"];
    const delta = deltaOf({ declared: [...declareAll({ "role:Eval": {} }), { ...entry, origin }] });
    expect(delta.shifts.map(({ until }) => until)).toEqual(["2027-01-31T00:00:00Z"]);
  });
});

const NOTHING_HELD = { permissions: "none", roles: [], isLowerBound: false };

describe("a person", () => {
  test("who goes loses everything they hold", () => {
    const delta = deltaOf({ absent: { "user:dan@acme.io": "declared-absent" } });
    expect(outline(delta)).toEqual([
      "dan@acme.io organization:A +none -41 =none 1s2p user:dan@acme.io",
      "dan@acme.io space:A/shut +none -2 =none 0s1p user:dan@acme.io",
    ]);
  });

  test("who is invited as an account admin has the whole account, once they come", () => {
    const invited = {
      ...declare("user:new@acme.io", { role: "admin", name: "New" }),
      creation: { invite: "email_link" },
    };
    const delta = deltaOf({ declared: [invited] });
    expect(outline(delta)).toEqual(["new@acme.io account +all -none =all 0s0p user:new@acme.io"]);
    expect(delta.shifts[0]?.isPending).toBe(true);
  });

  test("who is invited as an account admin, and let into places as well, has the whole account, which is all there is to say", () => {
    const places = {
      "org-member:A/new@acme.io": { role: "admin" },
      "space-member:A/shut/new@acme.io": { role: "admin" },
    };
    const invited = {
      ...declare("user:new@acme.io", { role: "admin", name: "New" }),
      creation: { invite: "email_link" },
    };
    const delta = deltaOf({ declared: [invited, ...declareAll(places)] });
    expect(outline(delta)).toEqual(["new@acme.io account +all -none =all 0s0p user:new@acme.io"]);
    expect(delta.shifts.map(({ before, after }) => [before, after])).toEqual([
      [NOTHING_HELD, { ...NOTHING_HELD, permissions: "all", roles: ["admin"] }],
    ]);
  });

  test("who stops being an account admin loses the whole account, which is all there is to say", () => {
    const delta = deltaOf({ absent: { "user:root@acme.io": "declared-absent" } });
    expect(outline(delta)).toEqual(["root@acme.io account +none -all =none 0s0p user:root@acme.io"]);
  });

  test("whose name changes gains and loses nothing", () => {
    const named = { "user:mia@acme.io": { name: "Mia" }, "user:root@acme.io": { role: "admin", name: "Root" } };
    expect(deltaOf({ declared: declareAll(named) }).shifts).toEqual([]);
  });
});

describe("a place", () => {
  test("that is new is no news for whoever has it by what they had before", () => {
    const delta = deltaOf({ declared: declareAll({ "project:A/open/new": {}, "space:A/next": { private: false } }) });
    expect(delta.shifts).toEqual([]);
  });

  test("that is new is no news either for whoever is touched otherwise, and has it by what stays", () => {
    const lowered = { "org-member:A/sam@acme.io": { role: "read-only" }, "project:A/open/new": {} };
    expect(outline(deltaOf({ declared: declareAll(lowered) }))).toEqual([
      "sam@acme.io organization:A +1 -1 =1 0s0p org-member:A/sam@acme.io",
    ]);
  });

  test("that is new is news for whoever gets something by a grant or a role of the same plan", () => {
    const bound = {
      "role:Ops": { permissions: { DATASET_UPDATE: true } },
      "project:A/shut/new": {},
      "binding:A/shut/new/dan@acme.io": { role: "role:Ops" },
    };
    expect(outline(deltaOf({ declared: declareAll(bound) }))).toEqual([
      "dan@acme.io project:A/shut/new +3 -none =3 0s0p binding:A/shut/new/dan@acme.io role:Ops",
    ]);
    const grown = {
      "project:A/shut/new": {},
      "role:Eval": { permissions: { PROJECT_READ: true, DATASET_READ: true, DATASET_UPDATE: true } },
    };
    expect(outline(deltaOf({ declared: declareAll(grown) }))).toEqual([
      "dan@acme.io space:A/shut +1 -none =3 0s1p role:Eval",
      "dan@acme.io project:A/shut/new +3 -none =3 0s0p role:Eval",
    ]);
  });

  test("that is deleted is lost by everybody in it, but for those who administer what it was in", () => {
    const delta = deltaOf({ absent: { "project:A/open/web": "declared-absent" } });
    expect(delta.shifts.map(({ person, lost, after }) => [person, lost === "none", after.permissions])).toEqual([
      ["user:ci-bot", false, "none"],
      ["user:dan@acme.io", false, "none"],
      ["user:fay@acme.io", false, "none"],
      ["user:mia@acme.io", false, "none"],
      ["user:sam@acme.io", false, "none"],
    ]);
  });
});

describe("a place that is touched by itself as well", () => {
  test("is counted once where it is new and restricted", () => {
    const delta = deltaOf({
      declared: declareAll({
        "space-member:A/shut/mia@acme.io": { role: "admin", also: null },
        "project:A/shut/safe": {},
        "restriction:A/shut/safe": {},
      }),
    });
    expect(outline(delta)).toEqual(["mia@acme.io space:A/shut +all -none =all 0s2p space-member:A/shut/mia@acme.io"]);
  });

  test("is counted once where what is there is closed", () => {
    const delta = deltaOf({
      declared: declareAll({ "org-member:A/fay@acme.io": { role: "admin" }, "restriction:A/shut/core": {} }),
    });
    const ofFay = outline(delta).filter((line) => line.startsWith("fay"));
    expect(ofFay).toEqual(["fay@acme.io organization:A +all -none =all 2s3p org-member:A/fay@acme.io"]);
  });

  test("is counted once where a space is closed", () => {
    const delta = deltaOf({
      declared: declareAll({ "org-member:A/fay@acme.io": { role: "admin" }, "space:A/open": { private: true } }),
    });
    const ofFay = outline(delta).filter((line) => line.startsWith("fay"));
    expect(ofFay).toEqual(["fay@acme.io organization:A +all -none =all 2s3p org-member:A/fay@acme.io"]);
  });

  test("is not counted above where it is told by itself", () => {
    const delta = deltaOf({
      absent: { "org-member:A/fay@acme.io": "declared-absent", "project:A/open/web": "declared-absent" },
    });
    expect(outline(delta).filter((line) => line.startsWith("fay"))).toEqual([
      "fay@acme.io organization:A +none -12 =none 1s1p org-member:A/fay@acme.io",
      "fay@acme.io project:A/open/web +none -11 =none 0s0p org-member:A/fay@acme.io project:A/open/web",
    ]);
  });
});

describe("what was not read", () => {
  test("is told, and holds what may cut off people who cannot be seen", () => {
    const plan = makePlan(
      planInput({
        live: liveAll(COMPANY),
        declared: declareAll({ "restriction:A/shut/core": {}, "space:A/open": { private: true } }),
        coverage: { "org-member@organization:A": "unreadable", "space-member@space:A/shut": "partial" },
      }),
    );
    expect(plan.access.unseen).toEqual(["org-member@organization:A", "space-member@space:A/shut"]);
    for (const step of plan.steps) expect(step.gate).toMatchObject({ state: "held", by: ["removes-access"] });
  });

  test("is told of everywhere where the contents of a role change, and of spaces where somebody joins an organization", () => {
    const { unseen } = deltaOf({
      live: liveAll({ "user:zoe@acme.io": { role: "member" } }),
      declared: declareAll({
        "role:Eval": { permissions: { PROJECT_READ: true } },
        "org-member:A/zoe@acme.io": { role: "member" },
      }),
      coverage: { "space@organization:A": "partial", "binding@project:A/open/api": "unreadable" },
    });
    expect(unseen).toEqual(["binding@project:A/open/api", "space@organization:A"]);
  });
});

/** Every difference cell by cell, without any of the shortcuts. */
function compareWorlds(
  before: World,
  after: World,
): readonly { readonly person: Address; readonly place: Address; readonly gains: boolean; readonly loses: boolean }[] {
  const people = listPeople(new Map([...before, ...after]));
  const places = new Set(
    [...before.values(), ...after.values()]
      .filter(({ kind }) => ["organization", "space", "project"].includes(kind))
      .map(({ address }) => address),
  );
  const holding = (world: World, person: Address, place: Address): ReadonlySet<string> => {
    if (!world.has(place)) return new Set();
    const { permissions, paths } = evaluateAccess(world, person, place);
    if (permissions === "all") return new Set(["*"]);
    return new Set([...permissions, ...paths.filter((path) => path.permissions === "unknown").map(({ role }) => role)]);
  };
  return [...places].flatMap((place) =>
    people.flatMap((person) => {
      const [old, now] = [holding(before, person, place), holding(after, person, place)];
      const gains = !old.has("*") && [...now].some((permission) => !old.has(permission));
      const loses = !now.has("*") && [...old].some((permission) => !now.has(permission));
      return gains || loses ? [{ person, place, gains, loses }] : [];
    }),
  );
}

function planned(input: PlanInput): World {
  const plan = makePlan(input);
  const world = new Map(input.observation.world);
  for (const { address, op, cascade } of plan.steps) {
    if (op !== "delete") continue;
    world.delete(address);
    for (const gone of cascade) if (!gone.startsWith("binding:") || isInside(gone, address)) world.delete(gone);
  }
  for (const { address, op } of plan.steps) {
    const declared = input.desired.world.get(address);
    if (op !== "delete" && declared !== undefined)
      world.set(address, {
        ...declared,
        ...world.get(address),
        spec: { ...world.get(address)?.spec, ...declared.spec },
      });
  }
  return world;
}

/** A binding goes with its project; with a membership it may stay. */
function isInside(binding: Address, deleted: Address): boolean {
  return /^(organization|space|project|user):/u.test(deleted) || binding === deleted;
}

function covers(shift: AccessShift, person: Address, place: Address): boolean {
  if (shift.person !== person) return false;
  if (shift.place === "account" || shift.place === place) return true;
  return place.slice(place.indexOf(":") + 1).startsWith(`${shift.place.slice(shift.place.indexOf(":") + 1)}/`);
}

/** People of whom more places are told, or counted with one that is told, than there are. */
function listCountedTwice(shifts: readonly AccessShift[], worlds: readonly World[]): readonly Address[] {
  const people = [...new Set(shifts.map(({ person }) => person))];
  const kinds = { spaces: "space", projects: "project" } as const;
  return people.filter((person) =>
    (["spaces", "projects"] as const).some((level) => {
      const own = shifts.filter((shift) => shift.person === person);
      const told = own.filter(({ place }) => place.startsWith(`${kinds[level]}:`)).length;
      const counted = own.reduce((sum, { within }) => sum + within[level], told);
      const places = worlds.flatMap((world) => [...world.values()].filter(({ kind }) => kind === kinds[level]));
      return counted > new Set(places.map(({ address }) => address)).size;
    }),
  );
}

test("in every account: no difference goes untold, and none is told that there is not", () => {
  fc.assert(
    fc.property(arbitrarySample, (sample) => {
      const input = planInput({ ...sample, coverage: {}, ignore: [], protect: [] });
      const { shifts } = makePlan(input).access;
      const [before, after] = [input.observation.world, planned(input)];
      const differences = compareWorlds(before, after);
      for (const { person, place, loses } of differences) {
        if (!loses || !after.has(place)) continue;
        expect(
          shifts.some((shift) => covers(shift, person, place) && shift.lost !== "none"),
          `${person} loses in ${place}`,
        ).toBe(true);
      }
      for (const { person, place, gains } of differences) {
        if (!gains || !before.has(place)) continue;
        expect(
          shifts.some((shift) => covers(shift, person, place) && shift.gained !== "none"),
          `${person} gains in ${place}`,
        ).toBe(true);
      }
      for (const { person, place, gained, lost, through, takenBy } of shifts) {
        const there = differences.filter(
          (difference) =>
            difference.person === person && covers({ person, place } as AccessShift, person, difference.place),
        );
        expect(there.some(({ gains }) => gains) || gained === "none", `${person} at ${place} gains`).toBe(true);
        expect(there.some(({ loses }) => loses) || lost === "none", `${person} at ${place} loses`).toBe(true);
        expect(through.length).toBeGreaterThan(0);
        expect(takenBy.length > 0).toBe(lost !== "none");
      }
      expect(listCountedTwice(shifts, [before, after])).toEqual([]);
    }),
    { numRuns: 400, seed: 20_261_121 },
  );
});
