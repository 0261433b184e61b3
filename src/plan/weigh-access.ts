import { type AccessFindings, findAccessDelta } from "../access/access-delta.ts";
import { orderAdmins } from "../access/access-guards.ts";
import { assumeHidden } from "../access/hidden-grants.ts";
import { checkPlannedAssertions } from "../access/planned-assertions.ts";
import type { AccessDelta, BadMoment } from "../model/access.ts";
import { type Address, type ClassKey, compareAddresses, pathText } from "../model/address.ts";
import type { AssertionFailure } from "../model/assertion.ts";
import type { Hazard } from "../model/change.ts";
import type { Cascade, Worlds } from "../model/kind.ts";
import type { Desired, Observation } from "../model/plan.ts";
import type { Policy } from "../model/policy.ts";
import type { Resource } from "../model/resource.ts";
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
  readonly desired: Desired;
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
      .map(({ second, avoids, person, place, permissions }) => ({
        change: second,
        is: avoids,
        person,
        place,
        permissions,
      })),
  ];
  const asserted = checkPlannedAssertions({ ...changes, assertions: input.desired.assertions, delta: findings.delta });
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
  input: WeighInput,
  must: ReadonlyMap<Address, readonly Address[]>,
): Parameters<typeof findAccessDelta>[0] {
  const { drafts, cascades, observation, kinds, policy } = input;
  const changes = drafts.filter(({ reason }) => reason !== "ensure");
  const isWhole = (key: ClassKey): boolean => coverageOfClass(key, observation, kinds) === "complete";
  const hidden = listHidden(input);
  const hiddenWith = groupGone(changes, [...hidden.keys()], input);
  const gone = new Set([...hiddenWith.values()].flat());
  return {
    worlds: assumeHidden({ ...input, changes, hidden, gone, isWhole }),
    changes,
    goneWith: new Map(
      [...cascades].map(([address, { certain }]) => [address, [...certain, ...(hiddenWith.get(address) ?? [])]]),
    ),
    settings: policy.assume,
    waitsFor: lookUp(must),
    isWhole,
  };
}

/**
 * What cannot be seen: what is written all the same, and may have been so before, is told as a gain of nobody; what an inherited
 * right hides is as the manifest has it, where it has it.
 */
function listHidden({ drafts, worlds, observation, desired }: WeighInput): ReadonlyMap<Address, Resource | undefined> {
  const hidden = new Map<Address, Resource | undefined>();
  for (const address of observation.covered)
    if (!worlds.live.has(address)) hidden.set(address, desired.world.get(address));
  for (const { reason, address, after } of drafts) if (reason === "ensure") hidden.set(address, after);
  return hidden;
}

/** What cannot be seen and goes with a deletion, since it rests on what is deleted. */
function groupGone(
  changes: readonly Draft[],
  hidden: readonly Address[],
  { kinds, worlds }: WeighInput,
): ReadonlyMap<Address, readonly Address[]> {
  const deleted = new Set(changes.filter(({ op }) => op === "delete").map(({ address }) => address));
  const gone = new Map<Address, Address[]>();
  for (const address of deleted.size === 0 ? [] : hidden) {
    const kind = kinds.of(address);
    const stand: Resource = { kind: kind.name, address, spec: {}, origin: { from: "platform", remote: {} } };
    for (const needed of kind.needs(stand, worlds.live)) {
      if (deleted.has(needed)) gone.set(needed, [...(gone.get(needed) ?? []), address]);
    }
  }
  return gone;
}

function lookUp(waits: ReadonlyMap<Address, readonly Address[]>): Dependencies {
  return (address) => waits.get(address) ?? [];
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
  const groups = new Map<string, BadMoment[]>();
  for (const moment of moments) {
    const key = `${moment.is} ${moment.change}`;
    groups.set(key, [...(groups.get(key) ?? []), moment]);
  }
  return [...groups.values()].map((group): Finding => {
    const cases = [...new Set(group.map(describeMoment))].sort();
    const [{ change, is } = group[0] as BadMoment] = group;
    const more = cases.length === 1 ? "" : ` ${cases.length - 1} more such ${cases.length === 2 ? "case" : "cases"}.`;
    return is === "excess"
      ? [
          change,
          {
            code: "exposes",
            detail: `No order avoids that for a moment ${cases[0]}, which is so neither before nor after.${more}`,
          },
        ]
      : [
          change,
          {
            code: "interrupts",
            detail: `No order avoids that for a moment ${cases[0]}, which is there before and after.${more}`,
          },
        ];
  });
}

/** How many permissions of a moment are named. */
const MOST_NAMED = 3;

function describeMoment({ is, person, place, permissions }: BadMoment): string {
  const verb = is === "excess" ? "has" : "lacks";
  return `${pathText(person)} ${verb} ${nameSome(permissions)} in ${place}`;
}

function nameSome(permissions: BadMoment["permissions"]): string {
  if (permissions === "all") return "everything";
  const others = permissions.length - MOST_NAMED;
  const named = permissions.slice(0, MOST_NAMED).join(", ");
  return others > 0 ? `${named} and ${others} more` : named;
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
