import { describe, expect, test } from "vitest";
import { indexAccount } from "../../src/access/account-index.ts";
import { type CellVerdict, makeCellJudge } from "../../src/access/judge-cell.ts";
import { nameShifts } from "../../src/access/name-shifts.ts";
import { joinVerdicts, type RawShift, standsFor } from "../../src/access/tell-shifts.ts";
import type { Touched, TouchedPlaces } from "../../src/access/touched-access.ts";
import { type Walked, walkTouched } from "../../src/access/walk-touched.ts";
import type { Resource } from "../../src/model/resource.ts";
import { live } from "../support/plan-input.ts";
import { makeScene } from "../support/plan-scene.ts";

const BASE: readonly Resource[] = [
  live("user:ana"),
  live("organization:A"),
  live("org-member:A/ana", { role: "member" }),
  live("space:A/x", { private: true }),
  live("project:A/x/web"),
];

function walk(planned: readonly Resource[], places: Partial<TouchedPlaces>): Walked {
  const scene = makeScene(BASE, planned);
  const touched: Touched = new Map([
    ["ana", { account: false, organizations: new Set(), spaces: new Set(), projects: new Set(), ...places }],
  ]);
  const index = indexAccount(scene.worlds, scene.changedBy.keys());
  return walkTouched(touched, { scene, index, judge: makeCellJudge(scene) });
}

describe("walking through what may be touched", () => {
  test("tells nothing of places in which nothing changes", () => {
    const places = { organizations: new Set(["A"]), spaces: new Set(["A/x"]), projects: new Set(["A/x/web"]) };
    expect(walk(BASE, places)).toEqual({ shifts: [], rules: [], moments: [] });
    expect(walk(BASE, { account: true, projects: new Set(["A/x/web"]) }).shifts).toEqual([]);
  });

  test("tells a space once for all that is in it", () => {
    const { shifts } = walk([...BASE, live("space-member:A/x/ana", { role: "member" })], { spaces: new Set(["A/x"]) });
    expect(shifts.map(({ place, within }) => [place, within])).toEqual([["space:A/x", { spaces: 0, projects: 1 }]]);
  });

  test("names a restriction also where the person loses the project's organization by another step", () => {
    const open = live("space:A/x", { private: false });
    const before = BASE.map((one) => (one.address === open.address ? open : one));
    const after = before.filter(({ address }) => address !== "org-member:A/ana");
    const scene = makeScene(before, [...after, live("restriction:A/x/web")]);
    const places = { organizations: new Set(["A"]), spaces: new Set<string>(), projects: new Set(["A/x/web"]) };
    const touched: Touched = new Map([["ana", { account: false, ...places }]]);
    const index = indexAccount(scene.worlds, scene.changedBy.keys());
    const { shifts } = walkTouched(touched, { scene, index, judge: makeCellJudge(scene) });
    const takers = shifts.flatMap(({ verdict: { lostBy } }) => lostBy.map(({ address }) => address));
    expect([...new Set(takers)].sort()).toEqual(["org-member:A/ana", "restriction:A/x/web"]);
  });
});

const NOTHING = { holding: [], roles: [], isLowerBound: false, assumptions: [] };

/** A verdict in which so much is gained and lost. */
function verdict(text: Partial<CellVerdict>): CellVerdict {
  return {
    before: NOTHING,
    after: NOTHING,
    gained: [],
    lost: [],
    gainedBy: [],
    lostBy: [],
    rules: [],
    moments: [],
    ...text,
  };
}

