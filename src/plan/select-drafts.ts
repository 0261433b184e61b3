import type { Address } from "../model/address.ts";
import type { Limits } from "../model/policy.ts";
import type { World } from "../model/resource.ts";
import { makeAttachmentTest } from "./attachment.ts";
import type { KindsByName } from "./kinds-by-name.ts";
import type { Draft } from "./match.ts";

/**
 * Keeps the changes that `--target` names, what hangs on what it names, and whatever must be made first for them; then drops what
 * `--exclude` names, what hangs on it, and whatever cannot be made without it.
 */
export function selectDrafts(
  drafts: readonly Draft[],
  { targets, excludes }: Limits,
  { planned, kinds }: { readonly planned: World; readonly kinds: KindsByName },
): readonly Draft[] {
  if (targets.length === 0 && excludes.length === 0) return drafts;
  const byAddress = new Map(drafts.map((draft) => [draft.address, draft]));
  const prerequisites = ({ after }: Draft): readonly Draft[] =>
    kinds.prerequisitesOf(after, planned).flatMap((needed) => {
      const first = byAddress.get(needed);
      return first?.op === "create" ? [first] : [];
    });
  const isTargeted = targets.length === 0 ? () => true : makeAttachmentTest(targets, kinds);
  const wanted = new Set<Address>();
  const want = (draft: Draft): void => {
    if (wanted.has(draft.address)) return;
    wanted.add(draft.address);
    for (const first of prerequisites(draft)) want(first);
  };
  for (const draft of drafts) if (isTargeted(draft.address)) want(draft);
  const isNamed = makeAttachmentTest(excludes, kinds);
  const dropped = new Map<Address, boolean>();
  const isDropped = (draft: Draft): boolean => {
    const known = dropped.get(draft.address);
    if (known !== undefined) return known;
    const isOut = !wanted.has(draft.address) || isNamed(draft.address) || prerequisites(draft).some(isDropped);
    dropped.set(draft.address, isOut);
    return isOut;
  };
  return drafts.filter((draft) => !isDropped(draft));
}
