import { describe, expect, test } from "vitest";
import { KINDS } from "../../src/kinds/registry.ts";
import type { AccessDelta } from "../../src/model/access.ts";
import type { Address } from "../../src/model/address.ts";
import type { Finding } from "../../src/model/change.ts";
import type { Resource } from "../../src/model/resource.ts";
import { makeJudge } from "../../src/plan/guards.ts";
import { indexKinds } from "../../src/plan/kinds-by-name.ts";
import type { Draft } from "../../src/plan/match.ts";
import { deltaOf, shift } from "../support/access-sample.ts";
import { declare, live, planInput } from "../support/plan-input.ts";

const ANA_IN_SPACE = "space-member:A/x/ana@acme.io";
const RESTRICTION = "restriction:A/x/p";

function creationOf(after: Resource): Draft {
  const { address, origin } = after;
  const rest = { fields: [], reason: "declared-not-found", renamedFrom: undefined, isBlind: false } as const;
  return { op: "create", address, before: undefined, after, wanted: after, origin, ...rest };
}

/** What is found in the creation of a role in a space and of a restriction. */
function judge(address: Address, delta: AccessDelta): readonly Finding[] {
  const input = planInput({
    live: [live("organization:A"), live("space:A/x"), live("project:A/x/p"), live("user:ana@acme.io")],
  });
  const created = [declare(ANA_IN_SPACE, { role: "member" }), declare(RESTRICTION)];
  const drafts = created.map(creationOf);
  const planned = new Map([...input.observation.world, ...created.map((one) => [one.address, one] as const)]);
  const draft = drafts.find((one) => one.address === address);
  if (draft === undefined) throw new Error("one of the two");
  return makeJudge({
    ...input,
    drafts,
    cascades: new Map(),
    worlds: { live: input.observation.world, planned },
    delta,
    usersOf: new Map(),
    kinds: indexKinds(KINDS),
    policy: input.desired.policy,
    isProtected: () => false,
    isIgnored: () => false,
  })(draft);
}

describe("what effective access tells of a step", () => {
  test("stands behind what its kind tells; that somebody gains is told once", () => {
    const gain = (through: Address): AccessDelta =>
      deltaOf([
        shift({ person: "user:ana@acme.io", place: "space:A/x", through: [through], after: "p1", gained: "p1" }),
      ]);
    expect(judge(ANA_IN_SPACE, gain(ANA_IN_SPACE))).toEqual([
      { code: "widens-access", detail: "The role member is given." },
    ]);
    expect(judge(RESTRICTION, gain(RESTRICTION))).toEqual([
      { code: "widens-access", detail: "Somebody has more access afterwards." },
    ]);
  });

  test("belongs to the steps it comes through, and to no others", () => {
    const lost = deltaOf([
      shift({
        person: "user:caller@acme.io",
        place: "project:A/x/p",
        through: [RESTRICTION],
        before: "p1",
        lost: "p1",
      }),
    ]);
    expect(judge(RESTRICTION, lost)).toEqual([
      { code: "removes-access", detail: "1 person has less: caller@acme.io." },
      { code: "locks-out", detail: "The person whose key does this has less in project:A/x/p." },
    ]);
    expect(judge(ANA_IN_SPACE, lost).map(({ code }) => code)).toEqual(["widens-access"]);
  });
});
