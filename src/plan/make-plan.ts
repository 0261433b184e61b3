import { listLosers } from "../access/access-guards.ts";
import { type Address, compareAddresses, type KindName, kindOf } from "../model/address.ts";
import type { Finding, Hazard, Step } from "../model/change.ts";
import { compareDiagnostics, formatPosition } from "../model/diagnostic.ts";
import { compareText } from "../model/json.ts";
import type { Desired, Plan } from "../model/plan.ts";
import type { Limits, Policy } from "../model/policy.ts";
import { remoteOf, type Spec, type World } from "../model/resource.ts";
import { holdByRules, tellApprovals } from "./approvals-needed.ts";
import { makePatternTest } from "./attachment.ts";
import { listCascade } from "./cascade.ts";
import { coverageOfClass } from "./coverage.ts";
import { spellDesired } from "./describe-desired.ts";
import { describeShard } from "./describe-shard.ts";
import { describeTargetPart } from "./describe-target-part.ts";
import { changeIdOf, digestOf, digestOfPieces, digestPlan } from "./digest.ts";
import { draftPlan, type PlanInput } from "./draft-plan.ts";
import { judgeGate } from "./gate.ts";
import { type GuardInput, makeJudge } from "./guards.ts";
import type { KindsByName } from "./kinds-by-name.ts";
import type { Draft } from "./match.ts";
import { orderDrafts } from "./order.ts";
import { aimAtPart } from "./shard-plan.ts";
import { suggestRenames } from "./suggest-renames.ts";
import { type Weighed, weighAccess } from "./weigh-access.ts";

export type { PlanInput } from "./draft-plan.ts";

/** The difference between what is desired and what is there, ordered and judged. Pure: the same input gives the same bytes. */
export function makePlan(given: PlanInput): Plan {
  const aimed = given.shard === undefined ? undefined : aimAtPart(given, given.shard);
  const input = aimed?.input ?? given;
  const drafted = draftPlan(input);
  const { kinds, observation, matching, drafts, cascades, worlds } = drafted;
  const policy = applyLimits(input.desired.policy, input.limits);
  const weighed = weighAccess({ ...drafted, desired: input.part?.desired ?? input.desired, policy });
  const { undoes, rotates } = input.desired;
  const guardInput: GuardInput = {
    ...input,
    observation,
    drafts,
    cascades,
    worlds,
    delta: weighed.access,
    // Only deletions are asked about.
    usersOf: drafts.some(({ op }) => op === "delete") ? findUsers(worlds.planned, kinds) : new Map(),
    kinds,
    policy: holdByRules(policy, input.rules),
    isIgnored: drafted.isIgnored,
    // Protection is of what is named, not of what hangs on it: a protected organization may lose a member.
    isProtected: makePatternTest(input.desired.protect),
  };
  const steps = makeSteps(guardInput, weighed, input.desired);
  const { approvals, notes: ofRules } = tellApprovals(steps, input.rules);
  return seal({
    format: 1,
    account: input.account,
    basis: {
      desired: digestOfPieces((add) => spellDesired(input.desired, add)),
      policy: digestOf(policy),
      ...(undoes === undefined ? {} : { undo: undoes.run }),
      ...(rotates === undefined ? {} : { rotate: rotates }),
      ...(input.memory.head === undefined ? {} : { ledger: input.memory.head }),
    },
    limits: input.limits,
    steps,
    access: weighed.access,
    assertions: weighed.failures,
    unknowns: [...observation.notes, ...describeTargetPart(input)].sort(compareDiagnostics),
    withheld: matching.withheld,
    incomplete: matching.incomplete,
    lapses: [...input.desired.lapses].sort((a, b) => compareAddresses(a.address, b.address)),
    // Beside a run that is taken back everything else is none of its business; and of a part there is only part of it.
    unmanaged: undoes === undefined && input.part === undefined ? sortCounts(matching.unmanaged) : {},
    notes: [
      ...ofRules,
      ...drafted.notes,
      ...matching.notes,
      ...(undoes?.notes ?? suggestRenames({ drafts, cascades, live: observation.world, kinds })),
    ].sort(compareDiagnostics),
    ...(approvals !== undefined && { approvals }),
    authoritative: [...input.desired.managed].flatMap(([key, mode]) => (mode === "authoritative" ? key : [])).sort(),
    ...(aimed !== undefined &&
      given.shard !== undefined && {
        shard: describeShard({ given, aimed, drafted, failures: weighed.failures }),
      }),
  });
}

function seal(plan: Omit<Plan, "digest">): Plan {
  const { format, ...rest } = plan;
  return { format, digest: digestPlan(plan), ...rest };
}

