import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkAssertions, judgeAssertions } from "../../src/access/assertions.ts";
import { listHolders } from "../../src/access/questions.ts";
import { ASSUMED } from "../../src/model/access.ts";
import { pathPart } from "../../src/model/address.ts";
import type { Assertion, AssertionFailure } from "../../src/model/assertion.ts";
import type { Resource, World } from "../../src/model/resource.ts";
import { arbitrarySample } from "../support/arbitrary-accounts.ts";
import { type AssertionWords, makeAssertion as assertion } from "../support/assertion-words.ts";
import { live } from "../support/plan-input.ts";

const PROJECT = "project:A/x/p";

function worldOf(...resources: readonly Resource[]): World {
  return new Map(resources.map((resource) => [resource.address, resource]));
}

const WORLD = worldOf(
  live("user:root@acme.io", { role: "admin" }),
  live("user:ana@acme.io", { role: "member" }),
  live("user:ben@acme.io", { role: "member" }),
  live("user:cy@acme.io", { role: "member" }, { facts: { status: "INVITED" } }),
  live("user:dan@acme.io", { role: "member" }),
  live("user:eve@partner.io", { role: "member" }),
  live("organization:A"),
  live("space:A/x", { private: true }),
  live(PROJECT),
  live("project:A/x/q"),
  live("org-member:A/ana@acme.io", { role: "admin" }),
  live("org-member:A/ben@acme.io", { role: "member" }),
  live("org-member:A/cy@acme.io", { role: "member" }),
  live("org-member:A/dan@acme.io", { role: "member" }),
  live("org-member:A/bot@acme.io", { role: "member" }, { builtin: true }),
  live("space-member:A/x/ben@acme.io", { role: "role:Reader", also: null }),
  live("space-member:A/x/cy@acme.io", { role: "role:Reader", also: null }),
  live("space-member:A/x/dan@acme.io", { role: "role:Gone", also: null }),
  live("space-member:A/x/bot@acme.io", { role: "role:Reader", also: null }, { builtin: true }),
  live("role:Reader", { permissions: { P: true, Q: true } }),
);

function check(words: AssertionWords, world = WORLD): readonly AssertionFailure[] {
  return checkAssertions([assertion(words)], world, ASSUMED);
}

const details = (failures: readonly AssertionFailure[]): readonly string[] => failures.map(({ detail }) => detail);

describe("never", () => {
  test("whoever has one of the permissions is told, with the grant", () => {
    expect(check({ who: ["ben@acme.io", "eve@partner.io"] })).toEqual([
      {
        source: "access.yaml:1:5",
        statement: "None of ben@acme.io, eve@partner.io has P on project:A/x/p.",
        place: PROJECT,
        person: "user:ben@acme.io",
        detail: "ben@acme.io has P.",
        paths: [{ reason: "space-role", grant: "space-member:A/x/ben@acme.io", role: "role:Reader" }],
      },
    ]);
  });

  test("admins have everything, whoever is invited counts, and what is not known cannot be shown", () => {
    expect(details(check({ who: ["*"], permissions: ["P", "Z"] }))).toEqual([
      "ana@acme.io has P, Z.",
      "ben@acme.io has P.",
      "bot@acme.io has P.",
      "cy@acme.io has P once the invitation is accepted.",
      "That dan@acme.io does not have any of P, Z cannot be shown: the contents of the role Gone are not known.",
      "root@acme.io has P, Z.",
    ]);
    expect(check({ who: ["dan@acme.io"] })[0]?.paths).toEqual([
      { reason: "space-role", grant: "space-member:A/x/dan@acme.io", role: "role:Gone" },
    ]);
  });

  test("a pattern fits e-mails, groups name people, and nobody else is meant", () => {
    expect(check({ who: ["*@partner.io"] })).toEqual([]);
    expect(details(check({ who: ["b*n@acme.*"] }))).toEqual(["ben@acme.io has P."]);
    expect(details(check({ who: ["group:g"], group: ["ben@acme.io"] }))).toEqual(["ben@acme.io has P."]);
    expect(check({ who: ["b.n@acme.io"] })).toEqual([]);
    expect(check({ who: ["nobody@acme.io"] })).toEqual([]);
  });

  test("of admins: those above the place", () => {
    expect(details(check({ who: ["admins", "ben@acme.io"] }))).toEqual([
      "ana@acme.io has P.",
      "ben@acme.io has P.",
      "root@acme.io has P.",
    ]);
  });

  test("what the roles of an organization hold there is not known, so nothing can be shown of its members", () => {
    expect(details(check({ who: ["ben@acme.io"], on: ["organization:A"] }))).toEqual([
      "That ben@acme.io does not have P cannot be shown: the contents of the role member are not known.",
    ]);
  });

  test("a role that the account does not show is told as such, and several roles are told together", () => {
    const hidden = new Map(WORLD)
      .set(
        "space-member:A/x/ben@acme.io",
        live("space-member:A/x/ben@acme.io", { role: "role:Gone", also: "role:Lost" }),
      )
      .set("space-member:A/x/dan@acme.io", live("space-member:A/x/dan@acme.io", {}, { unknown: ["role"] }));
    expect(details(check({ who: ["ben@acme.io", "dan@acme.io"] }, hidden))).toEqual([
      "That ben@acme.io does not have P cannot be shown: the contents of the roles Gone, Lost are not known.",
      "That dan@acme.io does not have P cannot be shown: the contents of the role that cannot be seen are not known.",
    ]);
  });

  test("what is known to be held goes before what is not, and only its grants are told", () => {
    const both = new Map(WORLD).set(
      "space-member:A/x/dan@acme.io",
      live("space-member:A/x/dan@acme.io", { role: "role:Gone", also: "role:Reader" }),
    );
    const [failure] = check({ who: ["dan@acme.io"] }, both);
    expect(failure).toMatchObject({ detail: "dan@acme.io has P.", paths: [{ role: "role:Reader" }] });
  });
});

