import { KINDS } from "../kinds/registry.ts";
import { type Address, type ClassKey, kindOf } from "../model/address.ts";
import type { RunRecord } from "../model/history.ts";
import type { LedgerLine } from "../model/ledger.ts";
import type { Desired, Observation, ReadSelection, TargetPart } from "../model/plan.ts";
import { desireUndone, invertRun } from "../plan/invert-run.ts";
import { indexKinds } from "../plan/kinds-by-name.ts";
import { settleWishes } from "../plan/settle-wishes.ts";
import { selectReads } from "../state/desired.ts";
import { recallMemory } from "../state/memory.ts";
import { listClassesAround } from "../state/place-reads.ts";

/** The run that is to be taken back, and the ledger that tells of it. */
export interface UndoSource {
  readonly run: RunRecord;
  readonly lines: readonly LedgerLine[];
  /** Path of the ledger. */
  readonly file: string;
}

/** What to read of an account, and what to want of it once it was read. */
export interface Aim {
  readonly selection: ReadSelection;
  readonly settle: (observation: Observation) => Desired;
  /** Where it is only what the targets of a plan need. */
  readonly part?: TargetPart;
}

/** Aims at what was there before a run, as far as it can come back; the policy is that of the manifest. */
export function aimUndo({ run, lines, file }: UndoSource, base: Desired): Aim {
  const kinds = indexKinds(KINDS);
  const first = run.changes[0]?.line ?? 0;
  const inversion = invertRun(run, recallMemory(lines.filter(({ seq }) => seq < first)), kinds);
  const surroundings = { base, file, classesAround };
  const desired = desireUndone(inversion, surroundings);
  const { classes, under } = selectReads(desired, KINDS);
  const isWhole = inversion.wishes.some(({ address }) => isHeldByNobodyKnown(address));
  return {
    selection: { classes, under: isWhole ? [...new Set<Address | "">(["", ...under])] : under },
    settle: (observation) =>
      desireUndone(settleWishes(inversion, { desired, observation, kinds, declared: base.world }), surroundings),
  };
}

/** The class of an address, and what decides who may do what in the place that it is, or is in. */
function classesAround(address: Address): readonly ClassKey[] {
  const place = isContainer(address) ? address : indexKinds(KINDS).of(address).parentOf(address);
  const own = indexKinds(KINDS).classOf(address);
  return place === undefined ? [own] : [own, ...listClassesAround(place)];
}

function isContainer(address: Address): boolean {
  return KINDS.some(({ parentKind }) => parentKind === kindOf(address));
}

/** True for what is given to people all over the account, as roles are: whom its change hits is only known once all was read. */
function isHeldByNobodyKnown(address: Address): boolean {
  const kind = indexKinds(KINDS).of(address);
  return kind.parentKind === undefined && !kind.isHeldAnywhere && !isContainer(address);
}
