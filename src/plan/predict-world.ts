import type { Address } from "../model/address.ts";
import type { Step } from "../model/change.ts";
import { ClassedWorld } from "../model/classed-world.ts";
import { isSameJson } from "../model/json.ts";
import type { DraftChange } from "../model/kind.ts";
import type { Observation } from "../model/plan.ts";
import { type Resource, remoteOf, type Spec, type World } from "../model/resource.ts";
import { alignRenames, moveAddress } from "./align-renames.ts";
import { coverageOfClass } from "./coverage.ts";
import type { KindsByName } from "./kinds-by-name.ts";

/** An account before and after the steps of a saved plan. */
export interface Prediction {
  /** What is there now, everything that the plan renames already under its new address. */
  readonly before: World;
  /** What is there once every step is done, held ones and blocked ones among them. */
  readonly after: World;
  /** What an inherited admin right hides, under the addresses of afterwards. */
  readonly covered: ReadonlySet<Address>;
  /** Steps that no longer fit what was seen: neither is it as it was when the plan was made, nor as the step leaves it. */
  readonly moved: readonly Address[];
}

/** Applies the steps of a plan to an account as it is seen now. Steps on what was not read are done and not judged. */
export function predictWorld(observation: Observation, steps: readonly Step[], kinds: KindsByName): Prediction {
  const seen = alignRenames({ renames: listRenames(steps) }, observation, kinds).observation;
  const before = seen.world;
  const changes = steps.map((step) => ({ address: step.address, after: resultOf(step, before.get(step.address)) }));
  const gone = steps.flatMap(({ op, address }) =>
    op === "delete" ? kinds.of(address).cascadeOf(address, before).certain : [],
  );
  const after = applyChanges(before, changes, gone);
  const moved = steps.filter((step) => !fits(step, { seen, after, kinds })).map(({ address }) => address);
  return { before, after, covered: seen.covered, moved: moved.sort() };
}

/** The world once every change is done; the same where there is none. What is changed stays, also where something that goes would take it along. */
export function applyChanges(
  world: World,
  changes: readonly Pick<DraftChange, "address" | "after">[],
  gone: Iterable<Address>,
): World {
  const going = [...gone];
  if (changes.length + going.length === 0) return world;
  const planned = ClassedWorld.copy(world);
  for (const { address, after } of changes) if (after === undefined) planned.delete(address);
  for (const address of going) planned.delete(address);
  for (const { after } of changes) if (after !== undefined) planned.set(after);
  return planned;
}

/** The address that something has as long as the renames of a plan are not done. */
export function findFormerAddress(address: Address, steps: readonly Step[], kinds: KindsByName): Address {
  const renames = listRenames(steps);
  // What is in a container was renamed after it, so its name is taken back first.
  return kinds.all.toReversed().reduce((current, { name }) => {
    const backwards = new Map<Address, Address>();
    for (const [wanted, [former]] of renames) {
      if (former !== undefined && kinds.of(wanted).name === name) backwards.set(wanted, former);
    }
    return moveAddress(current, backwards, kinds);
  }, address);
}

function listRenames(steps: readonly Step[]): ReadonlyMap<Address, readonly Address[]> {
  return new Map(
    steps.flatMap(({ address, renamedFrom }) => (renamedFrom === undefined ? [] : [[address, [renamedFrom]] as const])),
  );
}

function resultOf({ op, kind, address, to, remote = {} }: Step, live: Resource | undefined): Resource | undefined {
  if (op === "delete") return undefined;
  const made: Resource = { kind, address, spec: { ...live?.spec, ...to }, origin: { from: "platform", remote } };
  if (live === undefined) return made;
  const { unknown, ...known } = live;
  const hidden = unknown?.filter((field) => to?.[field] === undefined) ?? [];
  return { ...known, spec: made.spec, ...(hidden.length === 0 ? {} : { unknown: hidden }) };
}

interface Sight {
  readonly seen: Observation;
  readonly after: World;
  readonly kinds: KindsByName;
}

function fits(step: Step, sight: Sight): boolean {
  const { address, op, renamedFrom, remote } = step;
  const live = sight.seen.world.get(address);
  const unmoved = renamedFrom === undefined ? undefined : sight.seen.world.get(renamedFrom);
  // The old name is still taken by what was to be renamed: the new one is taken by something else.
  if (unmoved !== undefined && isSameJson(remoteOf(unmoved), remote)) return false;
  if (op === "delete") return live === undefined || isAsBefore(step, live);
  if (lacksGround(step, sight)) return false;
  if (live === undefined) return op === "create" || !isSeenWhole(address, sight);
  return (op === "update" && isAsBefore(step, live)) || shows(live, step.to);
}

function isAsBefore({ remote, from }: Step, live: Resource): boolean {
  return isSameJson(remoteOf(live), remote) && shows(live, from);
}

/** True where every field is as given, as far as it can be seen. */
function shows(live: Resource, spec: Spec | undefined): boolean {
  return Object.entries({ ...spec }).every(
    ([field, value]) => live.unknown?.includes(field) === true || isSameJson(live.spec[field], value),
  );
}

/** True where something is missing that the plan found, or made, for the step to stand on. */
function lacksGround({ address, hazards }: Step, sight: Sight): boolean {
  const { after, kinds } = sight;
  if (hazards.some(({ code }) => code === "must-exist")) return false;
  const needed = [...kinds.of(address).attachedTo(address), ...kinds.referencesOf(after.get(address))];
  return needed.some((other) => !after.has(other) && isSeenWhole(other, sight));
}

function isSeenWhole(address: Address, { seen, kinds }: Sight): boolean {
  return coverageOfClass(kinds.classOf(address), seen, kinds) === "complete";
}
