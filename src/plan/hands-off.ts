import { type Address, compareAddresses } from "../model/address.ts";
import { resourcesOfKind } from "../model/classed-world.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { Governed } from "../model/kind.ts";
import type { Desired } from "../model/plan.ts";
import type { Resource, World } from "../model/resource.ts";
import type { KindsByName } from "./kinds-by-name.ts";
import type { Draft } from "./match.ts";

interface Sides {
  readonly desired: Pick<Desired, "world">;
  readonly live: World;
  readonly kinds: KindsByName;
}

/** Changes without those that no call can make, or that the platform would undo by itself: these are told instead. */
export function takeHandsOff(
  drafts: readonly Draft[],
  sides: Sides,
): { readonly drafts: readonly Draft[]; readonly notes: readonly Diagnostic[] } {
  const frozen = drafts.flatMap((draft) => {
    const because = whyFrozen(draft, sides);
    return because === undefined ? [] : [{ draft, because }];
  });
  const governed = leaveGoverned(drafts, sides, ({ op, address }) => `${op} ${address}`);
  const out = new Set(frozen.map(({ draft }) => draft));
  return {
    drafts: governed.kept.filter((draft) => !out.has(draft)),
    notes: [...frozen.map(({ draft, because }) => describeFrozen(draft, because)), ...governed.notes],
  };
}

/** Differences without those that the platform overwrites by itself, and what there is to say of these. */
export function leaveGoverned<T extends { readonly address: Address }>(
  differences: readonly T[],
  sides: Sides,
  name: (difference: T) => string,
): { readonly kept: readonly T[]; readonly notes: readonly Diagnostic[] } {
  const governed = listGoverned(sides);
  const idle = new Set(
    differences.filter(({ address }) => governed.some((each) => each.isLeftAlone && each.fits(address))),
  );
  return {
    kept: differences.filter((difference) => !idle.has(difference)),
    notes: governed.flatMap((each) =>
      describeGoverned(each, [...idle].filter(({ address }) => each.fits(address)).map(name), sides),
    ),
  };
}

function whyFrozen({ address }: Draft, { live, kinds }: Sides): string | undefined {
  const parent = kinds.of(address).parentOf(address);
  return live.get(address)?.frozen ?? (parent === undefined ? undefined : live.get(parent)?.frozen);
}

function listGoverned({ desired, live, kinds }: Sides): readonly Governed[] {
  return kinds.all.flatMap(({ name, governs }) =>
    governs === undefined
      ? []
      : [...resourcesOfKind(live, name)].flatMap(
          (resource) => governs(asWanted(resource, desired.world.get(resource.address))) ?? [],
        ),
  );
}

function asWanted(live: Resource, declared: Resource | undefined): Resource {
  return {
    ...live,
    spec: { ...live.spec, ...declared?.spec },
    ...(declared?.creation === undefined ? {} : { creation: declared.creation }),
  };
}

function describeFrozen({ op, address }: Draft, because: string): Diagnostic {
  return {
    code: "AX315",
    severity: "warning",
    summary: "A difference cannot be settled by a call",
    detail: `${op} ${address} is not planned. ${because}`,
    fix: "Change it where it is managed, or take it out of the manifest.",
  };
}

function describeGoverned(
  { fits, isLeftAlone, because }: Governed,
  left: readonly string[],
  { desired }: Sides,
): readonly Diagnostic[] {
  const declared = [...desired.world.keys()].filter((address) => fits(address));
  if (left.length === 0 && declared.length === 0) return [];
  const named = isLeftAlone ? left : declared.sort(compareAddresses);
  const told =
    named.length === 0
      ? "What is declared is so now."
      : `${isLeftAlone ? "Left alone" : "Declared all the same"}: ${nameSome(named)}.`;
  return [
    {
      code: "AX316",
      severity: left.length > 0 ? "warning" : "note",
      summary: "The platform overwrites memberships by itself",
      detail: `${because} ${told}`,
      fix: "Say it in the mappings. `memberships: managed` plans these differences all the same.",
    },
  ];
}

const MOST_NAMED = 10;

function nameSome(names: readonly (Address | string)[]): string {
  const more = names.length - MOST_NAMED;
  return `${names.slice(0, MOST_NAMED).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
