import { type Address, type ClassKey, classKey, type KindName, kindOf } from "../model/address.ts";
import { ClassedWorld } from "../model/classed-world.ts";
import type { KindLogic, KindReads } from "../model/kind.ts";
import type { Memory, Observation, ReadSelection } from "../model/plan.ts";
import type { PlatformReader } from "../model/platform.ts";
import type { RemoteRef } from "../model/resource.ts";

type ReadableKind = KindLogic & KindReads;

/** What is about to be read, and by whom it is asked for. */
interface Asking {
  readonly reader: PlatformReader;
  readonly kinds: readonly ReadableKind[];
  readonly selection: ReadSelection;
  readonly base?: Observation;
  readonly memory?: Pick<Memory, "owned">;
}

/**
 * Asks at the very beginning for what the ledger says will be asked for: lists of the whole account in which something of a kind
 * stands, and lists of members of containers that axcess made or adopted. Of a container that is gone since, the size of its list
 * is asked for in vain. Refusals are heard by whoever reads, and an answer that nobody needs after all by nobody.
 */
export function askRemembered(asking: Asking): void {
  const { reader, kinds, selection, memory } = asking;
  if (memory === undefined || selection.focus !== undefined) return;
  const byKind = groupByKind(memory);
  reader.expectLengths?.(countMembers(asking, byKind, memory));
  for (const kind of kinds) {
    const { lists = [], listsFrom = 1, readEarly, parentKind } = kind;
    // What has no parents is read at once.
    const isListed = parentKind !== undefined && lists.length > 0;
    if (isListed && countRemembered(kind, byKind, asking) >= listsFrom)
      for (const list of lists) void reader.list(list);
    if (readEarly === undefined) continue;
    const parents = selectParents(kind, byKind, asking);
    if (parents.length > 0) readEarly({ reader, world: recallPlaces(parents, memory), parents }).catch(() => {});
  }
}

/** Remembered addresses. */
type ByKind = ReadonlyMap<string, readonly Address[]>;

function groupByKind({ owned }: Pick<Memory, "owned">): ByKind {
  const byKind = new Map<string, Address[]>();
  for (const address of owned.keys()) {
    const kind = kindOf(address);
    const known = byKind.get(kind);
    if (known === undefined) byKind.set(kind, [address]);
    else known.push(address);
  }
  return byKind;
}

/** How much of what is read by its containers stands in each, by the platform's id of the container. */
function countMembers(
  { kinds }: Asking,
  byKind: ByKind,
  { owned }: Pick<Memory, "owned">,
): ReadonlyMap<string, number> {
  const lengths = new Map<string, number>();
  for (const { name, parentKind, readEarly } of kinds) {
    if (parentKind === undefined || readEarly === undefined) continue;
    for (const address of byKind.get(name) ?? []) {
      const container = owned.get(address)?.[parentKind];
      if (container !== undefined) lengths.set(container, (lengths.get(container) ?? 0) + 1);
    }
  }
  return lengths;
}

/** Containers as the ledger knows them: by their ids. */
function recallPlaces(addresses: readonly Address[], { owned }: Pick<Memory, "owned">): ClassedWorld {
  const world = new ClassedWorld();
  for (const address of addresses) {
    const origin = { from: "platform", remote: owned.get(address) as RemoteRef } as const;
    world.set({ kind: kindOf(address) as KindName, address, spec: {}, origin });
  }
  return world;
}

/** Whether a class is to be read whole, and is not known already. */
function isMissing(key: ClassKey, { selection: { classes }, base }: Asking): boolean {
  return classes.has(key) && base?.coverage.has(key) !== true;
}

/** In how many containers of what is to be read the kind is, or may be, as the ledger remembers. */
function countRemembered(kind: ReadableKind, byKind: ByKind, asking: Asking): number {
  const { name, parentOf } = kind;
  const { within = () => true } = asking.selection;
  const parents = new Set(selectParents(kind, byKind, asking));
  for (const address of byKind.get(name) ?? []) {
    // Whatever is listed for its parents has one.
    const parent = parentOf(address) as Address;
    if (isMissing(classKey(name, parent), asking) && within(parent)) parents.add(parent);
  }
  return parents.size;
}

/** The remembered containers of which the kind is to be read. */
function selectParents({ name, parentKind }: ReadableKind, byKind: ByKind, asking: Asking): readonly Address[] {
  const { within = () => true } = asking.selection;
  return (byKind.get(String(parentKind)) ?? []).filter(
    (address) => isMissing(classKey(name, address), asking) && within(address),
  );
}
