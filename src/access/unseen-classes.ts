import { type Address, type ClassKey, classKey, kindOf, pathText } from "../model/address.ts";
import type { DraftChange, Worlds } from "../model/kind.ts";
import { placeAt } from "./account-index.ts";
import { describeFacet } from "./plan-scene.ts";

export interface UnseenInput {
  readonly worlds: Worlds;
  readonly changes: readonly DraftChange[];
  /** True for a class of which everything was read. */
  isWhole(key: ClassKey): boolean;
}

/** What was not read whole and may hold people or places that a change also touches; and which change may so take access unseen. */
export function findUnseen({ worlds, changes, isWhole }: UnseenInput): {
  readonly unseen: readonly ClassKey[];
  readonly doubts: ReadonlyMap<Address, readonly ClassKey[]>;
} {
  const unseen = new Set<ClassKey>();
  const doubts = new Map<Address, readonly ClassKey[]>();
  let everywhere: readonly ClassKey[] | undefined;
  for (const change of changes) {
    const isRole = kindOf(change.address) === "role" && isMoved(change, worlds) && worlds.live.has(change.address);
    if (isRole) everywhere ??= listEverywhere(worlds);
    const rosters = (isRole ? everywhere : undefined) ?? listRosters(change, worlds);
    const missing = rosters.filter((key) => !isWhole(key));
    for (const key of missing) unseen.add(key);
    if (missing.length > 0 && mayTake(change, worlds)) doubts.set(change.address, missing);
  }
  return { unseen: [...unseen].sort(), doubts };
}

/** The classes that hold whoever a change touches without naming them. */
function listRosters({ op, address, after }: DraftChange, { live, planned }: Worlds): readonly ClassKey[] {
  const path = pathText(address);
  const [organization = "", name = ""] = path.split("/");
  const space = `${organization}/${name}`;
  const rosters: readonly ClassKey[] = [
    classKey("org-member", placeAt(organization)),
    classKey("space-member", placeAt(space)),
  ];
  switch (kindOf(address)) {
    case "restriction":
      // Of a project that is new nobody has anything yet.
      return live.has(placeAt(path)) ? rosters : [];
    case "project":
      return op === "delete" ? rosters : [];
    case "space":
      return op !== "create" && describeFacet(live.get(address)) !== describeFacet(planned.get(address)) ? rosters : [];
    case "org-member":
      return after?.spec["role"] === "admin" ? [] : [classKey("space", placeAt(organization))];
    default:
      return [];
  }
}

/** Every class that may hold somebody with a role; what was not even listed counts by its list. */
function listEverywhere({ live }: Worlds): readonly ClassKey[] {
  const keys: ClassKey[] = ["organization@"];
  for (const { kind, address } of live.values()) {
    if (kind === "organization") keys.push(classKey("space", address));
    else if (kind === "space") keys.push(classKey("space-member", address), classKey("project", address));
    else if (kind === "project") keys.push(classKey("binding", address));
  }
  return keys;
}

/** True for a change that takes access from whoever has no grant of their own: deletions are told and held in any case. */
function mayTake({ op, address }: DraftChange, { planned }: Worlds): boolean {
  const kind = kindOf(address);
  if (kind === "restriction") return op === "create";
  return kind === "space" && op === "update" && planned.get(address)?.spec["private"] === true;
}

function isMoved({ address }: DraftChange, { live, planned }: Worlds): boolean {
  return describeFacet(live.get(address)) !== describeFacet(planned.get(address));
}
