import type { Company } from "../story/scenario.ts";

type Named = Readonly<Record<string, Company>>;

/** The most of each that stays. */
export interface Sizes {
  readonly organizations: number;
  readonly spaces: number;
  readonly projects: number;
}

/** A company without what is too much of it. */
export function pruneCompany(company: Company, sizes: Sizes): Company {
  return {
    ...company,
    organizations: keepFirst(company["organizations"], sizes.organizations, (organization) => ({
      ...organization,
      spaces: keepFirst(organization["spaces"], sizes.spaces, (space) => ({
        ...space,
        projects: keepFirst(space["projects"], sizes.projects, (project) => project),
      })),
    })),
  };
}

function keepFirst(named: unknown, most: number, change: (one: Company) => Company): Named {
  const entries = Object.entries((named ?? {}) as Named).slice(0, most);
  return Object.fromEntries(entries.map(([name, one]) => [name, change(one)]));
}
