import { type Address, addressIn, pathText } from "../model/address.ts";
import type { ResourceClass } from "../model/classed-world.ts";
import type { Declaration, KindLogic } from "../model/kind.ts";
import type { Grant, Manifest, Section } from "../model/manifest.ts";
import { DerivedMap } from "../model/map-view.ts";
import type { Resource } from "../model/resource.ts";

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
    declareRest: (manifest) => declareAll(listSections(manifest).filter(({ section }) => !isClass(section))),
    declareClasses: (manifest) =>
      listSections(manifest).flatMap(({ place, section }) =>
        isClass(section) ? [makeClass(kind, place, section)] : [],
      ),
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
    spec: kind === "space-member" ? { role: grant.role, also: null } : { role: grant.role },
    origin: {
      from: "manifest",
      at: grant.at,
      group: grant.group,
      ...(grant.reason === undefined ? {} : { reason: grant.reason }),
      ...(grant.expires === undefined ? {} : { expires: grant.expires }),
    },
  };
}

/** Whether a section can be held as it is: nothing but roles, and everybody's name is the end of an address as it stands. */
function isClass(section: Section<Grant> | undefined): section is Section<Grant> {
  if (section?.isPlain !== true) return false;
  for (const person of section.entries.keys()) if (person.search(/[/%]/u) >= 0) return false;
  return true;
}

function makeClass(kind: GrantKind, place: Address, { entries }: Section<Grant>): ResourceClass {
  const prefix = `${kind}:${pathText(place)}/`;
  const declare = (grant: Grant, person: string): Resource =>
    describeGrant(kind, `${prefix}${person}` as Address, grant);
  return { kind, prefix, resources: new DerivedMap(entries, declare) };
}
