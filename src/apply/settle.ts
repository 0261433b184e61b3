import type { Address } from "../model/address.ts";
import { isSameJson } from "../model/json.ts";
import type { IntentEntry, OutcomeEntry } from "../model/ledger.ts";
import { type RemoteRef, type Resource, remoteOf, type Spec, type World } from "../model/resource.ts";
import { findDifferences, surelyHas } from "./compare-spec.ts";

export interface Doubts {
  readonly inDoubt: readonly IntentEntry[];
  /** The live world as it was just read. */
  readonly observed: World;
  /** True when the class of an address was read completely, so that not seen is not there. */
  readonly wasRead: (address: Address) => boolean;
  /** The run that settles. */
  readonly run: string;
}

/**
 * Says what became of intents whose run broke off, by comparing the live world with what each was to bring about. What was not
 * read stays in doubt and gets no entry. `unknown` says that what is there is neither as before nor as wanted, so that nobody
 * will ever know; it ends the doubt. Something made meanwhile by somebody else exactly as wanted counts as made by the intent.
 */
export function settleDoubts(doubts: Doubts): readonly OutcomeEntry[] {
  return doubts.inDoubt.flatMap((intent) => {
    if (!doubts.wasRead(intent.address)) return [];
    const judged = judgeIntent(intent, doubts.observed);
    const { change, op, address } = intent;
    return [{ type: "outcome" as const, run: doubts.run, change, op, address, ...judged }];
  });
}

type Judged = Pick<OutcomeEntry, "result" | "remote" | "to" | "error">;

function judgeIntent(intent: IntentEntry, observed: World): Judged {
  switch (intent.op) {
    case "create":
      return judgeCreation(intent, observed.get(intent.address));
    case "update":
      return judgeUpdate(intent, observed);
    case "delete":
      return judgeDeletion(intent, observed.get(intent.address));
  }
}

const NOT_DONE: Judged = { result: "settled-not-done" };

function judgeCreation({ to }: IntentEntry, found: Resource | undefined): Judged {
  if (found === undefined) return NOT_DONE;
  return surelyHas(to ?? {}, found) ? describeDone(found, to) : describeUnknown("It exists, but not surely as wanted.");
}

function judgeUpdate(intent: IntentEntry, observed: World): Judged {
  const { address, renamedFrom, remote, from = {}, to = {} } = intent;
  const after = matchRemote(observed.get(address), remote);
  const before = renamedFrom === undefined ? after : matchRemote(observed.get(renamedFrom), remote);
  if (after !== undefined && surelyHas(to, after)) return describeDone(after, intent.to);
  if (before === undefined) return describeUnknown("It is gone, or another object stands there.");
  // That it is as before says something only where what was wanted would surely look otherwise.
  const tellsApart = renamedFrom !== undefined || findDifferences(to, before).length > 0;
  if (tellsApart && surelyHas(from, before)) return NOT_DONE;
  return describeUnknown("It is neither as before nor as wanted, or cannot be read.");
}

function judgeDeletion(intent: IntentEntry, found: Resource | undefined): Judged {
  // Another object of the same name is not the one that was to go.
  return matchRemote(found, intent.remote) === undefined ? { result: "settled-done" } : NOT_DONE;
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
