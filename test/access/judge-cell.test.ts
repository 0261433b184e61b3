import { describe, expect, test } from "vitest";
import { type CellVerdict, makeCellJudge } from "../../src/access/judge-cell.ts";
import type { Address } from "../../src/model/address.ts";
import type { Resource } from "../../src/model/resource.ts";
import { live } from "../support/plan-input.ts";
import { makeScene } from "../support/plan-scene.ts";

const WEB: Address = "project:A/x/web";
const RESTRICTION = live("restriction:A/x/web");
const SPACE_ROLE = live("space-member:A/x/ana", { role: "member" });
const BINDING = live("binding:A/x/web/ana", { role: "role:Viewer" });
const BASE: readonly Resource[] = [
  live("user:ana"),
  live("organization:A"),
  live("org-member:A/ana", { role: "member" }),
  live("space:A/x", { private: true }),
  live(WEB),
  live("role:Viewer", { permissions: { PROJECT_READ: true, PROJECT_DELETE: true } }),
];

function judge(
  before: readonly Resource[],
  after: readonly Resource[],
  waits: Readonly<Record<Address, readonly Address[]>> = {},
): CellVerdict | undefined {
  return makeCellJudge(makeScene(before, after, waits))("ana", WEB);
}

const rulesOf = (verdict: CellVerdict | undefined): readonly string[] =>
  (verdict?.rules ?? []).map(({ first, second, avoids }) => `${first} < ${second}: ${avoids}`);

describe("one person in one place", () => {
  test("where nothing that decides is changed there is nothing to say", () => {
    expect(judge(BASE, [...BASE, live("space-member:A/x/ben", { role: "member" })])).toBeUndefined();
    expect(judge(BASE, [live("user:ana", { name: "Ana" }), ...BASE.slice(1)])).toBeUndefined();
  });

  test("is let in after the place is closed to them, and bound before: no excess, no gap", () => {
    const closed = judge([...BASE], [...BASE, RESTRICTION, SPACE_ROLE]);
    expect(rulesOf(closed)).toEqual(["restriction:A/x/web < space-member:A/x/ana: excess"]);
    const bound = judge([...BASE, SPACE_ROLE], [...BASE, SPACE_ROLE, RESTRICTION, BINDING]);
    expect(rulesOf(bound)).toEqual(["binding:A/x/web/ana < restriction:A/x/web: gap"]);
    expect(bound?.gained).toEqual(["PROJECT_DELETE"]);
    expect(bound?.gainedBy.map(({ address }) => address)).toEqual([BINDING.address]);
    expect(bound?.lostBy.map(({ address }) => address)).toEqual([RESTRICTION.address]);
  });

  test("needs no rule for what waits anyway, also by way of another change", () => {
    const changed = [...BASE, SPACE_ROLE, RESTRICTION, BINDING];
    const direct = { [RESTRICTION.address]: [BINDING.address] } as const;
    expect(rulesOf(judge([...BASE, SPACE_ROLE], changed, direct))).toEqual([]);
    const role = live("role:Viewer", { permissions: { PROJECT_READ: true } });
    const three = [...changed.filter(({ address }) => address !== "role:Viewer"), role];
    const around = { [RESTRICTION.address]: ["role:Viewer"], "role:Viewer": [BINDING.address] } as const;
    expect(rulesOf(judge([...BASE, SPACE_ROLE], three, around))).toEqual([]);
  });

  test("who has not come has nothing that could be too much or missed for a moment", () => {
    const invited = (status: string): readonly Resource[] => [
      live("user:ana", {}, { facts: { status } }),
      ...BASE.slice(1),
    ];
    expect(rulesOf(judge(invited("ACTIVE"), [...invited("ACTIVE"), RESTRICTION, SPACE_ROLE]))).toHaveLength(1);
    for (const status of ["INVITED", "EXPIRED"]) {
      const base = invited(status);
      expect(rulesOf(judge(base, [...base, RESTRICTION, SPACE_ROLE]))).toEqual([]);
    }
    const others = BASE.slice(1);
    const news = (invite: string): Resource => ({ ...live("user:ana"), creation: { invite } });
    const ends = [RESTRICTION, SPACE_ROLE];
    expect(rulesOf(judge(others, [...others, news("email_link"), ...ends]))).toEqual([]);
    expect(rulesOf(judge(others, [...others, news("none"), ...ends]))).not.toEqual([]);
  });

  test("sees nothing too early in a place that is new, and names the grants rather than the place", () => {
    const without = BASE.filter(({ address }) => address !== WEB);
    const verdict = judge(without, [...BASE, RESTRICTION, SPACE_ROLE, BINDING]);
    expect(rulesOf(verdict)).toEqual([]);
    expect(verdict?.gainedBy.map(({ address }) => address)).toEqual([BINDING.address, SPACE_ROLE.address]);
  });

  test("gains by the place itself where no grant comes with it", () => {
    const without = [...BASE, SPACE_ROLE].filter(({ address }) => address !== WEB);
    const verdict = judge(without, [...BASE, SPACE_ROLE]);
    expect(verdict?.gainedBy.map(({ address }) => address)).toEqual([WEB]);
  });

  test("is told of a moment that no order avoids, with the change from which on it lasts", () => {
    const waits = { [BINDING.address]: [RESTRICTION.address] } as const;
    const verdict = judge([...BASE, SPACE_ROLE], [...BASE, SPACE_ROLE, RESTRICTION, BINDING], waits);
    expect(verdict?.moments).toEqual([
      { change: RESTRICTION.address, is: "gap", person: "user:ana", place: WEB, permissions: ["PROJECT_READ"] },
    ]);
  });
});

test("people to whom the same comes are told the same, each by their own name", () => {
  const people = ["ana", "ben"].flatMap((name): readonly Resource[] => [
    live(`user:${name}`),
    live(`org-member:A/${name}`, { role: "member" }),
  ]);
  const before = [...BASE.filter(({ kind }) => kind !== "user" && kind !== "org-member"), ...people];
  const grants = ["ana", "ben"].map((name) => live(`space-member:A/x/${name}`, { role: "member" }));
  const judgeOne = makeCellJudge(makeScene(before, [...before, RESTRICTION, ...grants]));
  const [ana, ben] = [judgeOne("ana", WEB), judgeOne("ben", WEB)];
  expect(rulesOf(ben)).toEqual(["restriction:A/x/web < space-member:A/x/ben: excess"]);
  expect(ben?.rules[0]?.person).toBe("user:ben");
  expect(ben?.before).toBe(ana?.before);
});
