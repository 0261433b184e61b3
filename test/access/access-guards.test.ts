import { describe, expect, test } from "vitest";
import { judgeAccess, listLosers } from "../../src/access/access-guards.ts";
import type { AccessShift } from "../../src/model/access.ts";
import type { Address } from "../../src/model/address.ts";
import type { Finding, HazardCode } from "../../src/model/change.ts";
import type { Resource } from "../../src/model/resource.ts";
import { deltaOf, guardInputOf, type ShiftText, shift, unclear } from "../support/access-sample.ts";
import { live } from "../support/plan-input.ts";

type Sample = Parameters<typeof guardInputOf>[0];

const STEP = "role:R";
const OTHER = "restriction:A/x/p";
const ANA = "user:ana";
const person = (number: number): Address => `user:u${String(number).padStart(2, "0")}`;

/** The hazards of one code that a step has. */
function tell(code: HazardCode, sample: Sample, step: Address = STEP): readonly Finding[] {
  return (judgeAccess(guardInputOf(sample)).get(step) ?? []).filter((finding) => finding.code === code);
}

const loss = (text: Partial<ShiftText> = {}): AccessShift =>
  shift({ person: ANA, place: "space:A/x", through: [STEP], before: "p1", after: "none", lost: "p1", ...text });
const gain = (text: Partial<ShiftText> = {}): AccessShift =>
  shift({ person: ANA, place: "space:A/x", through: [STEP], before: "none", after: "p1", gained: "p1", ...text });

test("nobody gains or loses: nothing is told", () => {
  expect(judgeAccess(guardInputOf({})).size).toBe(0);
});

describe("who loses", () => {
  test("is listed by each step that has a part in it, sorted, each once; who only gains is not", () => {
    const delta = deltaOf([
      loss({ person: "user:ben", through: [OTHER, STEP] }),
      loss(),
      loss({ place: "project:A/x/p" }),
      gain({ person: "user:cy" }),
    ]);
    expect([...listLosers(delta)]).toEqual([
      [OTHER, ["user:ben"]],
      [STEP, [ANA, "user:ben"]],
    ]);
  });

  test("is told with the number and the first five names", () => {
    expect(tell("removes-access", { delta: deltaOf([loss()]) })).toEqual([
      { code: "removes-access", detail: "1 person has less: ana." },
    ]);
    const seven = [1, 2, 3, 4, 5, 6, 7].map((number) => loss({ person: person(number) }));
    expect(tell("removes-access", { delta: deltaOf(seven) })).toEqual([
      { code: "removes-access", detail: "7 people have less: u01, u02, u03, u04, u05 and 2 more." },
    ]);
  });
});

describe("the person whose key is used", () => {
  const delta = deltaOf([loss(), loss({ place: "project:A/y/p" }), gain({ person: "user:ben" })]);
  const live_ = [live(ANA, {}, { remote: { id: "7" } })];

  test("by id, or by e-mail whatever its case", () => {
    const found = [{ code: "locks-out", detail: "The person whose key does this has less in space:A/x and 1 more." }];
    expect(tell("locks-out", { live: live_, delta, caller: { userId: "7" } })).toEqual(found);
    expect(tell("locks-out", { live: live_, delta, caller: { email: "ANA" } })).toEqual(found);
  });

  test("is nobody else, and nobody where it is not known", () => {
    expect(tell("locks-out", { live: live_, delta, caller: { userId: "8", email: "ben" } })).toEqual([]);
    expect(tell("locks-out", { live: live_, delta })).toEqual([]);
    expect(tell("locks-out", { delta })).toEqual([]);
  });
});

