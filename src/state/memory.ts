import { type Address, type ClassKey, formatAddress, kindOf, pathOf } from "../model/address.ts";
import type { ChangeId } from "../model/change.ts";
import { isSameJson } from "../model/json.ts";
import {
  headOf,
  type IntentEntry,
  type LedgerEntry,
  type LedgerHead,
  type LedgerLine,
  type OutcomeEntry,
} from "../model/ledger.ts";
import type { Memory } from "../model/plan.ts";
import type { RemoteRef, Spec } from "../model/resource.ts";
import type { Division } from "../model/shard.ts";
import { divide } from "./ledger-parts.ts";

/** What the ledger remembers, and what was about to happen when a run broke off. */
export interface Recollection extends Memory {
  readonly head: LedgerHead;
  readonly inDoubt: readonly IntentEntry[];
  /** As the account part was applied last; left out where the account never was divided. */
  readonly division?: Division;
}

/** The memory while lines are taken, one by one. */
export interface Recalling {
  readonly take: (line: LedgerLine) => void;
  /** What was remembered so far; what is taken afterwards changes it. */
  readonly recall: () => Recollection;
  /** The same at this moment. */
  readonly copy: () => Recollection;
}

/**
 * Reads the memory out of ledger lines. Making or adopting something makes it ours; changing it does not. Whoever uses an
 * entry compares the platform's ids: an address alone may meanwhile name another object.
 *
 * An intent is in doubt until an outcome for its address follows, or a newer intent, which was only written after a look. The
 * outcome `unknown` ends the doubt only where a later run says it.
 */
export function recallMemory(lines: readonly LedgerLine[]): Recollection {
  const { take, recall } = startRecalling();
  for (const line of lines) take(line);
  return recall();
}

/** The same for lines that are not kept, beginning with what was remembered before them. */
export function startRecalling(known?: Omit<Recollection, "head">): Recalling {
  const draft: Draft = {
    owned: new Map(known?.owned),
    lastWritten: new Map(known?.lastWritten),
    managed: new Set(known?.managed),
    intents: new Map(known?.inDoubt.map((intent) => [intent.address, intent])),
  };
  let head = headOf([]);
  let { rules, account, paces, division }: Partial<Pick<Recollection, "rules" | "account" | "paces" | "division">> =
    known ?? {};
  const recall = (): Recollection => ({
    owned: draft.owned,
    lastWritten: draft.lastWritten,
    managed: draft.managed,
    ...(rules !== undefined && { rules }),
    ...(account !== undefined && { account }),
    head,
    ...(paces !== undefined && { paces }),
    ...(division !== undefined && { division }),
    inDoubt: [...draft.intents.values()],
  });
  return {
    take: ({ entry, digest, seq }) => {
      head = { seq, digest };
      if (entry.type === "rules") rules = { rules: entry.rules, line: digest };
      // A run that could not find out the name of its account does not make it forgotten.
      if (entry.type === "run" && entry.account !== undefined) account = { ...account, ...entry.account };
      // A run that met no limit says nothing of them.
      if (entry.type === "end" && entry.paces !== undefined) paces = { ...paces, ...entry.paces };
      if (entry.type === "shards") division = divide(division, entry);
      recallEntry(draft, entry);
    },
    recall,
    copy: () => {
      const { owned, lastWritten, managed, ...rest } = recall();
      return { ...rest, owned: new Map(owned), lastWritten: new Map(lastWritten), managed: new Set(managed) };
    },
  };
}

/** Every change the ledger says was done, by this run or an earlier one. */
export function listDoneChanges(lines: readonly LedgerLine[]): ReadonlySet<ChangeId> {
  const done = new Set<ChangeId>();
  for (const { entry } of lines) {
    if (entry.type === "outcome" && DONE.includes(entry.result)) done.add(entry.change);
  }
  return done;
}

const DONE: readonly OutcomeEntry["result"][] = ["done", "absent", "settled-done"];

interface Draft {
  readonly owned: Map<Address, RemoteRef>;
  readonly lastWritten: Map<Address, LastWritten>;
  readonly managed: Set<ClassKey>;
  readonly intents: Map<Address, IntentEntry>;
}

