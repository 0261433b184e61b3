import { type Address, type ClassKey, classKey, type KindName, kindOf } from "../model/address.ts";
import { ClassedWorld } from "../model/classed-world.ts";
import type { KindLogic, KindReads } from "../model/kind.ts";
import type { Memory, Observation, ReadSelection } from "../model/plan.ts";
import type { PlatformReader } from "../model/platform.ts";

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
  const byKind = groupByKind(memory.owned.keys());
  for (const kind of kinds) {
    for (const list of isRemembered(kind, byKind, asking) ? (kind.lists ?? []) : []) void reader.list(list);
    const parents = selectParents(kind, byKind, asking);
    if (kind.readEarly === undefined || kind.parentKind === undefined || parents.length === 0) continue;
    const world = recallPlaces(kind.parentKind, parents, memory);
    kind.readEarly({ reader, world, parents }).catch(() => {});
  }
}

type ByKind = ReadonlyMap<string, readonly Address[]>;

function groupByKind(addresses: Iterable<Address>): ByKind {
  const byKind = new Map<string, Address[]>();
  for (const address of addresses) {
    const kind = kindOf(address);
    const known = byKind.get(kind);
    if (known === undefined) byKind.set(kind, [address]);
    else known.push(address);
  }
  return byKind;
}

/** Whether a class is to be read whole, and is not known already. */
function isMissing(key: ClassKey, { selection: { classes }, base }: Asking): boolean {
  return classes.has(key) && base?.coverage.has(key) !== true;
}

/** Whether the ledger remembers something of the kind in what is to be read. */
function isRemembered({ name, lists = [], parentOf }: ReadableKind, byKind: ByKind, asking: Asking): boolean {
  if (lists.length === 0) return false;
  const { within = () => true } = asking.selection;
  return (byKind.get(name) ?? []).some((address) => {
    // Whatever is listed for its parents has one.
    const parent = parentOf(address) as Address;
    return isMissing(classKey(name, parent), asking) && within(parent);
  });
}

/** The remembered containers of which the kind is to be read. */
function selectParents({ name, parentKind }: ReadableKind, byKind: ByKind, asking: Asking): readonly Address[] {
  const { within = () => true } = asking.selection;
  return (byKind.get(parentKind ?? "") ?? []).filter(
    (address) => isMissing(classKey(name, address), asking) && within(address),
  );
}

/** Containers as the ledger knows them: by their ids. */
function recallPlaces(kind: KindName, addresses: readonly Address[], { owned }: Pick<Memory, "owned">): ClassedWorld {
  const world = new ClassedWorld();
  for (const address of addresses) {
    const origin = { from: "platform", remote: owned.get(address) ?? {} } as const;
    world.set({ kind, address, spec: {}, origin });
  }
  return world;
}