describe("only", () => {
  test("nobody else has any of the permissions", () => {
    expect(details(check({ who: ["admins", "ben@acme.io", "*bot*"], rule: "only" }))).toEqual([
      "cy@acme.io has P once the invitation is accepted.",
      "That dan@acme.io does not have P cannot be shown: the contents of the role Gone are not known.",
    ]);
  });

  test("admins are not meant unless they are named", () => {
    expect(check({ who: ["*@acme.io"], rule: "only" })).toEqual([]);
    const failures = check({ who: ["ben@acme.io", "cy@acme.io", "dan@acme.io", "bot@acme.io"], rule: "only" });
    expect(details(failures)).toEqual(["ana@acme.io has P.", "root@acme.io has P."]);
    expect(failures[1]?.paths).toEqual([{ reason: "account-admin", grant: "user:root@acme.io", role: "admin" }]);
  });
});

describe("can", () => {
  test("each of them, surely and now", () => {
    const who = ["ana@acme.io", "ben@acme.io", "cy@acme.io", "dan@acme.io", "eve@partner.io", "zoe@acme.io"];
    expect(check({ who, rule: "can", permissions: ["P", "Q"] }).map(({ detail, paths }) => [detail, paths])).toEqual([
      ["cy@acme.io was invited and has not come yet.", []],
      ["Whether dan@acme.io has P, Q is not known: the contents of the role Gone are not known.", []],
      ["eve@partner.io does not have P, Q.", []],
      ["zoe@acme.io is not there.", []],
    ]);
  });

  test("whoever is invited and would not have it either is told so", () => {
    expect(details(check({ who: ["cy@acme.io"], rule: "can", permissions: ["Z"] }))).toEqual([
      "cy@acme.io does not have Z.",
    ]);
  });

  test("a pattern asks nothing of bots, a name does", () => {
    const lacking = { rule: "can", permissions: ["Z"] } as const;
    expect(details(check({ who: ["bot*"], ...lacking }))).toEqual([]);
    expect(details(check({ who: ["bot@acme.io"], ...lacking }))).toEqual(["bot@acme.io does not have Z."]);
  });

  test("admins can, but for those who have not come", () => {
    expect(check({ who: ["admins"], rule: "can" })).toEqual([]);
    expect(details(check({ who: ["admins", "eve@partner.io"], rule: "can" }))).toEqual([
      "eve@partner.io does not have P.",
    ]);
    const invited = new Map(WORLD).set(
      "user:ana@acme.io",
      live("user:ana@acme.io", { role: "member" }, { facts: { status: "INVITED" } }),
    );
    expect(details(check({ who: ["admins"], rule: "can" }, invited))).toEqual([
      "ana@acme.io was invited and has not come yet.",
    ]);
  });

  test("somebody who is not there is told once, however many places there are", () => {
    const failures = check({ who: ["zoe@acme.io"], rule: "can", on: ["project:A/**", "space:A/x"] });
    expect(failures.map(({ place, person }) => [place, person])).toEqual([[PROJECT, "user:zoe@acme.io"]]);
  });
});

