import { type Address, type ClassKey, kindOf, parseClassKey } from "../model/address.ts";
import type { DraftChange, Worlds } from "../model/kind.ts";
import type { NeededClasses } from "./needed-classes.ts";

export interface UnseenInput {
  readonly worlds: Worlds;
  readonly changes: readonly DraftChange[];
  readonly needed: NeededClasses;
  /** True for a class of which everything was read. */
  isWhole(key: ClassKey): boolean;
}

/** What was not read whole and may hold people or places that a change also touches; and which change may so take access unseen. */
export function findUnseen({ worlds, changes, needed, isWhole }: UnseenInput): {
  readonly unseen: readonly ClassKey[];
  readonly doubts: ReadonlyMap<Address, readonly ClassKey[]>;
} {
  const unseen = new Set<ClassKey>();
  const doubts = new Map<Address, readonly ClassKey[]>();
  for (const change of changes) {
    const missing = (needed.get(change.address) ?? []).filter((key) => !isWhole(key));
    for (const key of missing) unseen.add(key);
    const rosters = missing.filter((key) => ROSTERS.includes(parseClassKey(key).kind));
    if (rosters.length > 0 && mayTake(change, worlds)) doubts.set(change.address, rosters);
  }
  return { unseen: [...unseen].sort(), doubts };
}

/** Classes of which an unseen entry may be somebody whom a closing cuts off. */
const ROSTERS: readonly string[] = ["org-member", "space-member"];

/** True for a change that takes access from whoever has no grant of their own: deletions are told and held in any case. */
function mayTake({ op, address }: DraftChange, { planned }: Worlds): boolean {
  const kind = kindOf(address);
  if (kind === "restriction") return op === "create";
  return kind === "space" && op === "update" && planned.get(address)?.spec["private"] === true;
}