function sortCounts(counts: Plan["unmanaged"]): Plan["unmanaged"] {
  return Object.fromEntries(Object.entries(counts).sort(([a], [b]) => compareText(a, b)));
}

function applyLimits(policy: Policy, limits: Limits): Policy {
  return {
    ...policy,
    maxRemovals: limits.maxRemovals ?? policy.maxRemovals,
    maxRemovalPercent: limits.maxRemovalPercent ?? policy.maxRemovalPercent,
    minAdmins: limits.minAdmins ?? policy.minAdmins,
  };
}

function findUsers(planned: World, kinds: KindsByName): ReadonlyMap<Address, readonly Address[]> {
  const users = new Map<Address, Address[]>();
  for (const resource of planned.values()) {
    for (const used of kinds.referencesOf(resource)) {
      const others = users.get(used);
      if (others === undefined) users.set(used, [resource.address]);
      else others.push(resource.address);
    }
  }
  return users;
}

function makeSteps(
  input: GuardInput,
  { waitsFor, hazards: moments }: Weighed,
  desired: Pick<Desired, "world">,
): readonly Step[] {
  const judge = makeJudge(input);
  const losers = listLosers(input.delta);
  return orderDrafts(input.drafts, waitsFor, input.kinds).map((draft) => {
    const findings = [...judge(draft), ...(moments.get(draft.address) ?? [])];
    const loses = losers.get(draft.address);
    const removal = {
      cascade: listCascade(input.cascades.get(draft.address)),
      ...(loses === undefined ? {} : { loses }),
    };
    return makeStep(draft, {
      hazards: listHazards(findings),
      gate: judgeGate(draft, findings, { ...input, removal }),
      dependsOn: waitsFor(draft.address),
      ...removal,
      notes: [...input.kinds.of(draft.address).notesOn(draft), ...tellBelongings(draft, input, desired)],
    });
  });
}

/** Notes are no part of a change's id: when something was last used voids no approval. */
function tellBelongings(
  { op, address }: Draft,
  { kinds, worlds, observation }: GuardInput,
  desired: Pick<Desired, "world">,
): readonly string[] {
  const { tellBelongings: tell } = kinds.of(address);
  if (op !== "delete" || tell === undefined) return [];
  return tell(address, {
    ...worlds,
    belongings: observation.belongings.get(address),
    covered: observation.covered,
    isDeclared: (other) => desired.world.has(other),
    coverageOf: (key) => coverageOfClass(key, observation, kinds),
  });
}

function makeStep(
  draft: Draft,
  judged: Pick<Step, "hazards" | "gate" | "dependsOn" | "cascade" | "loses" | "notes">,
): Step {
  const { op, address, before, wanted, origin, renamedFrom, reason, fields } = draft;
  const remote = remoteOf(before);
  const from = fromOf(draft);
  const to = wanted?.spec;
  const content = {
    op,
    address,
    renamedFrom,
    remote,
    from,
    to,
    fields,
    hazards: judged.hazards,
    cascade: judged.cascade,
    loses: judged.loses,
  };
  const written = origin?.from === "manifest" ? origin : undefined;
  const source = written && formatPosition(written.at);
  const group = written?.group;
  const beside = op === "create" ? wanted?.creation : wanted?.renewal;
  return {
    id: changeIdOf(content),
    op,
    kind: kindOf(address) as KindName,
    address,
    ...(renamedFrom === undefined ? {} : { renamedFrom }),
    reason,
    ...(source === undefined ? {} : { source }),
    ...(group === undefined ? {} : { group }),
    ...(written?.reason === undefined ? {} : { justification: written.reason }),
    ...(written?.expires === undefined ? {} : { expires: written.expires }),
    ...(remote === undefined ? {} : { remote }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(beside === undefined ? {} : { creation: beside }),
    fields,
    ...judged,
  };
}

/** The prior state an approval binds to: of a deletion all of it, of an update the fields the manifest writes, as far as they can be seen. */
function fromOf({ op, before, wanted }: Draft): Spec | undefined {
  if (before === undefined) return undefined;
  const seen = Object.entries(before.spec).filter(([field]) => before.unknown?.includes(field) !== true);
  if (op === "delete") return Object.fromEntries(seen);
  return Object.fromEntries(seen.filter(([field]) => wanted?.spec[field] !== undefined));
}

/** What a step says of what was found: each sentence once. */
function listHazards(findings: readonly Finding[]): readonly Hazard[] {
  const hazards = new Map<string, Hazard>();
  for (const { code, detail } of findings) {
    const key = code === "blind" ? code : `${code} ${detail}`;
    if (!hazards.has(key)) hazards.set(key, { code, detail });
  }
  return [...hazards.values()];
}
