import { type Address, type KindName, pathOf } from "../model/address.ts";
import { canonicalJson, isSameJson } from "../model/json.ts";
import type { IntentEntry, OutcomeEntry } from "../model/ledger.ts";
import { type RemoteRef, type Resource, remoteOf, type Spec, type World } from "../model/resource.ts";
import { findDifferences, surelyHas } from "./compare-spec.ts";

export interface Doubts {
  readonly inDoubt: readonly IntentEntry[];
  /** The live world as it was just read. */
  readonly observed: World;
  /** What stands in a container that is still to be renamed, by the address that it has once that is done. */
  readonly inRenamed: (address: Address) => Resource | undefined;
  /** True when the class of an address was read completely, so that not seen is not there. */
  readonly wasRead: (address: Address) => boolean;
  /** The run that settles. */
  readonly run: string;
}

/**
 * Says what became of intents whose run broke off, by comparing the live world with what each was to bring about. An intent tells
 * the names that everything was to have; the rename of a container may not have come to pass, so that what is not under its
 * address is looked for by the platform's ids. What was not read stays in doubt and gets no entry. `unknown` says that what is
 * there is neither as before nor as wanted, so that nobody will ever know; it ends the doubt. Something made meanwhile by somebody else exactly as wanted counts as made by the intent.
 */
export function settleDoubts(doubts: Doubts): readonly OutcomeEntry[] {
  const sight: Sight = { ...doubts, findElsewhere: findByIds(doubts.observed) };
  return doubts.inDoubt.flatMap((intent) => {
    if (!doubts.wasRead(intent.address)) return [];
    const judged = judgeIntent(intent, sight);
    const { change, op, address } = intent;
    return [{ type: "outcome" as const, run: doubts.run, change, op, address, ...judged }];
  });
}

type Judged = Pick<OutcomeEntry, "result" | "remote" | "to" | "error">;

interface Sight extends Pick<Doubts, "observed" | "inRenamed"> {
  /** What has these ids, under whatever name. */
  readonly findElsewhere: (kind: KindName, remote: RemoteRef | undefined) => Resource | undefined;
}

/** Looks through everything once, when it is asked first. */
function findByIds(observed: World): Sight["findElsewhere"] {
  const keyOf = (kind: KindName, remote: RemoteRef | undefined): string => `${kind} ${canonicalJson(remote)}`;
  let addresses: ReadonlyMap<string, Address> | undefined;
  const listAll = (): ReadonlyMap<string, Address> => {
    const found = new Map<string, Address>();
    for (const resource of observed.values()) found.set(keyOf(resource.kind, remoteOf(resource)), resource.address);
    return found;
  };
  return (kind, remote) => {
    if (remote === undefined) return undefined;
    addresses ??= listAll();
    const address = addresses.get(keyOf(kind, remote));
    return address === undefined ? undefined : observed.get(address);
  };
}

function judgeIntent(intent: IntentEntry, sight: Sight): Judged {
  switch (intent.op) {
    case "create":
      return judgeCreation(intent, sight.observed.get(intent.address) ?? sight.inRenamed(intent.address));
    case "update":
      return judgeUpdate(intent, sight);
    case "delete":
      return judgeDeletion(intent, sight);
  }
}

const NOT_DONE: Judged = { result: "settled-not-done" };

function judgeCreation({ to }: IntentEntry, found: Resource | undefined): Judged {
  if (found === undefined) return NOT_DONE;
  return surelyHas(to ?? {}, found) ? describeDone(found, to) : describeUnknown("It exists, but not surely as wanted.");
}

function judgeUpdate(intent: IntentEntry, sight: Sight): Judged {
  const { renamedFrom, from = {}, to = {} } = intent;
  const after = findNamed(intent, intent.address, sight);
  const before = renamedFrom === undefined ? after : findNamed(intent, renamedFrom, sight);
  if (after !== undefined && surelyHas(to, after)) return describeDone(after, intent.to);
  if (before === undefined) return describeUnknown("It is gone, or another object stands there.");
  // That it is as before says something only where what was wanted would surely look otherwise.
  const tellsApart = renamedFrom !== undefined || findDifferences(to, before).length > 0;
  if (tellsApart && surelyHas(from, before)) return NOT_DONE;
  return describeUnknown("It is neither as before nor as wanted, or cannot be read.");
}

/** What an intent is about, where it has a name: under that very address, or where its container has another one. */
function findNamed(
  { kind, remote }: IntentEntry,
  address: Address,
  { observed, findElsewhere }: Sight,
): Resource | undefined {
  const there = matchRemote(observed.get(address), remote);
  if (there !== undefined) return there;
  const elsewhere = findElsewhere(kind, remote);
  return elsewhere !== undefined && pathOf(elsewhere.address).at(-1) === pathOf(address).at(-1) ? elsewhere : undefined;
}

function judgeDeletion({ kind, address, remote }: IntentEntry, { observed, findElsewhere }: Sight): Judged {
  // Another object of the same name is not the one that was to go.
  const found = matchRemote(observed.get(address), remote) ?? findElsewhere(kind, remote);
  return found === undefined ? { result: "settled-done" } : NOT_DONE;
}

function matchRemote(found: Resource | undefined, remote: RemoteRef | undefined): Resource | undefined {
  return remote === undefined || isSameJson(remote, remoteOf(found)) ? found : undefined;
}

function describeDone(found: Resource, to: Spec | undefined): Judged {
  const remote = remoteOf(found);
  return { result: "settled-done", ...(remote && { remote }), ...(to && { to }) };
}

function describeUnknown(error: string): Judged {
  return { result: "unknown", error };
}