describe("at least", () => {
  const atLeast = (count: number, who = ["*"]): readonly AssertionFailure[] =>
    check({ who, rule: "at-least", permissions: ["P", "Q"], count });

  test("so many who are there, no bots among them", () => {
    expect(atLeast(3)).toEqual([]);
    expect(atLeast(4)).toEqual([
      {
        source: "access.yaml:1:5",
        statement: "At least 4 of everybody have all of P, Q on project:A/x/p.",
        place: PROJECT,
        detail: "Only 3 of 4: ana@acme.io, ben@acme.io, root@acme.io.",
        paths: [],
      },
    ]);
  });

  test("nobody, or a few of some", () => {
    expect(details(atLeast(1, ["cy@acme.io", "dan@acme.io", "bot@acme.io"]))).toEqual(["Nobody has; 1 must."]);
    expect(details(atLeast(2, ["ben@acme.io"]))).toEqual(["Only 1 of 2: ben@acme.io."]);
    expect(atLeast(2, ["admins"])).toEqual([]);
  });
});

describe("all of them together", () => {
  test("no assertions cost nothing and say nothing", () => {
    expect(checkAssertions([], WORLD, ASSUMED)).toEqual([]);
  });

  test("failures stand in the order of the text, then of places, then of people", () => {
    const failures = checkAssertions(
      [
        { ...assertion({ who: ["ben@acme.io"], line: 1 }), at: { file: "b.yaml", line: 1, column: 1, length: 1 } },
        assertion({ who: ["*@acme.io"], on: ["project:A/**"], line: 10 }),
        {
          ...assertion({ who: ["ben@acme.io"], line: 10 }),
          at: { file: "access.yaml", line: 10, column: 2, length: 1 },
        },
        assertion({ who: ["ben@acme.io"], line: 9 }),
      ],
      WORLD,
      ASSUMED,
    );
    const keys = failures.map(({ source, place, person }) => [source, place, person].join(" "));
    expect(keys.slice(0, 4)).toEqual([
      "access.yaml:9:5 project:A/x/p user:ben@acme.io",
      "access.yaml:10:2 project:A/x/p user:ben@acme.io",
      "access.yaml:10:5 project:A/x/p user:ana@acme.io",
      "access.yaml:10:5 project:A/x/p user:ben@acme.io",
    ]);
    expect(keys.at(-2)).toBe("access.yaml:10:5 project:A/x/q user:root@acme.io");
    expect(keys.at(-1)).toBe("b.yaml:1:1 project:A/x/p user:ben@acme.io");
  });

  test("an assertion about a place that is not there holds, and is told apart", () => {
    const [there, gone] = [assertion({ who: ["*"] }), assertion({ who: ["*"], rule: "can", on: ["space:B/*"] })];
    expect(checkAssertions([gone], WORLD, ASSUMED)).toEqual([]);
    const judged = judgeAssertions([gone, there], WORLD, ASSUMED);
    expect(judged.map(({ isPlaceless }) => isPlaceless)).toEqual([true, false]);
    expect(judged.map(({ assertion: of, failures }) => [of.on, failures.length > 0])).toEqual([
      [["space:B/*"], false],
      [[PROJECT], true],
    ]);
  });

  test("an assertion about nobody who is there holds, and is told apart", () => {
    const isAboutNobody = (words: AssertionWords, world = WORLD): boolean | undefined =>
      judgeAssertions([assertion(words)], world, ASSUMED)[0]?.isAboutNobody;
    const nobody = ["*@nowhere.io"];
    expect(isAboutNobody({ who: nobody })).toBe(true);
    expect(isAboutNobody({ who: nobody, rule: "can" })).toBe(true);
    expect(isAboutNobody({ who: ["zoe@acme.io"] })).toBe(true);
    expect(isAboutNobody({ who: ["group:empty"] })).toBe(true);
    expect(isAboutNobody({ who: ["eve@partner.io"] })).toBe(false);
    // These fail, and so say something.
    expect(isAboutNobody({ who: ["zoe@acme.io"], rule: "can" })).toBe(false);
    expect(isAboutNobody({ who: nobody, rule: "at-least", count: 1 })).toBe(false);
    expect(details(check({ who: nobody, rule: "at-least", count: 1 }))).toEqual(["Nobody has; 1 must."]);
    // Everybody else is spoken of.
    expect(isAboutNobody({ who: nobody, rule: "only", permissions: ["Z"], on: ["space:B/*"] })).toBe(false);
  });

  test("admins are somebody only where there are any", () => {
    const isAboutNobody = (world: World, on = [PROJECT]): boolean | undefined =>
      judgeAssertions([assertion({ who: ["admins"], rule: "can", on })], world, ASSUMED)[0]?.isAboutNobody;
    expect(isAboutNobody(WORLD)).toBe(false);
    expect(isAboutNobody(worldOf(live("organization:A"), live("space:A/x"), live(PROJECT)))).toBe(true);
    expect(isAboutNobody(WORLD, ["space:B/*"])).toBe(false);
  });

  test("statements are sentences, and long lists are cut", () => {
    const say = (words: AssertionWords): string | undefined => check({ on: ["**"], ...words })[0]?.statement;
    const permissions = ["P", "Q", "R", "S", "T"];
    expect(say({ who: ["*"] })).toBe("Nobody has P on **.");
    expect(say({ who: ["*"], rule: "can" })).toBe("Everybody has P on **.");
    expect(say({ who: ["*"], rule: "at-least", count: 9 })).toBe("At least 9 of everybody have P on **.");
    expect(say({ who: ["eve@partner.io", "group:g"], rule: "can", permissions })).toBe(
      "Each of eve@partner.io, group:g has all of P, Q, R and 2 more on **.",
    );
    expect(say({ who: ["eve@partner.io"], rule: "only", permissions: ["P", "Q", "R", "S"] })).toBe(
      "Nobody but eve@partner.io has any of P, Q, R, S on **.",
    );
    expect(say({ who: ["eve@partner.io"], rule: "at-least", count: 1 })).toBe(
      "At least 1 of eve@partner.io has P on **.",
    );
    expect(say({ who: ["*"], rule: "can", permissions: ["P", "Q"], on: ["space:A/x", PROJECT] })).toBe(
      "Everybody has all of P, Q on space:A/x, project:A/x/p.",
    );
  });
});

