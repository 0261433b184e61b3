import type { Chance } from "../machine/chance.ts";
import type { Company } from "../story/scenario.ts";

/** The same company with a service key in some spaces. Its secrets go into files of their own. */
export function addKeys(company: Company, chance: Chance): Company {
  let count = 0;
  return mapSpaces(company, (space) => {
    if (!chance.happens(0.3)) return space;
    count += 1;
    return { ...space, service_keys: { "ci key": drawKey(chance, `.secrets/key-${count}-${chance.below(1000)}`) } };
  });
}

function drawKey(chance: Chance, path: string): Company {
  const rotates = chance.happens(0.4);
  return {
    role: chance.pick(["member", "read-only", "admin"]),
    expires: chance.pick(["2026-12-31", "2027-01-31"]),
    secret: { to: "file", path },
    ...(rotates && { rotate: { before_expiry: chance.pick(["30d", "200d"]), grace: chance.pick(["1h", "0s"]) } }),
  };
}

type Named = Readonly<Record<string, Company>>;

/** Maps every space of a company. */
function mapSpaces(company: Company, change: (space: Company) => Company): Company {
  const organizations = Object.entries((company["organizations"] ?? {}) as Named).map(([name, organization]) => {
    const spaces = Object.entries((organization["spaces"] ?? {}) as Named).map(([at, space]) => [at, change(space)]);
    return [name, { ...organization, spaces: Object.fromEntries(spaces) }];
  });
  return { ...company, organizations: Object.fromEntries(organizations) };
}
