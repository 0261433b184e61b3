import type { Address, ClassKey } from "../model/address.ts";
import { type KindName, kindOf } from "../model/address.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import { type ChangeRecord, hadEffect, type RunRecord } from "../model/history.ts";
import { isSameJson } from "../model/json.ts";
import type { Desired, Memory } from "../model/plan.ts";
import { type Origin, type RemoteRef, type Resource, type Spec, writtenAt } from "../model/resource.ts";
import { moveAddress, moveSpec } from "./align-renames.ts";
import type { KindsByName } from "./kinds-by-name.ts";

/** What taking back one change asks for, under the address that it had before the run. */
export interface Wish {
  readonly address: Address;
  /** To be gone, to be there, or to have some fields as before. */
  readonly wants: "absent" | "present" | "fields";
  /** What is to be there; of an update the fields that go back. */
  readonly spec: Spec;
  /** What the run left there; nothing where it deleted. */
  readonly left: Spec;
  /** The platform's ids as far as the ledger tells them. */
  readonly remote: RemoteRef | undefined;
  /** The address that the run gave it, where it renamed; as seen once what stands above it is renamed back. */
  readonly former: Address | undefined;
  /** Number of the ledger's line that tells of the change. */
  readonly line: number;
}

/** A run turned round, before anybody has looked at the account. */
export interface Inversion {
  readonly run: string;
  readonly wishes: readonly Wish[];
  /** What cannot come back whatever is there. */
  readonly notes: readonly Diagnostic[];
}

/**
 * Turns a run round: what it made is to go, what it deleted is to be there, what it changed is to be as before. `before` is what
 * the ledger remembered when the run began.
 */
export function invertRun(run: RunRecord, before: Memory, kinds: KindsByName): Inversion {
  const done = run.changes.filter(hadEffect);
  const moves = listMovesBack(done, kinds);
  const parts = done.map((change) => invertChange(change, { moves, kinds, before }));
  const doubtful = run.changes.filter(({ result }) => result === "open" || result === "unknown");
  return {
    run: run.run,
    wishes: parts.flatMap(({ wishes }) => wishes),
    notes: [
      ...parts.flatMap(({ notes }) => notes),
      ...doubtful.map(({ address }) => tellLost(address, "Whether the run changed it is not known.")),
    ],
  };
}

/** What a wish for the past is put together with. */
export interface Surroundings {
  /** What the manifest wants: of it the policy, the protection and the assertions count. */
  readonly base: Desired;
  /** The ledger's file: steps are told with its lines. */
  readonly file: string;
  /** What has to be read to tell whom a change hits. */
  readonly classesAround: (address: Address) => readonly ClassKey[];
}

/** What a run turned round asks of the account. */
export function desireUndone({ run, wishes, notes }: Inversion, { base, file, classesAround }: Surroundings): Desired {
  // What the manifest manages is read as well: it tells who holds what is changed. Nothing goes for not being written here.
  const read = [...base.managed.keys(), ...wishes.flatMap(({ address }) => classesAround(address))];
  const originOf = ({ line }: Wish): Origin => writtenAt({ file, line, column: 1, length: 1 });
  const declared = wishes.filter(({ wants }) => wants !== "absent");
  const unwanted = wishes.filter(({ wants }) => wants === "absent");
  return {
    ...base,
    world: new Map(declared.map((wish) => [wish.address, declareWish(wish, originOf(wish))])),
    managed: new Map(read.map((key) => [key, "additive"])),
    absent: new Map(unwanted.map((wish) => [wish.address, { reason: "undone", origin: originOf(wish) }])),
    renames: new Map(wishes.flatMap(({ address, former }) => (former === undefined ? [] : [[address, [former]]]))),
    lapses: [],
    undoes: { run, notes: [...notes, REMINDER] },
  };
}

const REMINDER: Diagnostic = {
  code: "AX343",
  severity: "note",
  summary: "The manifest may still ask for what is undone",
  detail: "An undo changes the account and not the manifest: the next plan of the manifest may make it all again.",
  fix: "Take the change back in the manifest as well.",
};

function declareWish({ address, spec }: Wish, origin: Origin): Resource {
  return { kind: kindOf(address) as KindName, address, spec, origin };
}

interface Inverting {
  /** Address after the run to address before it, for what the run renamed. */
  readonly moves: ReadonlyMap<Address, Address>;
  readonly kinds: KindsByName;
  readonly before: Memory;
}

type Inverted = Pick<Inversion, "wishes" | "notes">;

function listMovesBack(changes: readonly ChangeRecord[], kinds: KindsByName): ReadonlyMap<Address, Address> {
  const moves = new Map<Address, Address>();
  const renames = changes.flatMap(({ address, renamedFrom }) =>
    renamedFrom === undefined ? [] : [{ address, renamedFrom }],
  );
  // Containers first: the old name of what is in one stands under the container's new name.
  for (const { name } of kinds.all) {
    const above = new Map(moves);
    for (const { address, renamedFrom } of renames) {
      if (kindOf(address) === name) moves.set(address, moveAddress(renamedFrom, above, kinds));
    }
  }
  return moves;
}

