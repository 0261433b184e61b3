import type { AccessDelta, AccessSettings, BadMoment, OrderRule } from "../model/access.ts";
import type { Address, ClassKey } from "../model/address.ts";
import type { DraftChange, Worlds } from "../model/kind.ts";
import { indexAccount } from "./account-index.ts";
import { makeCellJudge } from "./judge-cell.ts";
import { nameShifts } from "./name-shifts.ts";
import { listNeededClasses } from "./needed-classes.ts";
import type { PlanScene } from "./plan-scene.ts";
import { findTouched } from "./touched-access.ts";
import { findUnseen } from "./unseen-classes.ts";
import { walkTouched } from "./walk-touched.ts";

/** All that decides on who gains and who loses by a plan. */
export interface DeltaInput {
  /** What is there, with what cannot be seen taken to be as it is written; and what will be there. */
  readonly worlds: Worlds;
  readonly changes: readonly DraftChange[];
  /** By deletion, what certainly goes with it. */
  readonly goneWith: ReadonlyMap<Address, readonly Address[]>;
  readonly settings: AccessSettings;
  /** The changes that one comes after, whatever access says. */
  waitsFor(change: Address): readonly Address[];
  /** True for a class of which everything was read. */
  isWhole(key: ClassKey): boolean;
}

/** What a plan means for people, and what people mean for the order of a plan. */
export interface AccessFindings {
  readonly delta: AccessDelta;
  /** In which order changes must run, so that nobody has too much or too little in between. */
  readonly rules: readonly OrderRule[];
  /** Where no order avoids it. */
  readonly moments: readonly BadMoment[];
  /** Changes that may take access from people who cannot be seen, each with the classes that were not read whole. */
  readonly doubts: ReadonlyMap<Address, readonly ClassKey[]>;
}

/**
 * Finds who gains and who loses what, where, by which change, and what the order of the changes must heed. Looks only at the
 * people and places that the changes touch: places in which somebody's access differs in the same way are judged once for all.
 */
export function findAccessDelta(input: DeltaInput): AccessFindings {
  const { worlds, changes, goneWith, settings, waitsFor } = input;
  const changedBy = collectChanged(changes, goneWith);
  const scene: PlanScene = { worlds, settings, changedBy, waitsFor };
  const index = indexAccount(worlds, changedBy.keys());
  const touched = findTouched({ changes, goneWith, worlds, index });
  const walked = walkTouched(touched, { scene, index, judge: makeCellJudge(scene) });
  const needed = listNeededClasses(changes, worlds, index);
  const { unseen, doubts } = findUnseen({ ...input, needed });
  return { delta: { ...nameShifts(walked.shifts), unseen }, rules: walked.rules, moments: walked.moments, doubts };
}

/** Every address that differs, with the change that does it: its own before that of what it goes with. */
function collectChanged(
  changes: readonly DraftChange[],
  goneWith: ReadonlyMap<Address, readonly Address[]>,
): ReadonlyMap<Address, DraftChange> {
  const changedBy = new Map<Address, DraftChange>();
  for (const change of changes) for (const gone of goneWith.get(change.address) ?? []) changedBy.set(gone, change);
  for (const change of changes) changedBy.set(change.address, change);
  return changedBy;
}

/** The classes that have to be known to judge the changes of a plan; those of places that were not read yet show once these are. */
export function listNeeded(input: Pick<DeltaInput, "worlds" | "changes" | "goneWith">): ReadonlySet<ClassKey> {
  const { worlds, changes, goneWith } = input;
  const index = indexAccount(worlds, collectChanged(changes, goneWith).keys());
  return new Set([...listNeededClasses(changes, worlds, index).values()].flat());
}