describe("a mass of people", () => {
  const PLACE: readonly Resource[] = [live("organization:A"), live("space:A/x"), live("project:A/x/p")];
  /** So many members of the organization, all of whom a public space and its project let in, an admin and a stranger. */
  const company = (number: number): readonly Resource[] => [
    ...PLACE,
    live("user:root", { role: "admin" }),
    live("org-member:B/stranger", { role: "member" }),
    ...Array.from({ length: number }, (_, index) => live(`org-member:A/${person(index).slice(5)}`, { role: "member" })),
  ];
  const losers = (number: number, text: Partial<ShiftText> = {}): readonly AccessShift[] =>
    Array.from({ length: number }, (_, index) => loss({ person: person(index), ...text }));

  test("that loses a place is blocked above the share that the policy allows", () => {
    const sample = { live: company(11), delta: deltaOf(losers(4, { through: [OTHER, STEP] })) };
    const expected = {
      code: "mass-removal",
      detail: "4 of 12 people lose space:A/x, 34 percent; the policy allows 25.",
      release: "--max-removal-percent 34",
    };
    expect(tell("mass-removal", sample)).toEqual([expected]);
    expect(tell("mass-removal", sample, OTHER)).toEqual([expected]);
    expect(tell("mass-removal", { ...sample, policy: { maxRemovalPercent: 34 } })).toEqual([]);
    expect(tell("mass-removal", { ...sample, delta: deltaOf(losers(3)) })).toEqual([]);
  });

  test("is counted by whoever has anything there: by the organization, the space, the project or the account", () => {
    const space = live("space:A/x", { private: true });
    const world = [
      ...company(2).filter(({ address }) => address !== "space:A/x"),
      space,
      ...[2, 3, 4, 5, 6, 7].map((number) => live(`space-member:A/x/${person(number).slice(5)}`, { role: "member" })),
      live("org-member:A/u08", { role: "member" }),
      live("space-member:A/x/u08", { role: "annotator" }),
      live("binding:A/x/p/u08", { role: "role:Project Viewer" }),
      live("binding:A/x/p/root", { role: "role:Project Viewer" }),
    ];
    // In the private space: six members, the annotator and the account admin; neither who is only in the organization counts.
    expect(tell("mass-removal", { live: world, delta: deltaOf(losers(6)) })).toEqual([]);
    const open = world.map((one) => (one === space ? live("space:A/x", { private: false }) : one));
    const [found] = tell("mass-removal", { live: open, delta: deltaOf(losers(6, { place: "project:A/x/p" })) });
    expect(found?.detail).toBe("6 of 10 people lose project:A/x/p, 60 percent; the policy allows 25.");
  });

  test("counts only who ends with nothing, in a place that was there", () => {
    const sample = (text: Partial<ShiftText>): Sample => ({ live: company(11), delta: deltaOf(losers(11, text)) });
    expect(tell("mass-removal", sample({}))).toHaveLength(1);
    expect(tell("mass-removal", sample({ before: unclear("none") }))).toHaveLength(1);
    expect(tell("mass-removal", sample({ after: "p2" }))).toEqual([]);
    expect(tell("mass-removal", sample({ after: unclear("none") }))).toEqual([]);
    expect(tell("mass-removal", sample({ before: "none" }))).toEqual([]);
    expect(tell("mass-removal", sample({ place: "account" }))).toEqual([]);
    expect(tell("mass-removal", sample({ place: "space:A/new" }))).toEqual([]);
  });

  test("that is within bounds is told nowhere", () => {
    const found = judgeAccess(guardInputOf({ live: company(11), delta: deltaOf(losers(3)) }));
    expect([...found].map(([step, findings]) => [step, findings.map(({ code }) => code)])).toEqual([
      [STEP, ["removes-access"]],
    ]);
  });

  test("is judged place by place, in order", () => {
    const delta = deltaOf([...losers(11), ...losers(11, { place: "project:A/x/p" })]);
    const found = tell("mass-removal", { live: company(11), delta });
    expect(found.map(({ detail }) => detail.split(",")[0])).toEqual([
      "11 of 12 people lose project:A/x/p",
      "11 of 12 people lose space:A/x",
    ]);
  });
});