test("in every account: never fails for exactly those whom who-can names, and only for exactly the others", () => {
  fc.assert(
    fc.property(
      arbitrarySample,
      fc.constantFrom("A", "B", "P", "Z"),
      fc.subarray(["ana@acme.io", "bob@acme.io", "cy@acme.io"]),
      (sample, permission, people) => {
        const world = worldOf(...(sample.live ?? []));
        const on = ["organization:**", "space:**", "project:**"];
        const blamed = (rule: Assertion["rule"]): readonly string[] =>
          check({ who: people, on, rule, permissions: [permission] }, world).map(
            ({ place, person }) => `${place} ${person}`,
          );
        const holders = [...world.values()]
          .filter(({ kind }) => ["organization", "space", "project"].includes(kind))
          .flatMap(({ address }) => listHolders(world, permission, address));
        const select = (isNamed: boolean): readonly string[] =>
          holders
            .filter(({ person }) => people.includes(pathPart(person, 0)) === isNamed)
            .map(({ place, person }) => `${place} ${person}`);
        expect([...blamed("never")].sort()).toEqual([...select(true)].sort());
        expect([...blamed("only")].sort()).toEqual([...select(false)].sort());
      },
    ),
    { numRuns: 80, seed: 20_261_121 },
  );
});

test("in every account: can and never of the same people cannot both hold where somebody is named", () => {
  fc.assert(
    fc.property(arbitrarySample, fc.constantFrom("A", "P"), (sample, permission) => {
      const world = worldOf(...(sample.live ?? []));
      const who = ["ana@acme.io"];
      const can = check({ who, rule: "can", permissions: [permission], on: ["project:**"] }, world);
      const never = check({ who, rule: "never", permissions: [permission], on: ["project:**"] }, world);
      const atLeast = check({ who, rule: "at-least", count: 1, permissions: [permission], on: ["project:**"] }, world);
      const projects = [...world.values()].filter(({ kind }) => kind === "project");
      if (projects.length > 0) expect(can.length + never.length).toBeGreaterThan(0);
      if (world.has("user:ana@acme.io")) {
        expect(atLeast.map(({ place }) => place)).toEqual(can.map(({ place }) => place));
      }
    }),
    { numRuns: 80, seed: 20_261_121 },
  );
});
