import type { Address } from "../model/address.ts";
import type { IdentityProvider, RoleMapping, RoleRef } from "../model/manifest.ts";
import type { DraftMapping, DraftProvider } from "./draft.ts";
import { readAddress } from "./read-address.ts";
import { resolveRole } from "./resolve-role.ts";
import { readPredefinedRole } from "./role-words.ts";

/** Resolves what is written of one identity provider; what cannot be resolved is left out, and the checks report it. */
export function buildProvider(draft: DraftProvider): IdentityProvider {
  const { domain, at, sync, managesMemberships, mode, mappings } = draft;
  return {
    ...{ domain, at, sync, managesMemberships },
    mappings: mappings && { mode, list: mappings.map(buildMapping) },
  };
}

/** The address of a space from its path in a mapping, `Organization/space`; undefined where it is none. */
export function readSpacePath(path: string): Address | undefined {
  return readAddress(`space:${path}`);
}

function buildMapping({ at, when, accountAdmin, organization, spaces }: DraftMapping): RoleMapping {
  const role = organization && readPredefinedRole(organization.role.value);
  return {
    at,
    when: Object.fromEntries(when),
    accountAdmin,
    organization: organization && role && { name: organization.name.value, role },
    spaces: new Map(
      spaces.flatMap(({ path, role: word }): readonly (readonly [Address, RoleRef])[] => {
        const address = readSpacePath(path.value);
        const given = resolveRole("space", word.value);
        return address === undefined || given === undefined ? [] : [[address, given]];
      }),
    ),
  };
}
