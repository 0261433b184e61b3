import { type Address, addressIn, pathText } from "../model/address.ts";
import type { ResourceClass } from "../model/classed-world.ts";
import type { Declaration, KindLogic } from "../model/kind.ts";
import type { Grant, Manifest, RoleRef, Section } from "../model/manifest.ts";
import { DerivedMap } from "../model/map-view.ts";
import type { Resource, Spec } from "../model/resource.ts";

type GrantKind = "org-member" | "space-member" | "binding";

/** The members or bindings that the manifest writes in one place. */
export interface GrantSection {
  readonly place: Address;
  readonly section: Section<Grant> | undefined;
}

/** How a kind of grant declares what is written in all its places. */
export function declareSections(
  kind: GrantKind,
  listSections: (manifest: Manifest) => readonly GrantSection[],
): Required<Pick<KindLogic, "declare" | "declareClasses" | "declareRest">> {
  const declareAll = (sections: readonly GrantSection[]): readonly Declaration[] =>
    sections.flatMap(({ place, section }) =>
      [...(section?.entries.values() ?? [])].map((grant) =>
        declareGrant(kind, addressIn(kind, place, grant.person.toLowerCase()), grant),
      ),
    );
  return {
    declare: (manifest) => declareAll(listSections(manifest)),
    declareRest: (manifest) =>
      declareAll(listSections(manifest).filter(({ section }) => rolesOfClass(section) === undefined)),
    declareClasses: (manifest) => {
      const makeSpec = makeSpecs(kind);
      return listSections(manifest).flatMap(({ place, section }) => {
        const roles = rolesOfClass(section);
        if (section === undefined || roles === undefined) return [];
        return [makeClass(kind, place, { entries: section.entries, specs: new DerivedMap(roles, makeSpec) })];
      });
    },
  };
}

/** What the manifest says of one person in one place. */
function declareGrant(kind: GrantKind, address: Address, grant: Grant): Declaration {
  return { resource: describeGrant(kind, address, grant), present: true, expires: grant.expires };
}

function describeGrant(kind: GrantKind, address: Address, grant: Grant): Resource {
  return {
    kind,
    address,
    spec: specOf(kind, grant.role),
    origin: {
      from: "manifest",
      at: grant.at,
      group: grant.group,
      ...(grant.reason === undefined ? {} : { reason: grant.reason }),
      ...(grant.expires === undefined ? {} : { expires: grant.expires }),
    },
  };
}

/** The roles of a section that can be held as it is: nothing but roles, and everybody's name is the end of an address as it stands. */
function rolesOfClass(section: Section<Grant> | undefined): ReadonlyMap<string, RoleRef> | undefined {
  for (const person of section?.roles?.keys() ?? []) if (person.includes("/") || person.includes("%")) return undefined;
  return section?.roles;
}

function makeClass(
  kind: GrantKind,
  place: Address,
  { entries, specs }: Pick<ResourceClass, "specs"> & { readonly entries: ReadonlyMap<string, Grant> },
): ResourceClass {
  const prefix = `${kind}:${pathText(place)}/`;
  const declare = (grant: Grant, person: string): Resource =>
    describeGrant(kind, `${prefix}${person}` as Address, grant);
  return { kind, prefix, resources: new DerivedMap(entries, declare), specs };
}

function specOf(kind: GrantKind, role: RoleRef): Spec {
  return kind === "space-member" ? { role, also: null } : { role };
}

/** Few roles are given many times: one spec for each. */
function makeSpecs(kind: GrantKind): (role: RoleRef) => Spec {
  const known = new Map<RoleRef, Spec>();
  return (role) => {
    const spec = known.get(role) ?? specOf(kind, role);
    known.set(role, spec);
    return spec;
  };
}
