import type { Address } from "../model/address.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import { isSameJson } from "../model/json.ts";
import type { Desired, Observation } from "../model/plan.ts";
import { type Resource, remoteOf, type World } from "../model/resource.ts";
import { alignRenames } from "./align-renames.ts";
import { makeAttachmentTest } from "./attachment.ts";
import { coverageOfClass } from "./coverage.ts";
import { type Inversion, isSameObject, tellLost, type Wish } from "./invert-run.ts";
import { isReference, type KindsByName } from "./kinds-by-name.ts";

/**
 * Leaves out of a run that is turned round what cannot be undone on the account as it is now: what somebody changed since the
 * run, what would take somebody else's later work along, what has nothing left to stand on. Each is told. What is already as
 * before stays, so that a plan of which a part has run is still made from the same.
 */
export function settleWishes(
  inversion: Inversion,
  {
    desired,
    observation,
    kinds,
    declared,
  }: {
    readonly desired: Desired;
    readonly observation: Observation;
    readonly kinds: KindsByName;
    /** What the manifest declares now: some of what comes back needs what only it can say. */
    readonly declared: World;
  },
): Inversion {
  const aligned = alignRenames(desired, observation, kinds).observation;
  const settling: Settling = {
    seen: aligned,
    kinds,
    declared,
    isIgnored: makeAttachmentTest(desired.ignore, kinds),
    going: new Set(),
    coming: new Map(),
    notes: [],
  };
  const byRank = [...inversion.wishes].sort((a, b) => kinds.rankOf(a.address) - kinds.rankOf(b.address));
  const kept = new Map<Address, Wish>();
  // What goes is settled from the inside out, what comes from the outside in: each rests on what is kept of the others.
  for (const wish of byRank.toReversed()) if (wish.wants === "absent") keep(kept, settleRemoval(wish, settling));
  for (const wish of byRank) if (wish.wants !== "absent") keep(kept, settleReturn(wish, settling));
  const wishes = inversion.wishes.flatMap(({ address }) => kept.get(address) ?? []);
  return { ...inversion, wishes, notes: [...inversion.notes, ...settling.notes] };
}

interface Settling {
  /** The account, everything that is renamed back already under its old name. */
  readonly seen: Observation;
  readonly kinds: KindsByName;
  readonly declared: World;
  readonly isIgnored: (address: Address) => boolean;
  /** What is to go, as far as it was settled. */
  readonly going: Set<Address>;
  /** What is to be there again, as far as it was settled. */
  readonly coming: Map<Address, Wish>;
  readonly notes: Diagnostic[];
}

function keep(kept: Map<Address, Wish>, wish: Wish | undefined): void {
  if (wish !== undefined) kept.set(wish.address, wish);
}

function settleRemoval(wish: Wish, settling: Settling): Wish | undefined {
  const { address } = wish;
  const live = settling.seen.world.get(address);
  const because = whyNotRemovable(wish, live, settling);
  if (because !== undefined) return leave(address, because, settling);
  settling.going.add(address);
  return wish;
}

function whyNotRemovable(wish: Wish, live: Resource | undefined, settling: Settling): string | undefined {
  const { seen, kinds, going, isIgnored } = settling;
  const { address } = wish;
  if (isIgnored(address)) return IGNORED;
  if (live === undefined) return isSeen(address, settling) ? undefined : UNSEEN;
  const moved = whyMoved(wish, live);
  if (moved !== undefined) return moved;
  const { certain, possible } = kinds.of(address).cascadeOf(address, seen.world);
  const others = [...certain, ...possible].filter(
    (other) => !going.has(other) && seen.world.get(other)?.builtin !== true,
  );
  const [first] = others.sort();
  return first === undefined
    ? undefined
    : `${first} would go with it, and is not as the run left it, or not of the run.`;
}

const IGNORED = "The manifest says to leave it alone.";
const UNSEEN = "It cannot be seen now.";
const REPLACED = "Another object stands there by now.";

/** Why what is there is not what the run left; undefined where it is, as far as can be seen. */
function whyMoved(wish: Wish, live: Resource): string | undefined {
  const { left } = wish;
  if (!isStillIt(wish, live)) return REPLACED;
  const fields = Object.keys(left).filter(
    (field) => !isHidden(field, live) && !isSameJson(left[field], live.spec[field]),
  );
  return fields.length === 0 ? undefined : `Somebody changed ${fields.join(", ")} since.`;
}

