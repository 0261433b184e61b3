import { type AccessFindings, findAccessDelta } from "../access/access-delta.ts";
import { orderAdmins } from "../access/access-guards.ts";
import { checkPlannedAssertions } from "../access/planned-assertions.ts";
import type { AccessDelta, BadMoment } from "../model/access.ts";
import { type Address, compareAddresses } from "../model/address.ts";
import type { Assertion, AssertionFailure } from "../model/assertion.ts";
import type { Hazard } from "../model/change.ts";
import type { Cascade, Worlds } from "../model/kind.ts";
import type { Observation } from "../model/plan.ts";
import type { Policy } from "../model/policy.ts";
import type { Resource, World } from "../model/resource.ts";
import { arrange, type Wish } from "./arrange.ts";
import { coverageOfClass } from "./coverage.ts";
import type { KindsByName } from "./kinds-by-name.ts";
import type { Draft } from "./match.ts";
import { type Dependencies, findDependencies } from "./order.ts";

export interface WeighInput {
  readonly drafts: readonly Draft[];
  readonly cascades: ReadonlyMap<Address, Cascade>;
  readonly worlds: Worlds;
  readonly observation: Observation;
  readonly kinds: KindsByName;
  readonly policy: Policy;
  readonly assertions: readonly Assertion[];
}

/** What changes mean for people, and the order that people need. */
export interface Weighed {
  readonly access: AccessDelta;
  /** What must hold and would not. */
  readonly failures: readonly AssertionFailure[];
  readonly waitsFor: Dependencies;
  /** By change: where it takes access unseen, breaks an assertion, or where for a moment somebody has too much or too little whatever the order. */
  readonly hazards: ReadonlyMap<Address, readonly Hazard[]>;
  /** Every such moment: the hazards name the first person and place of a change, and count the others. */
  readonly moments: readonly BadMoment[];
}

/** Finds who gains and who loses, and puts what that asks of the order to what must be anyway: no excess first, then no gap. */
export function weighAccess(input: WeighInput): Weighed {
  const { drafts, worlds, kinds } = input;
  const must = findDependencies(drafts, worlds, kinds);
  const changes = describeChanges(input, must);
  const findings = findAccessDelta(changes);
  const excess = findings.rules.filter(({ avoids }) => avoids === "excess");
  const gaps = findings.rules.filter(({ avoids }) => avoids === "gap");
  const admins = orderAdmins({ ...changes, policy: input.policy });
  const { waitsFor, broken } = arrange<Wish>(must, [excess, gaps, admins, listPreferences(input)]);
  const isBroken = new Set(broken);
  const moments = [
    ...findings.moments,
    ...findings.rules
      .filter((rule) => isBroken.has(rule))
      .map(({ second, avoids, person, place }) => ({ change: second, is: avoids, person, place })),
  ];
  const asserted = checkPlannedAssertions({ ...changes, assertions: input.assertions, delta: findings.delta });
  return {
    access: findings.delta,
    waitsFor: lookUp(waitsFor),
    failures: asserted.failures,
    moments,
    hazards: groupHazards([
      ...describeMoments(moments),
      ...describeDoubts(findings),
      ...[...asserted.findings].flatMap(([address, hazards]) => hazards.map((hazard): Finding => [address, hazard])),
    ]),
  };
}

function describeChanges(
  { drafts, cascades, worlds, observation, kinds, policy }: WeighInput,
  must: ReadonlyMap<Address, readonly Address[]>,
): Parameters<typeof findAccessDelta>[0] {
  const unseen = drafts.filter(({ reason }) => reason === "ensure");
  return {
    worlds: { live: assumeThere(worlds.live, unseen), planned: worlds.planned },
    changes: drafts.filter(({ reason }) => reason !== "ensure"),
    goneWith: new Map([...cascades].map(([address, { certain }]) => [address, certain])),
    settings: policy.assume,
    waitsFor: lookUp(must),
    isWhole: (key) => coverageOfClass(key, observation, kinds) === "complete",
  };
}

function lookUp(waits: ReadonlyMap<Address, readonly Address[]>): Dependencies {
  return (address) => waits.get(address) ?? [];
}

/** What cannot be seen and is written all the same may have been so before: it is told as a gain of nobody. */
function assumeThere(live: World, unseen: readonly Draft[]): World {
  if (unseen.length === 0) return live;
  const assumed = new Map<Address, Resource>(live);
  // What is ensured is made: it is there afterwards.
  for (const { address, after } of unseen) assumed.set(address, after as Resource);
  return assumed;
}

function listPreferences({ drafts, worlds, kinds }: WeighInput): readonly Wish[] {
  return drafts.flatMap((draft) =>
    kinds
      .of(draft.address)
      .prefers(draft, worlds)
      .map((first) => ({ first, second: draft.address })),
  );
}

type Finding = readonly [Address, Hazard];

function describeMoments(moments: readonly BadMoment[]): readonly Finding[] {
  const groups = new Map<
    string,
    { readonly change: Address; readonly is: BadMoment["is"]; readonly people: string[] }
  >();
  for (const { change, is, person, place } of moments) {
    const key = `${is} ${change}`;
    const group = groups.get(key) ?? { change, is, people: [] };
    group.people.push(`${person} in ${place}`);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ change, is, people }): Finding => {
    const [first = "", ...others] = [...new Set(people)].sort();
    const more = others.length === 0 ? "" : `, and ${others.length} more`;
    return is === "excess"
      ? [
          change,
          {
            code: "exposes",
            detail: `No order avoids that for a moment ${first} has more than before and after${more}.`,
          },
        ]
      : [change, { code: "interrupts", detail: `No order avoids that for a moment ${first} lacks what stays${more}.` }];
  });
}

function describeDoubts({ doubts }: AccessFindings): readonly Finding[] {
  return [...doubts].map(([address, classes]) => [
    address,
    {
      code: "removes-access",
      detail: `Whom it cuts off is not fully known: ${classes.join(", ")} could not be read whole.`,
    },
  ]);
}

function groupHazards(findings: readonly Finding[]): ReadonlyMap<Address, readonly Hazard[]> {
  const hazards = new Map<Address, Hazard[]>();
  for (const [address, hazard] of [...findings].sort(([a], [b]) => compareAddresses(a, b))) {
    const known = hazards.get(address);
    if (known === undefined) hazards.set(address, [hazard]);
    else known.push(hazard);
  }
  return hazards;
}