describe("who gains", () => {
  const SETS = { p1: ["PROJECT_DELETE", "PROJECT_READ"], p2: ["PROJECT_READ"] };

  test("is told without names", () => {
    expect(tell("widens-access", { delta: deltaOf([gain()]) })).toEqual([
      { code: "widens-access", detail: "Somebody has more access afterwards." },
    ]);
    expect(tell("widens-access", { delta: deltaOf([loss()]) })).toEqual([]);
  });

  test("a built-in admin right is told with the person and the outermost places", () => {
    const all = (place: Address | "account", who: Address = ANA): AccessShift =>
      gain({ person: who, place, after: "all", gained: "all" });
    const detail = (...shifts: readonly AccessShift[]): string | undefined =>
      tell("gains-admin", { delta: deltaOf(shifts) })[0]?.detail;
    expect(detail(all("account"), all("organization:A"))).toBe("New admins: ana in the account.");
    expect(detail(all("organization:A"), all("project:A/x/p"), all("space:A/x"), all("space:B/x"))).toBe(
      "New admins: ana in organization:A, ana in space:B/x.",
    );
    expect(detail(all("space:A/x"), all("space:A/x", "user:ben"))).toBe(
      "New admins: ana in space:A/x, ben in space:A/x.",
    );
    expect(detail(gain())).toBeUndefined();
  });

  test("a permission that the policy names is told without names, with what the policy says of it", () => {
    const policy = { holdPermissions: ["PROJECT_READ"], forbidPermissions: ["PROJECT_DELETE", "SPACE_READ"] };
    const told = (...shifts: readonly AccessShift[]): readonly Finding[] =>
      tell("gains-permission", { delta: deltaOf(shifts, SETS), policy });
    const held = { code: "gains-permission", detail: "Somebody gains PROJECT_READ.", holds: true, blocks: false };
    const blocked = { code: "gains-permission", detail: "Somebody gains PROJECT_DELETE.", holds: false, blocks: true };
    expect(told(gain({ gained: "p2" }))).toEqual([held]);
    expect(told(gain(), gain({ person: "user:ben" }))).toEqual([blocked, held]);
    expect(told(gain({ gained: "all" })).map(({ detail }) => detail)).toEqual([
      "Somebody gains PROJECT_DELETE.",
      "Somebody gains PROJECT_READ.",
      "Somebody gains SPACE_READ.",
    ]);
    expect(told(loss())).toEqual([]);
    const both = { holdPermissions: ["PROJECT_READ"], forbidPermissions: ["PROJECT_READ"] };
    expect(tell("gains-permission", { delta: deltaOf([gain()], SETS), policy: both })).toEqual([
      { ...held, blocks: true },
    ]);
  });

  test("a role of unknown contents may hold whatever its holder did not have", () => {
    const policy = { holdPermissions: ["PROJECT_READ", "PROJECT_DELETE"] };
    const dark = (text: Partial<ShiftText>): Sample => ({
      delta: deltaOf([gain({ before: "p2", after: unclear("p2"), gained: "none", ...text })], SETS),
      policy,
    });
    expect(tell("gains-permission", dark({}))).toEqual([
      {
        code: "gains-permission",
        detail: "Somebody gains a role whose contents are not known, and may gain PROJECT_DELETE by it.",
        holds: true,
        blocks: false,
      },
    ]);
    expect(tell("widens-access", dark({}))[0]?.detail).toBe("Somebody may have more access afterwards.");
    expect(tell("gains-permission", dark({ before: unclear("p2") }))).toEqual([]);
    // What the roles of organizations hold is known of none.
    expect(tell("gains-permission", dark({ place: "organization:A" }))).toEqual([]);
  });
});

