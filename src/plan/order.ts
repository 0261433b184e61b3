import { type Address, compareAddresses } from "../model/address.ts";
import { Impossible } from "../model/errors.ts";
import type { Worlds } from "../model/kind.ts";
import type { World } from "../model/resource.ts";
import type { KindsByName } from "./kinds-by-name.ts";
import type { Draft } from "./match.ts";

/** What a change comes after, among the changes of the same plan; nothing for what does not change. */
export type Dependencies = (address: Address) => readonly Address[];

/**
 * Finds what each change comes after. Making: after what it needs is made, and after what its kind says it follows. Deleting:
 * after everything that needs it, or refers to it, was deleted or changed.
 */
export function findDependencies(
  drafts: readonly Draft[],
  worlds: Worlds,
  kinds: KindsByName,
): ReadonlyMap<Address, readonly Address[]> {
  const byAddress = new Map(drafts.map((draft) => [draft.address, draft]));
  const dependencies = new Map<Address, Set<Address>>(drafts.map(({ address }) => [address, new Set()]));
  const add = (address: Address, after: Address): void => {
    if (address !== after && byAddress.has(after)) dependencies.get(address)?.add(after);
  };
  for (const draft of drafts) {
    for (const earlier of kinds.of(draft.address).follows(draft, worlds)) add(draft.address, earlier);
    for (const needed of kinds.prerequisitesOf(draft.after, worlds.planned)) {
      if (byAddress.get(needed)?.op === "create") add(draft.address, needed);
    }
    for (const held of holdsBack(draft, worlds.live, kinds))
      if (byAddress.get(held)?.op === "delete") add(held, draft.address);
  }
  const sorted = [...dependencies].map(([address, after]) => [address, sortFew(after)] as const);
  return new Map(sorted);
}

/** Most changes wait for few others: of one there is nothing to sort. */
function sortFew(addresses: ReadonlySet<Address>): readonly Address[] {
  return addresses.size < 2 ? [...addresses] : [...addresses].sort(compareAddresses);
}

/** What cannot be deleted before this change is done: what a deleted resource rests on, and what a changed one referred to. */
function holdsBack({ op, before }: Draft, live: World, kinds: KindsByName): readonly Address[] {
  return op === "delete" ? kinds.prerequisitesOf(before, live) : kinds.referencesOf(before);
}

/** Puts changes in the order in which they run: what is made before what goes, containers first when making and last when deleting. */
export function orderDrafts(
  drafts: readonly Draft[],
  dependencies: Dependencies,
  kinds: KindsByName,
): readonly Draft[] {
  const byAddress = new Map(drafts.map((draft) => [draft.address, draft]));
  const ordered: Draft[] = [];
  const state = new Map<Address, "open" | "done">();
  const visit = (draft: Draft): void => {
    if (state.get(draft.address) === "done") return;
    if (state.get(draft.address) === "open") throw new Impossible(`changes wait for each other at ${draft.address}`);
    state.set(draft.address, "open");
    for (const after of dependencies(draft.address)) {
      const earlier = byAddress.get(after);
      if (earlier !== undefined) visit(earlier);
    }
    state.set(draft.address, "done");
    ordered.push(draft);
  };
  for (const { draft } of rankDrafts(drafts, kinds)) visit(draft);
  return ordered;
}

function rankDrafts(drafts: readonly Draft[], kinds: KindsByName): readonly { readonly draft: Draft }[] {
  const ranked = drafts.map((draft) => {
    const rank = kinds.rankOf(draft.address);
    return { draft, rank: draft.op === "delete" ? kinds.all.length * 2 - rank : rank };
  });
  return ranked.sort((a, b) => a.rank - b.rank || compareAddresses(a.draft.address, b.draft.address));
}
