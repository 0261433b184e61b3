import { type Address, type ClassKey, classKey, type KindName, kindOf, pathText } from "../model/address.ts";
import { ClassedWorld } from "../model/classed-world.ts";
import type { DraftChange, Worlds } from "../model/kind.ts";
import type { Resource, World } from "../model/resource.ts";
import { containerOf, personIn, placeAt } from "./account-index.ts";

export interface HiddenInput {
  readonly worlds: Worlds;
  readonly changes: readonly DraftChange[];
  /** Grants that may be there and are not shown, with what they are taken to be; undefined: nobody knows. */
  readonly hidden: ReadonlyMap<Address, Resource | undefined>;
  /** Those among them that go with a deletion of the plan. */
  readonly gone: ReadonlySet<Address>;
  /** True for a class of which everything was read. */
  isWhole(key: ClassKey): boolean;
}

/**
 * Puts grants that cannot be seen into both worlds: those that an inherited right hides, and memberships on which a grant of the
 * plan rests where the list of members was not read whole. Taken for absent they would make a grant look like nothing, or a loss
 * like the loss of everything. A grant of unknown role gives an unknown amount, before and after.
 */
export function assumeHidden({ worlds, changes, hidden, gone, isWhole }: HiddenInput): Worlds {
  const assumed = new Map<Address, Resource>();
  for (const [address, resource] of hidden) assumed.set(address, resource ?? makeUnknown(address));
  for (const { op, address } of changes) {
    if (op === "delete") continue;
    for (const { membership, roster } of listMemberships(address)) {
      const isKnown = worlds.live.has(membership) || worlds.planned.has(membership) || assumed.has(membership);
      if (!isKnown && !isWhole(roster)) assumed.set(membership, makeUnknown(membership));
    }
  }
  if (assumed.size === 0) return worlds;
  const live = join(worlds.live, assumed);
  if (worlds.planned === worlds.live && gone.size === 0) return { live, planned: live };
  const staying = new Map([...assumed].filter(([address]) => !gone.has(address)));
  return { live, planned: join(worlds.planned, staying) };
}

/** The memberships that a grant rests on, each with the list that would show it. */
function listMemberships(address: Address): readonly { readonly membership: Address; readonly roster: ClassKey }[] {
  const kind = kindOf(address);
  if (kind !== "binding" && kind !== "space-member") return [];
  const person = personIn(address);
  const [organization = "", space] = pathText(address).split("/");
  const inOrganization: Address = `org-member:${organization}/${person}`;
  const joined = { membership: inOrganization, roster: classKey("org-member", placeAt(organization)) };
  if (kind === "space-member") return [joined];
  const path = `${organization}/${space}`;
  return [joined, { membership: `space-member:${path}/${person}`, roster: classKey("space-member", placeAt(path)) }];
}

function makeUnknown(address: Address): Resource {
  const id = `${containerOf(address)} ${personIn(address)}`;
  return {
    kind: kindOf(address) as KindName,
    address,
    spec: {},
    unknown: ["role"],
    origin: { from: "platform", remote: { id } },
  };
}

function join(world: World, assumed: ReadonlyMap<Address, Resource>): World {
  const joined = ClassedWorld.copy(world);
  for (const [address, resource] of assumed) if (!joined.has(address)) joined.set(resource);
  return joined;
}
