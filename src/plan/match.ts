import { type Address, type ClassKey, compareAddresses, type KindName, pathPart } from "../model/address.ts";
import type { ChangeReason, FieldChange } from "../model/change.ts";
import {
  classesOf,
  namesMissingIn,
  pairResources,
  type ResourceClass,
  resourcesHeldSingly,
} from "../model/classed-world.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { DraftChange } from "../model/kind.ts";
import type { Coverage, Desired, Memory, Observation, Unwanted } from "../model/plan.ts";
import { type Origin, type RemoteRef, type Resource, remoteOf, type Spec } from "../model/resource.ts";
import { compareResources } from "./compare.ts";
import { coverageOfClass } from "./coverage.ts";
import type { KindsByName } from "./kinds-by-name.ts";

/** A change that the comparison found, with its reason. */
export interface Draft extends DraftChange {
  readonly reason: ChangeReason;
  /** The resource as the manifest has it: fewer fields than `after`, which is what will be there. */
  readonly wanted: Resource | undefined;
  /** Where the manifest asks for it. */
  readonly origin: Origin | undefined;
  readonly renamedFrom: Address | undefined;
  /** True where the state before cannot be seen and is not remembered. */
  readonly isBlind: boolean;
}

/** All that comparing two worlds finds. */
export interface Matching {
  readonly drafts: readonly Draft[];
  readonly withheld: readonly Address[];
  readonly incomplete: readonly ClassKey[];
  readonly unmanaged: Readonly<Record<string, number>>;
  readonly notes: readonly Diagnostic[];
}

export interface MatchInput {
  readonly desired: Desired;
  readonly observation: Observation;
  readonly memory: Memory;
  readonly kinds: KindsByName;
  readonly renamed: ReadonlyMap<Address, Address>;
  isIgnored(address: Address): boolean;
  /** True for what other parts of the account have. */
  isElsewhere?(address: Address): boolean;
}

/** Compares what is desired with what is there. Decides nothing about safety but one thing: what was not read whole loses nothing. */
export function matchWorlds(input: MatchInput): Matching {
  const drafts: Draft[] = [];
  const notes: Diagnostic[] = [];
  const assumed: Address[] = [];
  // Where anything has a new name, everything seen is held singly, and so looked at.
  for (const [declared, live] of pairResources(input.desired.world, input.observation.world, isPlainlySame)) {
    if (live === undefined) {
      const draft = draftMissing(declared, input);
      if (draft !== undefined) drafts.push(draft);
      else if (!input.observation.covered.has(declared.address)) assumed.push(declared.address);
      continue;
    }
    const { draft, manual } = draftDifference(declared, live, input);
    if (draft !== undefined) drafts.push(draft);
    for (const note of manual) notes.push(note);
  }
  const extra = draftRemovals(input);
  if (assumed.length > 0) notes.push(describeAssumed(assumed.sort(compareAddresses)));
  return { ...extra, drafts: [...drafts, ...extra.drafts], incomplete: findIncomplete(input), notes };
}

/** True where it is seen at a glance, as it nearly always is. */
function isPlainlySame(declared: Spec, live: Spec): boolean {
  for (const field in declared) if (declared[field] !== live[field]) return false;
  return true;
}

function findIncomplete({ desired, observation, kinds }: MatchInput): readonly ClassKey[] {
  return [...desired.managed]
    .filter(([key, mode]) => mode === "authoritative" && coverageOfClass(key, observation, kinds) !== "complete")
    .map(([key]) => key)
    .sort();
}

function coverageOf(address: Address, { observation, kinds }: MatchInput): Coverage {
  return coverageOfClass(kinds.classOf(address), observation, kinds);
}

function draftMissing(declared: Resource, input: MatchInput): Draft | undefined {
  const { observation, memory, kinds } = input;
  const { address } = declared;
  const missing = input.desired.undoes === undefined ? "declared-not-found" : "undone";
  const draft = (reason: ChangeReason, isBlind: boolean): Draft => ({
    op: "create",
    address,
    before: undefined,
    after: declared,
    wanted: declared,
    origin: declared.origin,
    fields: [],
    reason,
    renamedFrom: undefined,
    isBlind,
  });
  const coverage = coverageOf(address, input);
  const isCovered = observation.covered.has(address);
  if (coverage !== "unreadable" && !isCovered) return draft(missing, false);
  const written = memory.lastWritten.get(address);
  const isWritten = written !== undefined && namesWhatIsThere(written.remote, address, input);
  const isRemembered =
    isWritten &&
    compareResources(
      { declared, live: { ...declared, spec: written.spec, unknown: [] }, remembered: undefined },
      kinds.of(address).fixed,
    ).fields.length === 0;
  if (isRemembered) return undefined;
  if (kinds.of(address).isUtmost(declared)) return draft("ensure", false);
  // Whom an inherited right covers loses nothing by an entry of their own; but what axcess gave before, it does not lower unseen.
  return draft("ensure", isCovered ? isWritten : isAttachedToOld(address, input));
}

