import type { Address } from "../model/address.ts";
import { withoutSigners } from "../model/approval-rules.ts";
import { type ChangeRecord, hadEffect, type RunRecord } from "../model/history.ts";
import type { IntentEntry, LedgerEntry, LedgerLine, OutcomeEntry } from "../model/ledger.ts";

/** Tells the ledger run by run, in the order in which runs began; a run that only settled what others left open has no changes. */
export function listRuns(lines: readonly LedgerLine[]): readonly RunRecord[] {
  const telling: Telling = { runs: new Map(), newest: new Map(), approvals: new Map() };
  for (const line of lines) recordLine(line, telling);
  return [...telling.runs.values()].map(({ changes, ...run }) => ({
    ...run,
    changes: changes.map(({ intent, outcome }) => ({ ...intent, ...outcome })),
  }));
}

/** What an intent says, and what outcomes have said of it so far. */
interface ChangeDraft {
  readonly intent: ChangeRecord;
  outcome: Partial<ChangeRecord>;
}

type RunDraft = Omit<RunRecord, "changes"> & { readonly changes: ChangeDraft[] };

interface Telling {
  readonly runs: Map<string, RunDraft>;
  /** The newest change of an address: an outcome speaks of it, whichever run wrote that. */
  readonly newest: Map<Address, ChangeDraft>;
  /** By run and change, as they are written before the intent. */
  readonly approvals: Map<string, ChangeRecord["approvals"]>;
}

function recordLine(line: LedgerLine, telling: Telling): void {
  const { entry, at } = line;
  const run: RunDraft = telling.runs.get(entry.run) ?? {
    ...{ run: entry.run, at, flags: [], changes: [], adoptions: [], managed: [] },
  };
  telling.runs.set(entry.run, run);
  const add = (said: Partial<RunRecord>): void => {
    telling.runs.set(entry.run, { ...run, ...said, changes: run.changes });
  };
  switch (entry.type) {
    case "run":
      add({
        command: entry.command,
        by: entry.by,
        flags: entry.flags,
        ...(entry.plan === undefined ? {} : { plan: entry.plan }),
      });
      return;
    case "approval": {
      const key = `${entry.run} ${entry.change}`;
      const before = telling.approvals.get(key) ?? [];
      telling.approvals.set(key, [...before, describeApproval(entry)]);
      return;
    }
    case "intent": {
      const draft = { intent: describeIntent(entry, line, telling), outcome: {} };
      run.changes.push(draft);
      telling.newest.set(entry.address, draft);
      return;
    }
    case "outcome":
      recordOutcome(entry, telling);
      return;
    case "adoption":
      add({ adoptions: [...run.adoptions, { address: entry.address, at, remote: entry.remote }] });
      return;
    case "managed":
      add({ managed: [...run.managed, ...entry.classes] });
      return;
    case "rules":
      add({ rules: withoutSigners(entry.rules) });
      return;
    case "shards":
      add({ shards: { of: entry.of, by: entry.by } });
      return;
    case "end":
      add({ exit: entry.exit });
      return;
    default:
      // What only a later version writes is left to it.
      return;
  }
}

function describeApproval({
  by,
  reason,
  key,
}: Extract<LedgerEntry, { readonly type: "approval" }>): ChangeRecord["approvals"][number] {
  return { by, reason, ...(key !== undefined && { key }) };
}

function describeIntent(intent: IntentEntry, { at, seq }: LedgerLine, { approvals }: Telling): ChangeRecord {
  const { run, change, op, address, renamedFrom, remote, from, to, cascade = [], taken = [], gate, unseen } = intent;
  return {
    ...{ run, change, op, address, at, line: seq, result: "open", cascade, taken, lapsed: gate === "expired" },
    unseen: unseen === true,
    ...(renamedFrom !== undefined && { renamedFrom }),
    ...(remote !== undefined && { remote }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    approvals: approvals.get(`${run} ${change}`) ?? [],
  };
}

function recordOutcome({ run, change, address, result, remote, error }: OutcomeEntry, { newest }: Telling): void {
  const draft = newest.get(address);
  // An outcome without its intent says nothing that could be told.
  if (draft === undefined || draft.intent.change !== change) return;
  draft.outcome = {
    result,
    ...(run !== draft.intent.run && { settledBy: run }),
    ...(remote !== undefined && { remote }),
    ...(error !== undefined && { error }),
  };
}

/** The runs that changed something, oldest first. */
export function listChangingRuns(runs: readonly RunRecord[]): readonly RunRecord[] {
  return runs.filter(({ changes }) => changes.some(hadEffect));
}

/** The run of a name, or of the only name that begins so; undefined where there is none, or more than one. */
export function findRun(runs: readonly RunRecord[], name: string): RunRecord | undefined {
  const [first, ...others] = runs.filter(({ run }) => run.startsWith(name));
  return runs.find(({ run }) => run === name) ?? (others.length === 0 ? first : undefined);
}

/** Something that happened to an address. */
export interface Happening {
  readonly address: Address;
  readonly at: string;
  readonly run: string;
  /** Who ran it, where the ledger says. */
  readonly by?: string;
  readonly what: "made" | "changed" | "renamed" | "removed" | "went-along" | "adopted" | "in-doubt";
  /** The change; left out for an adoption. */
  readonly change?: ChangeRecord;
}

/** What happened to the addresses that fit, oldest first: what was tried and surely failed did not happen. */
export function traceAddresses(runs: readonly RunRecord[], fits: (address: Address) => boolean): readonly Happening[] {
  const happenings = runs.flatMap((run) => [
    ...run.changes.flatMap((change) => traceChange(change, run, fits)),
    ...run.adoptions.flatMap(({ address, at }): readonly Happening[] =>
      fits(address) ? [{ ...describeRun(run), address, at, what: "adopted" }] : [],
    ),
  ]);
  // Sorting is stable: what happened in one instant keeps its order.
  return happenings.sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

function traceChange(change: ChangeRecord, run: RunRecord, fits: (address: Address) => boolean): readonly Happening[] {
  const what = judgeChange(change);
  if (what === undefined) return [];
  const own = fits(change.address) || (change.renamedFrom !== undefined && fits(change.renamedFrom));
  const along = what === "removed" ? change.cascade.filter(fits) : [];
  const base = { ...describeRun(run), at: change.at, change };
  return [
    ...(own ? [{ ...base, address: change.address, what }] : []),
    ...along.map((address): Happening => ({ ...base, address, what: "went-along" })),
  ];
}

function judgeChange(change: ChangeRecord): Happening["what"] | undefined {
  const { op, result, renamedFrom } = change;
  if (result === "open" || result === "unknown") return "in-doubt";
  if (!hadEffect(change)) return undefined;
  if (op === "update") return renamedFrom === undefined ? "changed" : "renamed";
  return op === "create" ? "made" : "removed";
}

function describeRun({ run, by }: RunRecord): Pick<Happening, "run" | "by"> {
  return { run, ...(by !== undefined && { by }) };
}
