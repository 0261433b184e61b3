import type { Address } from "../model/address.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { Cascade, KindLogic, Worlds } from "../model/kind.ts";
import type { Desired, Memory, Observation, Plan, TargetPart } from "../model/plan.ts";
import type { Limits } from "../model/policy.ts";
import type { World } from "../model/resource.ts";
import type { Shard } from "../model/shard.ts";
import { alignRenames, alignWritten } from "./align-renames.ts";
import type { RulesInput } from "./approvals-needed.ts";
import { makeAttachmentTest } from "./attachment.ts";
import { resolveCascades } from "./cascade.ts";
import { takeHandsOff } from "./hands-off.ts";
import { indexKinds, type KindsByName } from "./kinds-by-name.ts";
import { type Draft, type Matching, matchWorlds } from "./match.ts";
import { applyChanges } from "./predict-world.ts";
import { selectDrafts } from "./select-drafts.ts";

/** All that a plan is made from. */
export interface PlanInput {
  readonly desired: Desired;
  readonly observation: Observation;
  readonly memory: Memory;
  readonly kinds: readonly KindLogic[];
  readonly account: Plan["account"];
  readonly limits: Limits;
  /** What is to be told of approvals; left out: nothing. */
  readonly rules?: RulesInput;
  /** The part of the account that the plan is confined to; left out: all of it. */
  readonly shard?: Shard;
  /** What was read where that is only what the targets need; left out: all that the manifest needs. */
  readonly part?: TargetPart;
  /** True to plan a part on the account as it is now, and not as the account part leaves it. */
  readonly asItIs?: boolean;
  /** True for what is of other parts: it is neither wanted nor unmanaged here. Left out: nothing is. */
  isElsewhere?(address: Address): boolean;
}

/** Everything that a plan would change, before it is ordered and judged. */
export interface Drafted {
  readonly kinds: KindsByName;
  /** What was seen, everything that is to be renamed already under its new address. */
  readonly observation: Observation;
  /** New address to the one the platform still has. */
  readonly renamed: ReadonlyMap<Address, Address>;
  readonly notes: readonly Diagnostic[];
  readonly matching: Matching;
  readonly drafts: readonly Draft[];
  readonly cascades: ReadonlyMap<Address, Cascade>;
  readonly worlds: Worlds;
  isIgnored(address: Address): boolean;
}

/** The last draft of each observation: who looks for what is missing drafts what the plan is made of right afterwards. */
const LAST = new WeakMap<Observation, { readonly input: PlanInput; readonly drafted: Drafted }>();

/** Compares what is desired with what was seen, and chooses what of it the plan is about. The same parts give the same draft. */
export function draftPlan(input: PlanInput): Drafted {
  const last = LAST.get(input.observation);
  if (last !== undefined && isSameInput(last.input, input)) return last.drafted;
  const drafted = draftAnew(input);
  LAST.set(input.observation, { input, drafted });
  return drafted;
}

/** Rules are judged after the draft. */
function isSameInput(one: PlanInput, other: PlanInput): boolean {
  return (["desired", "memory", "kinds", "account", "limits", "shard", "part", "asItIs", "isElsewhere"] as const).every(
    (part) => one[part] === other[part],
  );
}

function draftAnew(input: PlanInput): Drafted {
  const kinds = indexKinds(input.kinds);
  const desired = input.part?.desired ?? input.desired;
  const aligned = alignRenames(desired, input.observation, kinds);
  const { observation, renamed, notes } = aligned;
  const memory = { ...input.memory, lastWritten: alignWritten(input.memory.lastWritten, aligned, kinds) };
  const isIgnored = makeAttachmentTest(desired.ignore, kinds);
  const matched = matchWorlds({ ...input, desired, observation, memory, kinds, renamed, isIgnored });
  const kept = takeHandsOff(matched.drafts, { desired, live: observation.world, kinds });
  const matching = { ...matched, drafts: kept.drafts, notes: [...matched.notes, ...kept.notes] };
  const { drafts, cascades, planned } = chooseDrafts(matching, { input, observation, kinds });
  const worlds = { live: observation.world, planned };
  return { kinds, observation, renamed, notes, matching, drafts, cascades, worlds, isIgnored };
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