function recallEntry(draft: Draft, entry: LedgerEntry): void {
  switch (entry.type) {
    case "intent":
      // Deleted first, so that the order is that of the newest intents.
      draft.intents.delete(entry.address);
      draft.intents.set(entry.address, entry);
      return;
    case "outcome":
      recallOutcome(draft, entry);
      return;
    case "adoption":
      draft.owned.set(entry.address, entry.remote);
      draft.lastWritten.set(entry.address, { spec: entry.spec, remote: entry.remote });
      return;
    case "managed":
      for (const key of entry.classes) draft.managed.add(key);
      return;
    default:
      // A run, its end and its approvals change nothing that is remembered, nor does a checkpoint; so does what only a later version writes.
      return;
  }
}

function recallOutcome(draft: Draft, outcome: OutcomeEntry): void {
  const intent = draft.intents.get(outcome.address);
  if (outcome.result === "unknown" && outcome.run === intent?.run) return;
  draft.intents.delete(outcome.address);
  switch (outcome.result) {
    case "done":
    case "settled-done":
    case "absent":
      if (outcome.op === "delete") forget(draft, [outcome.address, ...(intent?.cascade ?? [])]);
      else remember(draft, outcome, intent);
      return;
    case "failed":
    case "unknown":
    case "settled-not-done":
      return;
  }
}

function forget(draft: Draft, addresses: readonly Address[]): void {
  for (const address of addresses) {
    draft.owned.delete(address);
    draft.lastWritten.delete(address);
  }
}

function remember(draft: Draft, outcome: OutcomeEntry, intent: IntentEntry | undefined): void {
  const remote = outcome.remote ?? intent?.remote;
  if (remote === undefined) return;
  if (intent?.renamedFrom !== undefined) {
    const move = { from: intent.renamedFrom, to: outcome.address, ids: Object.values(remote) };
    const { owned, lastWritten } = draft;
    // What changed while the rename had to wait was written down under the new name: that is the newer one of the two.
    const newer = (address: Address, remote: RemoteRef): LastWritten | undefined => {
      const entry = lastWritten.get(address);
      return entry !== undefined && isSuccessor(entry.remote, remote) ? entry : undefined;
    };
    moveEntries(owned, move, {
      remoteOf: (entry) => entry,
      choose: (address, entry) => newer(address, entry)?.remote ?? entry,
    });
    moveEntries(lastWritten, move, {
      remoteOf: (entry) => entry.remote,
      choose: (address, entry) => newer(address, entry.remote) ?? entry,
    });
  }
  if (outcome.op === "create" || draft.owned.has(outcome.address)) draft.owned.set(outcome.address, remote);
  if (outcome.to !== undefined) draft.lastWritten.set(outcome.address, { spec: outcome.to, remote });
}

/** True for the ids of the same object, and for those of one that took its place in the very same container. */
function isSuccessor(remote: RemoteRef, former: RemoteRef): boolean {
  const { id, ...rest } = remote;
  const { id: old, ...before } = former;
  return isSameJson(rest, before) && (id === old || Object.keys(rest).length > 0);
}

/** What was written last under an address. */
interface LastWritten {
  readonly spec: Spec;
  readonly remote: RemoteRef;
}

interface Move {
  readonly from: Address;
  readonly to: Address;
  /** The platform's ids of what was renamed. */
  readonly ids: readonly string[];
}

/** Gives a renamed thing, and all that stands in it, its new address. */
function moveEntries<V>(
  entries: Map<Address, V>,
  move: Move,
  {
    remoteOf,
    choose,
  }: { readonly remoteOf: (value: V) => RemoteRef; readonly choose: (address: Address, value: V) => V },
): void {
  const from = pathOf(move.from);
  const to = pathOf(move.to);
  for (const [address, value] of [...entries]) {
    const path = pathOf(address);
    if (!from.every((name, index) => path[index] === name)) continue;
    // Another kind may use the very same path: it belongs to the renamed thing only if it knows its id.
    const ids = Object.values(remoteOf(value));
    if (path.length === from.length && address !== move.from && !move.ids.some((id) => ids.includes(id))) continue;
    entries.delete(address);
    const moved = formatAddress(kindOf(address), [...to, ...path.slice(from.length)]);
    entries.set(moved, choose(moved, value));
  }
}