/** True when everything the resource hangs on exists already, so that it may exist as well. */
function isAttachedToOld(address: Address, { observation, kinds }: MatchInput): boolean {
  return kinds
    .of(address)
    .attachedTo(address)
    .every((attached) => observation.world.has(attached));
}

/** True when the ids written down then are those of what stands under the names now. */
function namesWhatIsThere(remote: RemoteRef, address: Address, { observation, kinds }: MatchInput): boolean {
  const ids = new Set(Object.values(remote));
  return kinds
    .of(address)
    .attachedTo(address)
    .every((attached) => {
      const id = remoteOf(observation.world.get(attached))?.["id"];
      return id !== undefined && ids.has(id);
    });
}

function draftDifference(
  declared: Resource,
  live: Resource,
  input: MatchInput,
): { readonly draft: Draft | undefined; readonly manual: readonly Diagnostic[] } {
  const { address } = declared;
  const renamedFrom = input.renamed.get(address);
  if (live.unknown === undefined && renamedFrom === undefined && isPlainlySame(declared.spec, live.spec)) return SAME;
  const written = input.memory.lastWritten.get(address);
  const isSameObject = written !== undefined && isSameRemote(written.remote, remoteOf(live));
  const comparison = compareResources(
    { declared, live, remembered: isSameObject ? written.spec : undefined },
    input.kinds.of(address).fixed,
  );
  if (renamedFrom === undefined && comparison.fields.length + comparison.fixed.length === 0) return SAME;
  const fields =
    renamedFrom === undefined ? comparison.fields : [describeRename(address, renamedFrom), ...comparison.fields];
  const isUnseen = ({ field }: FieldChange): boolean => comparison.unseen.includes(field);
  const manual = comparison.fixed.map((field) => (isUnseen(field) ? describeUnseen : describeManual)(address, field));
  if (fields.length === 0) return { draft: undefined, manual };
  const reason = input.desired.undoes === undefined ? reasonOf(fields, renamedFrom) : "undone";
  const before = isSameObject ? rememberHidden(live, written.spec) : live;
  const facts = live.facts === undefined ? {} : { facts: live.facts };
  const spec = { ...live.spec, ...withoutFixed(declared.spec, input.kinds.of(address).fixed) };
  const after = { ...declared, ...facts, spec };
  const isBlind = fields.some((change) => isUnseen(change) && change.field !== ROTATION);
  const { origin } = declared;
  return {
    draft: { op: "update", address, before, after, wanted: declared, origin, fields, reason, renamedFrom, isBlind },
    manual,
  };
}

const SAME = { draft: undefined, manual: [] } as const;

/** The field that a renewal due by the clock sets. Whatever it was before, setting it lowers nothing. */
const ROTATION = "rotation";

function reasonOf(fields: readonly FieldChange[], renamedFrom: Address | undefined): ChangeReason {
  if (renamedFrom !== undefined) return "renamed";
  return fields.some(({ field }) => field === ROTATION) ? "rotates" : "fields-differ";
}

/** What a call can set on something that exists: no plan may take the rest for done. */
function withoutFixed(spec: Spec, fixed: readonly string[]): Spec {
  return Object.fromEntries(Object.entries(spec).filter(([field]) => !fixed.includes(field)));
}

function rememberHidden(live: Resource, written: Resource["spec"]): Resource {
  const hidden = Object.entries(written).filter(([field]) => live.unknown?.includes(field));
  return { ...live, spec: { ...live.spec, ...Object.fromEntries(hidden) } };
}

/** Compares ids, but for those of parts that come and go under one identity. */
function isSameRemote(written: RemoteRef, live: RemoteRef | undefined): boolean {
  return (
    live !== undefined && Object.keys(live).every((name) => written[name] === undefined || written[name] === live[name])
  );
}

function describeRename(address: Address, from: Address): FieldChange {
  return { field: "name", from: pathPart(from, -1), to: pathPart(address, -1) };
}

