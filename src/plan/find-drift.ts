import { type Address, type ClassKey, compareAddresses, kindOf } from "../model/address.ts";
import type { FieldChange } from "../model/change.ts";
import { type Diagnostic, formatPosition, type Position } from "../model/diagnostic.ts";
import { canonicalJson, compareText, isSameJson } from "../model/json.ts";
import type { KindLogic } from "../model/kind.ts";
import type { Desired, Memory, Observation } from "../model/plan.ts";
import { type RemoteRef, type Resource, remoteOf, type Spec } from "../model/resource.ts";
import { alignRenames, alignWritten } from "./align-renames.ts";
import { makeAttachmentTest } from "./attachment.ts";
import { compareResources } from "./compare.ts";
import { coverageOfClass } from "./coverage.ts";
import { leaveGoverned } from "./hands-off.ts";
import { indexKinds, type KindsByName } from "./kinds-by-name.ts";

/** How something is otherwise than axcess left it. */
export type DriftSort =
  /** A field is neither as axcess last wrote it nor as the manifest still says. */
  | "changed"
  /** Axcess wrote it, the manifest declares it, and it is not there. */
  | "missing"
  /** It is there, its class is managed authoritatively, and the manifest does not declare it. */
  | "extra"
  /** A grant that is there past its end. */
  | "expired";

/** One thing that is otherwise than axcess left it. */
export interface DriftItem {
  readonly sort: DriftSort;
  readonly address: Address;
  /** Where the manifest declares it, and the group it comes through. */
  readonly at?: Position;
  readonly group?: string;
  /** For `changed`: each field, from what the manifest says to what is there. */
  readonly fields: readonly FieldChange[];
  /** What is there; left out for `missing`. */
  readonly spec?: Spec;
  /** The platform's ids, as they are or as they were. */
  readonly remote?: RemoteRef;
  /** For `missing`: the address under which the very same object is there now. */
  readonly movedTo?: Address;
}

/** How an account stands against what axcess left there. */
export interface Drift {
  /** Sorted by address. */
  readonly items: readonly DriftItem[];
  /** What the manifest wants and no apply has written yet: a matter of plan, not of drift. Sorted. */
  readonly ahead: readonly Address[];
  /** What the platform overwrites by itself, which is nobody's drift. */
  readonly notes: readonly Diagnostic[];
  /** Managed classes that were not read whole, sorted: more may be otherwise than is seen. */
  readonly unread: readonly ClassKey[];
}

export interface DriftInput {
  readonly desired: Desired;
  readonly observation: Observation;
  readonly memory: Memory;
  readonly kinds: readonly KindLogic[];
}

/** Tells what somebody else changed apart from what is yet to be applied. Pure; what is not seen is never taken for missing. */
export function findDrift(input: DriftInput): Drift {
  const kinds = indexKinds(input.kinds);
  const aligned = alignRenames(input.desired, input.observation, kinds);
  const { observation, renamed } = aligned;
  const memory = { ...input.memory, lastWritten: alignWritten(input.memory.lastWritten, aligned, kinds) };
  const scene: Scene = { ...input, observation, memory, renamed, kinds };
  const found = [...input.desired.world.values()].flatMap((declared) => judgeDeclared(declared, scene));
  const judged = [...found, ...judgeUndeclared(scene)];
  const sides = { desired: input.desired, live: observation.world, kinds };
  const { kept, notes } = leaveGoverned(judged.filter(isItem), sides, ({ sort, address }) => `${sort} ${address}`);
  return {
    items: [...kept].sort((a, b) => compareAddresses(a.address, b.address)),
    notes,
    ahead: [...new Set(judged.flatMap((one) => (isItem(one) ? [] : [one.ahead])))].sort(compareAddresses),
    unread: [...input.desired.managed.keys()]
      .filter((key) => coverageOfClass(key, observation, kinds) !== "complete")
      .sort(),
  };
}

interface Scene extends Omit<DriftInput, "kinds"> {
  readonly kinds: KindsByName;
  readonly renamed: ReadonlyMap<Address, Address>;
}

/** Either drift, or something that the manifest is ahead with. */
type Judged = DriftItem | { readonly ahead: Address };

function isItem(judged: Judged): judged is DriftItem {
  return "sort" in judged;
}

