import { listLosers } from "../access/access-guards.ts";
import { type Address, compareAddresses, type KindName, kindOf } from "../model/address.ts";
import type { Finding, Hazard, Step } from "../model/change.ts";
import { compareDiagnostics, formatPosition } from "../model/diagnostic.ts";
import { compareText } from "../model/json.ts";
import type { Cascade, KindLogic } from "../model/kind.ts";
import type { Desired, Memory, Observation, Plan } from "../model/plan.ts";
import type { Limits, Policy } from "../model/policy.ts";
import { remoteOf, type Spec, type World } from "../model/resource.ts";
import { alignRenames } from "./align-renames.ts";
import { makeAttachmentTest, makePatternTest } from "./attachment.ts";
import { listCascade, resolveCascades } from "./cascade.ts";
import { changeIdOf, digestOf } from "./digest.ts";
import { judgeGate } from "./gate.ts";
import { type GuardInput, makeJudge } from "./guards.ts";
import { indexKinds, type KindsByName } from "./kinds-by-name.ts";
import { type Draft, type Matching, matchWorlds } from "./match.ts";
import { orderDrafts } from "./order.ts";
import { applyChanges } from "./predict-world.ts";
import { selectDrafts } from "./select-drafts.ts";
import { type Weighed, weighAccess } from "./weigh-access.ts";

export interface PlanInput {
  readonly desired: Desired;
  readonly observation: Observation;
  readonly memory: Memory;
  readonly kinds: readonly KindLogic[];
  readonly account: Plan["account"];
  readonly limits: Limits;
}

/** The difference between what is desired and what is there, ordered and judged. Pure: the same input gives the same bytes. */
export function makePlan(input: PlanInput): Plan {
  const kinds = indexKinds(input.kinds);
  const policy = applyLimits(input.desired.policy, input.limits);
  const { observation, renamed, notes } = alignRenames(input.desired, input.observation, kinds);
  const isIgnored = makeAttachmentTest(input.desired.ignore, kinds);
  const matching = matchWorlds({ ...input, observation, kinds, renamed, isIgnored });
  const { drafts, cascades, planned } = chooseDrafts(matching, { input, observation, kinds });
  const worlds = { live: observation.world, planned };
  const { assertions } = input.desired;
  const weighed = weighAccess({ drafts, cascades, worlds, observation, kinds, policy, assertions });
  const guardInput: GuardInput = {
    ...input,
    observation,
    drafts,
    cascades,
    worlds,
    delta: weighed.access,
    usersOf: findUsers(planned, kinds),
    kinds,
    policy,
    isIgnored,
    // Protection is of what is named, not of what hangs on it: a protected organization may lose a member.
    isProtected: makePatternTest(input.desired.protect),
  };
  const steps = makeSteps(guardInput, weighed);
  return seal({
    format: 1,
    account: input.account,
    basis: { desired: digestOf(describeDesired(input.desired)), policy: digestOf(policy) },
    limits: input.limits,
    steps,
    access: weighed.access,
    assertions: weighed.failures,
    unknowns: [...observation.notes].sort(compareDiagnostics),
    withheld: matching.withheld,
    incomplete: matching.incomplete,
    lapses: [...input.desired.lapses].sort((a, b) => compareAddresses(a.address, b.address)),
    unmanaged: Object.fromEntries(Object.entries(matching.unmanaged).sort(([a], [b]) => compareText(a, b))),
    notes: [...notes, ...matching.notes].sort(compareDiagnostics),
    authoritative: [...input.desired.managed].flatMap(([key, mode]) => (mode === "authoritative" ? key : [])).sort(),
  });
}

/** Computes the digest of a plan over all of it but what depends on the clock. */
export function digestPlan(plan: Omit<Plan, "digest">): Plan["digest"] {
  const { lapses: _, ...content } = { ...plan, digest: undefined };
  return digestOf(content);
}

function seal(plan: Omit<Plan, "digest">): Plan {
  const { format, ...rest } = plan;
  return { format, digest: digestPlan(plan), ...rest };
}

function applyLimits(policy: Policy, limits: Limits): Policy {
  return {
    ...policy,
    maxRemovals: limits.maxRemovals ?? policy.maxRemovals,
    maxRemovalPercent: limits.maxRemovalPercent ?? policy.maxRemovalPercent,
    minAdmins: limits.minAdmins ?? policy.minAdmins,
  };
}

function chooseDrafts(
  matching: Matching,
  {
    input,
    observation,
    kinds,
  }: { readonly input: PlanInput; readonly observation: Observation; readonly kinds: KindsByName },
): { readonly drafts: readonly Draft[]; readonly cascades: ReadonlyMap<Address, Cascade>; readonly planned: World } {
  const whole = applyChanges(observation.world, matching.drafts, []);
  const selected = selectDrafts(matching.drafts, input.limits, { planned: whole, kinds });
  const { drafts, cascades } = resolveCascades(selected, observation.world, kinds);
  const gone = [...cascades.values()].flatMap(({ certain }) => certain);
  return { drafts, cascades, planned: applyChanges(observation.world, drafts, gone) };
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

function makeSteps(input: GuardInput, { waitsFor, hazards: moments }: Weighed): readonly Step[] {
  const judge = makeJudge(input);
  const losers = listLosers(input.delta);
  return orderDrafts(input.drafts, waitsFor, input.kinds).map((draft) => {
    const findings = [...judge(draft), ...(moments.get(draft.address) ?? [])];
    const loses = losers.get(draft.address);
    return makeStep(draft, {
      hazards: listHazards(findings),
      gate: judgeGate(draft, findings, input),
      dependsOn: waitsFor(draft.address),
      cascade: listCascade(input.cascades.get(draft.address)),
      ...(loses === undefined ? {} : { loses }),
      notes: input.kinds.of(draft.address).notesOn(draft),
    });
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

/** What a plan's basis is bound to: everything declared, but for the places in files, which may move without meaning anything. */
function describeDesired({ world, managed, absent, ignore, protect, renames, assertions }: Desired): unknown {
  return {
    world: [...world.values()]
      .map(({ address, spec, creation, renewal }) => ({ address, spec, creation, renewal }))
      .sort((a, b) => compareAddresses(a.address, b.address)),
    managed: [...managed].sort(([a], [b]) => (a < b ? -1 : 1)),
    absent: [...absent].map(([address, { reason }]) => [address, reason]).sort(),
    renames: [...renames].sort(([a], [b]) => compareAddresses(a, b)),
    ignore,
    protect,
    assertions: assertions.map(({ who, on, rule, permissions, count }) => [who.words, on, rule, permissions, count]),
  };
}