function invertChange(change: ChangeRecord, inverting: Inverting): Inverted {
  switch (change.op) {
    case "create":
      if (change.unseen)
        return {
          wishes: [],
          notes: [tellLost(change.address, "Whether it was there before the run could not be seen.")],
        };
      return { wishes: [wishFor(change, { wants: "absent", spec: {}, left: change.to ?? {} }, inverting)], notes: [] };
    case "update":
      return invertUpdate(change, inverting);
    case "delete":
      return invertDeletion(change, inverting);
  }
}

function wishFor(
  change: Pick<ChangeRecord, "address" | "remote" | "line">,
  asked: Pick<Wish, "wants" | "spec" | "left"> & Partial<Pick<Wish, "former">>,
  { moves, kinds }: Inverting,
): Wish {
  const back = (address: Address): Address => moveAddress(address, moves, kinds);
  const { refersTo } = kinds.of(change.address);
  return {
    address: back(change.address),
    wants: asked.wants,
    spec: moveSpec(asked.spec, refersTo, back),
    left: moveSpec(asked.left, refersTo, back),
    remote: change.remote,
    former: asked.former,
    line: change.line,
  };
}

function invertUpdate(change: ChangeRecord, inverting: Inverting): Inverted {
  const { address, renamedFrom, from = {}, to = {} } = change;
  const { kinds, moves } = inverting;
  const { fixed } = kinds.of(address);
  // No call changes what is fixed: it stands in the ledger because the account does not show it.
  const changed = Object.keys(to).filter(
    (field) => !fixed.includes(field) && !(field in from && isSameJson(from[field], to[field])),
  );
  const known = recallSpec(change, inverting);
  const given = changed.filter((field) => kinds.of(address).losses?.given?.fields.includes(field));
  const lost = changed.filter(
    (field) => !given.includes(field) && (!(field in known) || isLost(field, address, kinds)),
  );
  const fields = changed.filter((field) => !lost.includes(field) && !given.includes(field));
  const notes = [
    ...lost.map((field) => tellLost(address, `What ${field} was cannot be set again, or is not recorded.`)),
    ...given.map((field) => tellLost(address, `Only the manifest can say ${field}: an undo leaves it as it is.`)),
  ];
  if (fields.length === 0 && renamedFrom === undefined) return { wishes: [], notes };
  const pick = (spec: Spec): Spec =>
    Object.fromEntries(Object.entries(spec).filter(([field]) => fields.includes(field)));
  // The name that the run gave it, once what stands above has its old name again.
  const own = new Map([...moves].filter(([moved]) => moved !== address));
  const former = renamedFrom === undefined ? undefined : moveAddress(address, own, kinds);
  return {
    wishes: [wishFor(change, { wants: "fields", spec: pick(known), left: pick(to), former }, inverting)],
    notes,
  };
}

function invertDeletion(change: ChangeRecord, inverting: Inverting): Inverted {
  const { address, cascade, taken, line } = change;
  const { kinds } = inverting;
  const { losses } = kinds.of(address);
  if (losses?.whole !== undefined) {
    const along = cascade.length === 0 ? "" : ` ${countOthers(cascade.length)} with it.`;
    return { wishes: [], notes: [tellLost(address, `${losses.whole}${along}`)] };
  }
  const others = taken.map((one) =>
    invertDeletion({ ...change, ...one, from: one.spec, cascade: [], taken: [], line }, inverting),
  );
  const spec = { ...recallSpec(change, inverting) };
  const lost = Object.keys(spec).filter((field) => spec[field] !== null && isLost(field, address, kinds));
  for (const field of lost) spec[field] = null;
  const unrecorded = cascade.length > 0 && taken.length === 0;
  return {
    wishes: [
      wishFor(change, { wants: "present", spec, left: {} }, inverting),
      ...others.flatMap(({ wishes }) => wishes),
    ],
    notes: [
      ...(losses?.part === undefined ? [] : [tellLost(address, losses.part)]),
      ...lost.map((field) => tellLost(address, `What ${field} was cannot be set again.`)),
      ...(unrecorded ? [tellLost(address, "What went with it is not recorded, unless it was inherited.")] : []),
      ...others.flatMap(({ notes }) => notes),
    ],
  };
}

function isLost(field: string, address: Address, kinds: KindsByName): boolean {
  return kinds.of(address).losses?.fields?.includes(field) === true;
}

function countOthers(number: number): string {
  return number === 1 ? "1 other object went" : `${number} other objects went`;
}

/** What was there before a change: as the ledger tells the change, and what axcess had written where the platform shows nothing. */
function recallSpec({ address, renamedFrom, from, remote }: ChangeRecord, { before }: Inverting): Spec {
  const written = before.lastWritten.get(renamedFrom ?? address);
  const isSame = written !== undefined && isSameObject(written.remote, remote ?? {});
  return { ...(isSame ? written.spec : {}), ...from };
}

/** Compares the ids that both tell: parts come and go under one identity. */
export function isSameObject(one: RemoteRef, other: RemoteRef): boolean {
  return Object.entries(one).every(([name, id]) => other[name] === undefined || other[name] === id);
}

/** A note on something that an undo does not bring back. */
export function tellLost(address: Address, because: string): Diagnostic {
  return {
    code: "AX345",
    severity: "warning",
    summary: "Not everything comes back",
    detail: `${address}: ${because}`,
  };
}