function judgeDeclared(declared: Resource, scene: Scene): readonly Judged[] {
  const { address } = declared;
  const live = scene.observation.world.get(address);
  if (live !== undefined) return judgeFields(declared, live, scene);
  const { observation, kinds, memory } = scene;
  const isHidden = observation.covered.has(address);
  if (isHidden || coverageOfClass(kinds.classOf(address), observation, kinds) !== "complete") return [];
  const written = memory.lastWritten.get(address);
  if (written === undefined) return [{ ahead: address }];
  const movedTo = findMoved(written.remote, address, scene);
  return [
    {
      sort: "missing",
      ...placeOf(declared),
      fields: [],
      remote: written.remote,
      ...(movedTo === undefined ? {} : { movedTo }),
    },
  ];
}

/** Of an object that is gone under its name and there under another, the name was changed by somebody else. */
function findMoved(remote: RemoteRef, address: Address, { observation }: Scene): Address | undefined {
  const wanted = canonicalJson(remote);
  for (const live of observation.world.values()) {
    if (live.kind === kindOf(address) && canonicalJson(remoteOf(live)) === wanted) return live.address;
  }
  return undefined;
}

function judgeFields(declared: Resource, live: Resource, { memory, kinds, renamed }: Scene): readonly Judged[] {
  const { address } = declared;
  const former = renamed.get(address);
  const written = memory.lastWritten.get(address);
  const { fixed: manual, states = [] } = kinds.of(address);
  const { fields, fixed } = compareResources({ declared, live, remembered: written?.spec }, manual);
  const differing = [...fields, ...fixed].sort((a, b) => compareText(a.field, b.field));
  const changed = differing.filter(
    ({ field }) => !states.includes(field) && isWritten(declared.spec, written?.spec, field),
  );
  // What no call can set is told by the plan as such, and is not waiting for an apply.
  const isAhead = former !== undefined || fields.some((field) => !changed.includes(field));
  const remote = remoteOf(live);
  return [
    ...(isAhead ? [{ ahead: address }] : []),
    ...(changed.length === 0
      ? []
      : [
          {
            sort: "changed" as const,
            ...placeOf(declared),
            fields: changed.map(turnRound),
            spec: live.spec,
            ...(remote && { remote }),
          },
        ]),
  ];
}

/** True where the manifest still says what axcess wrote last. */
function isWritten(declared: Spec, written: Spec | undefined, field: string): boolean {
  return written !== undefined && isSameJson(declared[field], written[field]);
}

/** The comparison goes from live to declared; drift is told from declared to live. */
function turnRound(change: FieldChange): FieldChange {
  const turned = Object.entries(change).map(([part, value]) => [TURNED[part as keyof FieldChange], value]);
  return { field: change.field, ...Object.fromEntries(turned) };
}

const TURNED: Readonly<Record<keyof FieldChange, keyof FieldChange>> = {
  field: "field",
  from: "to",
  to: "from",
  added: "removed",
  removed: "added",
};

function judgeUndeclared(scene: Scene): readonly Judged[] {
  const { desired, observation, kinds } = scene;
  const isIgnored = makeAttachmentTest(desired.ignore, kinds);
  const judged: Judged[] = [];
  for (const live of observation.world.values()) {
    const { address } = live;
    if (desired.world.has(address) || live.builtin === true || isIgnored(address)) continue;
    const asked = desired.absent.get(address);
    const isUndeclared = desired.managed.get(kinds.classOf(address)) === "authoritative";
    if (asked?.reason === "declared-absent") judged.push({ ahead: address });
    else if (asked !== undefined) judged.push(present("expired", live, asked));
    else if (isUndeclared) judged.push(present("extra", live, undefined));
  }
  return judged;
}

function present(sort: DriftSort, live: Resource, written: Pick<Resource, "origin"> | undefined): DriftItem {
  const { address, spec } = live;
  const remote = remoteOf(live);
  const place = written === undefined ? { address } : placeOf({ address, ...written });
  return { sort, ...place, fields: [], spec, ...(remote && { remote }) };
}

function placeOf({
  address,
  origin,
}: Pick<Resource, "address" | "origin">): Pick<DriftItem, "address" | "at" | "group"> {
  if (origin.from !== "manifest") return { address };
  return { address, at: origin.at, ...(origin.group === undefined ? {} : { group: origin.group }) };
}

/** `file:line:column` of what the manifest declares; undefined for what it does not. */
export function sourceOfDrift({ at }: DriftItem): string | undefined {
  return at && formatPosition(at);
}