function isStillIt({ remote }: Wish, live: Resource): boolean {
  return isSameObject(remote ?? {}, remoteOf(live) ?? {});
}

function settleReturn(wish: Wish, settling: Settling): Wish | undefined {
  const { address } = wish;
  if (settling.isIgnored(address)) return leave(address, IGNORED, settling);
  const live = settling.seen.world.get(address);
  const settled = wish.wants === "fields" ? settleFields(wish, live, settling) : settlePresence(wish, live, settling);
  if (settled !== undefined) settling.coming.set(address, settled);
  return settled;
}

function settleFields(wish: Wish, live: Resource | undefined, settling: Settling): Wish | undefined {
  const { address, spec, left, former } = wish;
  if (live === undefined) return leave(address, "It is not there any more, or cannot be seen.", settling);
  if (!isStillIt(wish, live)) return leave(address, REPLACED, settling);
  const isAs = (field: string, side: Wish["spec"]): boolean => isSameJson(live.spec[field], side[field]);
  const moved = Object.keys(spec).filter((field) => !isHidden(field, live) && !isAs(field, left) && !isAs(field, spec));
  if (moved.length > 0) leave(address, `Somebody changed ${moved.join(", ")} since.`, settling);
  const kept = Object.fromEntries(Object.entries(spec).filter(([field]) => !moved.includes(field)));
  return Object.keys(kept).length === 0 && former === undefined ? undefined : { ...wish, spec: kept };
}

function settlePresence(wish: Wish, live: Resource | undefined, settling: Settling): Wish | undefined {
  const { address, spec } = wish;
  if (live !== undefined) {
    const isSame = Object.keys(spec).every(
      (field) => isHidden(field, live) || isSameJson(live.spec[field], spec[field]),
    );
    return isSame ? wish : leave(address, "Somebody made it again since, otherwise.", settling);
  }
  const made = completeFromManifest(wish, settling);
  if (typeof made === "string") return lose(address, made, settling);
  const because = whyNotMakeable(made, settling);
  return because === undefined ? made : lose(address, because, settling);
}

/** What is made again with what only the manifest can say of it; or why it cannot be made. */
function completeFromManifest(wish: Wish, { kinds, declared }: Settling): Wish | string {
  const given = kinds.of(wish.address).losses?.given;
  if (given === undefined) return wish;
  const written = declared.get(wish.address);
  if (written === undefined) return given.how(wish.address, wish.spec);
  const isGiven = ([field]: readonly [string, unknown]): boolean => given.fields.includes(field);
  const kept = Object.entries(wish.spec).filter((entry) => !isGiven(entry));
  return { ...wish, spec: Object.fromEntries([...kept, ...Object.entries(written.spec).filter(isGiven)]) };
}

function whyNotMakeable({ address, spec, remote }: Wish, { seen, kinds, coming }: Settling): string | undefined {
  const kind = kinds.of(address);
  const ids = new Set(Object.values(remote ?? {}));
  for (const ground of kind.attachedTo(address)) {
    const found = seen.world.get(ground);
    if (found === undefined) return `${ground} is not there any more.`;
    if (!hasId(found, ids)) return `${ground} is another object by now.`;
  }
  const referred = kind.refersTo.map((field) => spec[field]).filter(isReference);
  const missing = referred.find((other) => !seen.world.has(other) && !coming.has(other));
  if (missing !== undefined) return `${missing} is not there any more.`;
  return kind.whyNotCreatable({ kind: kind.name, address, spec, origin: { from: "platform", remote: {} } });
}

/** True where the ids that stood on it are its own; what has no id is known by its name alone. */
function hasId(found: Resource, ids: ReadonlySet<string>): boolean {
  const id = remoteOf(found)?.["id"];
  return id === undefined || ids.has(id);
}

function isSeen(address: Address, { seen, kinds }: Settling): boolean {
  return !seen.covered.has(address) && coverageOfClass(kinds.classOf(address), seen, kinds) === "complete";
}

function isHidden(field: string, live: Resource): boolean {
  return live.unknown?.includes(field) === true;
}

function lose(address: Address, because: string, { notes }: Settling): undefined {
  notes.push(tellLost(address, because));
  return undefined;
}

function leave(address: Address, because: string, { notes }: Settling): undefined {
  notes.push({
    code: "AX346",
    severity: "warning",
    summary: "Left as it is, and not undone",
    detail: `${address}: ${because}`,
  });
  return undefined;
}