function draftRemovals(input: MatchInput): Pick<Matching, "drafts" | "withheld" | "unmanaged"> {
  const { desired, observation, kinds } = input;
  const drafts: Draft[] = [];
  const withheld: Address[] = [];
  const unmanaged: Record<string, number> = {};
  const leave = (kind: KindName, count: number): void => {
    if (count > 0) unmanaged[kind] = (unmanaged[kind] ?? 0) + count;
  };
  const foreign = findForeignHolders(input);
  const isOthers = (address: Address): boolean => foreign.has(address) || input.isElsewhere?.(address) === true;
  const judge = (live: Resource): void => {
    const { address } = live;
    if (live.builtin === true || input.isIgnored(address)) return;
    const asked = desired.absent.get(address);
    const isUndeclared = desired.managed.get(kinds.classOf(address)) === "authoritative";
    if (asked === undefined && !isUndeclared) leave(live.kind, isOthers(address) ? 0 : 1);
    else if (coverageOf(address, input) !== "complete") withheld.push(address);
    else drafts.push(draftRemoval(live, asked));
  };
  for (const live of resourcesHeldSingly(observation.world)) if (!desired.world.has(live.address)) judge(live);
  const isLeftAlone = makeLeftAlone(input);
  for (const each of classesOf(observation.world)) {
    const missing = namesMissingIn(desired.world, each);
    if (isLeftAlone(each)) leave(each.kind, missing.length);
    else for (const name of missing) judge(each.resources.get(name) as Resource);
  }
  return { drafts, withheld: withheld.sort(), unmanaged };
}

/** Tells classes of which nothing is asked for beside what the manifest declares: the rest of them need only be counted. */
function makeLeftAlone({ desired, kinds, isElsewhere }: MatchInput): (each: ResourceClass) => boolean {
  const { ignore, absent, managed } = desired;
  if (ignore.length > 0 || isElsewhere !== undefined) return () => false;
  const asked = new Set([...absent.keys()].map((address) => address.slice(0, address.lastIndexOf("/") + 1)));
  return ({ prefix }) => {
    const anyOfThem = `${prefix}x` as Address;
    if (asked.has(prefix) || kinds.of(anyOfThem).isHeldAnywhere) return false;
    return managed.get(kinds.classOf(anyOfThem)) !== "authoritative";
  };
}

function draftRemoval(live: Resource, asked: Unwanted | undefined): Draft {
  return {
    op: "delete",
    address: live.address,
    before: live,
    after: undefined,
    wanted: undefined,
    origin: asked?.origin,
    fields: [],
    reason: asked?.reason ?? "no-longer-declared",
    renamedFrom: undefined,
    isBlind: false,
  };
}

/** Those of whom only what they hold tells that they are nobody's to manage, such as the bots of service keys. */
function findForeignHolders({ observation, kinds }: MatchInput): ReadonlySet<Address> {
  const foreign = new Set<Address>();
  for (const { address, builtin } of resourcesHeldSingly(observation.world)) {
    if (builtin !== true) continue;
    for (const attached of kinds.of(address).attachedTo(address)) {
      if (kinds.of(attached).isHeldAnywhere) foreign.add(attached);
    }
  }
  return foreign;
}

function describeAssumed(addresses: readonly Address[]): Diagnostic {
  const [first = ""] = addresses;
  const others = addresses.length === 1 ? "" : ` and ${addresses.length - 1} more`;
  return {
    code: "AX307",
    severity: "note",
    summary: "What axcess wrote last is taken for what is there",
    detail: `${first}${others} cannot be seen now; the ledger says that axcess wrote it as the manifest has it.`,
  };
}

function describeUnseen(address: Address, { field, to }: FieldChange): Diagnostic {
  return {
    code: "AX311",
    severity: "note",
    summary: "A field can be neither read nor set",
    detail: `${address} shall have ${field} ${JSON.stringify(to)}; the platform does not show it, and no call can change it.`,
    fix: "See to it in the web interface.",
  };
}

function describeManual(address: Address, { field, from, to }: FieldChange): Diagnostic {
  return {
    code: "AX308",
    severity: "warning",
    summary: "A difference has to be settled by hand",
    detail: `${address} has ${field} ${JSON.stringify(from)} on the platform and ${JSON.stringify(to)} in the manifest; no call can change it.`,
    fix: `Change it in the web interface, or write ${JSON.stringify(from)} in the manifest.`,
  };
}