describe("a role in an organization that the server does not show", () => {
  test("is told to lose something where an open space is closed", () => {
    const hidden = live("org-member:A/ana", {}, { unknown: ["role"] });
    const stand = (isPrivate: boolean): readonly Resource[] =>
      [...BASE, hidden, live("space:A/x", { private: isPrivate })].filter(
        ({ address }, index, all) => all.findLastIndex((one) => one.address === address) === index,
      );
    const scene = makeScene(stand(false), stand(true));
    const places = { organizations: new Set<string>(), spaces: new Set(["A/x"]), projects: new Set<string>() };
    const touched: Touched = new Map([["ana", { account: false, ...places }]]);
    const index = indexAccount(scene.worlds, scene.changedBy.keys());
    const { shifts } = walkTouched(touched, { scene, index, judge: makeCellJudge(scene) });
    expect(shifts.map(({ place, verdict }) => [place, verdict.lost])).toEqual([["space:A/x", ["(role ?)"]]]);
  });
});

describe("what is told of a place", () => {
  test("says all there is to say below where the same is gained and lost", () => {
    const one = verdict({ gained: ["P"] });
    expect(standsFor(one, verdict({ gained: ["P"] }))).toBe(true);
    expect(standsFor(one, verdict({ gained: ["Q"] }))).toBe(false);
    expect(standsFor(one, verdict({ gained: ["P"], lost: ["Q"] }))).toBe(false);
  });

  test("says all there is to say below where everything is gained and nothing lost", () => {
    expect(standsFor(verdict({ gained: "all" }), verdict({ gained: ["P"] }))).toBe(true);
    expect(standsFor(verdict({ gained: "all" }), verdict({ gained: "all", lost: ["Q"] }))).toBe(false);
  });

  test("says it where everything is lost only if the same remains", () => {
    const left = { ...NOTHING, holding: ["P"] };
    expect(standsFor(verdict({ lost: "all" }), verdict({ lost: "all" }))).toBe(true);
    expect(standsFor(verdict({ lost: "all" }), verdict({ lost: "all", after: left }))).toBe(false);
    expect(standsFor(verdict({ lost: "all" }), verdict({ lost: ["P"] }))).toBe(false);
  });

  test("is joined from what the place gives and what it opens", () => {
    const one = verdict({ gained: ["B"], after: { ...NOTHING, holding: ["B"], roles: ["y"], isLowerBound: true } });
    const other = verdict({ gained: ["A"], lost: "all", after: { ...NOTHING, holding: ["A"], roles: ["x", "y"] } });
    expect(joinVerdicts(one, other)).toMatchObject({
      gained: ["A", "B"],
      lost: "all",
      after: { holding: ["A", "B"], roles: ["x", "y"], isLowerBound: true },
      before: { holding: [], isLowerBound: false },
    });
  });
});

describe("shifts that are named", () => {
  const raw = (person: RawShift["person"], place: RawShift["place"], text: Partial<CellVerdict> = {}): RawShift => ({
    person,
    place,
    within: { spaces: 0, projects: 0 },
    verdict: verdict(text),
    until: undefined,
    isPending: false,
    isBot: false,
  });

  test("stand by person, the account before places, and places in the order of a tree", () => {
    const places = [
      "space:A b/x",
      "space:A/x",
      "organization:A",
      "account",
      "project:A/x/p",
      "organization:A b",
    ] as const;
    const { shifts } = nameShifts([raw("user:ben", "account"), ...places.map((place) => raw("user:ana", place))]);
    expect(shifts.map(({ person, place }) => `${person} ${place}`)).toEqual([
      "user:ana account",
      "user:ana organization:A",
      "user:ana space:A/x",
      "user:ana project:A/x/p",
      "user:ana organization:A b",
      "user:ana space:A b/x",
      "user:ben account",
    ]);
  });

  test("share the names of equal sets, and everything and nothing stand in no table", () => {
    const named = nameShifts([
      raw("user:ana", "space:A/x", { gained: ["P", "Q"], lost: "all" }),
      raw("user:ben", "space:A/x", { gained: ["P", "Q"], lost: ["R"] }),
    ]);
    expect(named.sets).toEqual({ p1: ["P", "Q"], p2: ["R"] });
    expect(named.shifts.map(({ gained, lost, before }) => [gained, lost, before.permissions])).toEqual([
      ["p1", "all", "none"],
      ["p1", "p2", "none"],
    ]);
  });
});
