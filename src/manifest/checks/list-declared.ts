import { type Address, formatAddress } from "../../model/address.ts";
import type { Position } from "../../model/diagnostic.ts";
import type { Manifest, Organization, Space } from "../../model/manifest.ts";
import { mappingAddress } from "../../model/mapping-address.ts";

/** Something that the manifest wants to exist. */
export interface Declared {
  readonly address: Address;
  readonly at: Position;
  /** False where the manifest only says that it exists, and manages nothing of it. */
  readonly isManaged: boolean;
}

/** Lists everything the manifest declares, each object before what is in it. A restriction that is to be lifted is not among them. */
export function listDeclared(manifest: Manifest): readonly Declared[] {
  const declared: Declared[] = [];
  for (const { email, at, ...fields } of manifest.people?.values() ?? []) {
    const isManaged = Object.values(fields).some((field) => field !== undefined);
    declared.push({ address: formatAddress("user", [email]), at, isManaged });
  }
  for (const { name, at, description, permissions, previously } of manifest.roles?.entries.values() ?? []) {
    const isManaged = description !== undefined || permissions !== undefined || previously.length > 0;
    declared.push({ address: formatAddress("role", [name]), at, isManaged });
  }
  const organizations = [...(manifest.organizations?.entries.values() ?? [])];
  const mappings = [...(manifest.saml?.values() ?? [])].flatMap(({ domain, mappings: written }) =>
    (written?.list ?? []).map(({ when, at }) => ({
      address: mappingAddress(domain, Object.entries(when)),
      at,
      isManaged: true,
    })),
  );
  return [...declared, ...organizations.flatMap(listOrganization), ...mappings];
}

function listOrganization(organization: Organization): readonly Declared[] {
  const path = [organization.name];
  const members = [...(organization.members?.entries.values() ?? [])];
  return [
    { address: formatAddress("organization", path), at: organization.at, isManaged: true },
    ...members.map(({ person, at }) => ({
      address: formatAddress("org-member", [...path, person]),
      at,
      isManaged: true,
    })),
    ...[...(organization.spaces?.entries.values() ?? [])].flatMap((space) => listSpace([...path, space.name], space)),
  ];
}

function listSpace(path: readonly string[], space: Space): readonly Declared[] {
  const declared: Declared[] = [{ address: formatAddress("space", path), at: space.at, isManaged: true }];
  for (const { person, at } of space.members?.entries.values() ?? []) {
    declared.push({ address: formatAddress("space-member", [...path, person]), at, isManaged: true });
  }
  for (const { name, at } of space.serviceKeys?.entries.values() ?? []) {
    declared.push({ address: formatAddress("service-key", [...path, name]), at, isManaged: true });
  }
  for (const { name, at, restricted, bindings } of space.projects?.entries.values() ?? []) {
    const inner = [...path, name];
    declared.push({ address: formatAddress("project", inner), at, isManaged: true });
    if (restricted?.value === true) {
      declared.push({ address: formatAddress("restriction", inner), at: restricted.at, isManaged: true });
    }
    for (const grant of bindings?.entries.values() ?? []) {
      declared.push({ address: formatAddress("binding", [...inner, grant.person]), at: grant.at, isManaged: true });
    }
  }
  return declared;
}