describe("permissions kept apart", () => {
  const SETS = { both: ["A", "B", "C"], one: ["A"], other: ["B", "C"] };
  const separate = [{ permissions: ["A", "B"], on: undefined }] as const;
  const told = (text: Partial<ShiftText>, more: Sample = {}): readonly Finding[] =>
    tell("separation", {
      policy: { separate },
      ...more,
      delta: deltaOf([gain({ before: "one", after: "both", gained: "other", ...text })], SETS),
    });

  test("are told of whoever comes to hold both, with the place and the pair", () => {
    const found = [
      { code: "separation", detail: "The policy keeps A and B apart; both would come to ana in space:A/x." },
    ];
    expect(told({})).toEqual(found);
    expect(told({ before: "none" })).toEqual(found);
  });

  test("are no matter of who held both before, holds one of them, or is a built-in admin", () => {
    expect(told({ before: "both" })).toEqual([]);
    expect(told({ before: "all" })).toEqual([]);
    expect(told({ after: "other" })).toEqual([]);
    expect(told({ after: "all", gained: "all" })).toEqual([]);
    expect(told({ place: "account" })).toEqual([]);
  });

  test("are told of many at once", () => {
    const shifts = [1, 2, 3, 4, 5, 6].map((number) => gain({ person: person(number), before: "one", after: "both" }));
    const [found] = tell("separation", { policy: { separate }, delta: deltaOf(shifts, SETS) });
    expect(found?.detail).toContain("u05 in space:A/x and 1 more.");
  });

  test("are told of a role that comes to hold both, whoever holds it", () => {
    const holding = (...names: readonly string[]): Resource =>
      live(STEP, { permissions: Object.fromEntries(names.map((name) => [name, true])) });
    const found = [{ code: "separation", detail: "The policy keeps A and B apart; the role comes to hold both." }];
    const judge = (before: Resource | undefined, after: Resource | undefined, address: Address = STEP): unknown => {
      const op = before === undefined ? "create" : after === undefined ? "delete" : "update";
      const changes = [{ op, address, before, after, fields: [] }] as const;
      return [...judgeAccess({ ...guardInputOf({ policy: { separate } }), changes })];
    };
    expect(judge(holding("A", "C"), holding("A", "B", "C"))).toEqual([[STEP, found]]);
    expect(judge(live(STEP), holding("A", "B"))).toEqual([[STEP, found]]);
    for (const [before, after] of [
      [holding("A", "B"), holding("A", "B", "C")],
      [holding("C"), holding("A", "C")],
      [holding("A"), live(STEP)],
      // Nobody has it yet, or any more.
      [undefined, holding("A", "B")],
      [holding("A", "B"), undefined],
    ]) {
      expect(judge(before, after)).toEqual([]);
    }
    expect(judge(holding("A"), holding("A", "B"), OTHER)).toEqual([]);
    const blind = { op: "update", address: STEP, before: undefined, after: holding("A", "B"), fields: [] } as const;
    expect(judgeAccess({ ...guardInputOf({ policy: { separate } }), changes: [blind] }).get(STEP)).toEqual(found);
  });

  test("count only where the rule speaks, also in a project that shares what the space gives", () => {
    const on = (pattern: string): Sample => ({ policy: { separate: [{ permissions: ["A", "B"], on: pattern }] } });
    expect(told({}, on("space:A/*"))).toHaveLength(1);
    expect(told({}, on("space:B/*"))).toEqual([]);
    const role = (name: Address, ...held: readonly string[]): Resource =>
      live(name, { permissions: Object.fromEntries(held.map((permission) => [permission, true])) });
    const world = (role_: string): readonly Resource[] => [
      role("role:One", "A"),
      role("role:Both", "A", "B"),
      live("organization:A"),
      live("space:A/x"),
      live("project:A/x/p"),
      live("project:A/x/q"),
      live("restriction:A/x/q"),
      live("project:A/x/had"),
      live("binding:A/x/had/ana", { role: "role:Both" }),
      live("org-member:A/ana", { role: "member" }),
      live("space-member:A/x/ana", { role: role_, also: null }),
    ];
    const more = (pattern: string): Sample => ({
      ...on(pattern),
      live: world("role:One"),
      planned: world("role:Both"),
    });
    const within = { spaces: 0, projects: 1 };
    expect(told({ within }, more("project:**"))[0]?.detail).toContain("both would come to ana in project:A/x/p.");
    expect(told({}, more("project:**"))).toEqual([]);
    const wide = { place: "organization:A", within: { spaces: 1, projects: 1 } } as const;
    expect(told(wide, more("project:**"))[0]?.detail).toContain("both would come to ana in project:A/x/p.");
    expect(told(wide, more("space:**"))[0]?.detail).toContain("both would come to ana in space:A/x.");
    // Only places are asked, and none that holds nothing of the kind.
    expect(told({ within }, more("*:A/x/had/*"))).toEqual([]);
    expect(told({ ...wide, place: "organization:B" }, more("project:**"))).toEqual([]);
    expect(told({ within }, more("project:A/x/q"))).toEqual([]);
    expect(told({ within }, more("project:B/**"))).toEqual([]);
    expect(told({ within }, more("organization:B"))).toEqual([]);
    const admin = [...world("role:Both"), live(ANA, { role: "admin" })];
    expect(told({ within }, { ...more("project:**"), planned: admin })).toEqual([]);
    expect(told({ within }, { ...more("project:**"), live: admin })).toEqual([]);
  });
});
