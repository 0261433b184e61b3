import type { Chance } from "../machine/chance.ts";
import type { Company } from "../story/scenario.ts";

type Named = Readonly<Record<string, Company>>;
type Grants = Readonly<Record<string, string>>;

/** The company a while later: some people left or have other roles, some things were renamed, made or given up. */
export function changeCompany(company: Company, chance: Chance): Company {
  const organizations = Object.entries((company["organizations"] ?? {}) as Named).flatMap(([name, organization]) => {
    if (chance.happens(0.1)) return [];
    const members = changeGrants(organization["members"] as Grants, ["admin", "member", "read-only"], chance);
    const spaces = changeNamed(organization["spaces"] as Named, chance, (space) => changeSpace(space, members, chance));
    return [rename(name, { ...organization, members, spaces }, chance)];
  });
  const roles = Object.entries(company["roles"] as Named).map(([name, role]) => {
    const permissions = chance.happens(0.3) ? ["DATASET_READ", "SPACE_READ"] : role["permissions"];
    return [name, { ...role, permissions }];
  });
  return { ...company, organizations: Object.fromEntries(organizations), roles: Object.fromEntries(roles) };
}

function changeSpace(space: Company, members: Grants, chance: Chance): Company {
  const inOrganization = (grants: Grants): Grants =>
    Object.fromEntries(Object.entries(grants).filter(([email]) => Object.hasOwn(members, email)));
  const projects = changeNamed(space["projects"] as Named, chance, (project) => ({
    ...project,
    restricted: chance.happens(0.3) ? project["restricted"] !== true : project["restricted"],
    bindings: inOrganization(
      changeGrants(project["bindings"] as Grants, ["Project Viewer", "Project Admin", "Eval"], chance),
    ),
  }));
  return {
    ...space,
    projects,
    private: chance.happens(0.2) ? space["private"] !== true : space["private"],
    members: inOrganization(changeGrants(space["members"] as Grants, ["admin", "member", "read-only", "Eval"], chance)),
    ...(space["service_keys"] !== undefined && { service_keys: changeKeys(space["service_keys"] as Named, chance) }),
  };
}

function changeNamed(named: Named, chance: Chance, change: (one: Company) => Company): Named {
  const changed = Object.entries(named).flatMap(([name, one]) =>
    chance.happens(0.15) ? [] : [rename(name, change(one), chance)],
  );
  return Object.fromEntries(changed) as Named;
}

function rename(name: string, one: Company, chance: Chance): readonly [string, Company] {
  return chance.happens(0.15) ? [`${name} new`, { ...one, previously: [name] }] : [name, one];
}

function changeGrants(grants: Grants, roles: readonly string[], chance: Chance): Grants {
  const changed = Object.entries(grants).flatMap(([email, role]) => {
    if (chance.happens(0.25)) return [];
    return [[email, chance.happens(0.3) ? chance.pick(roles) : role]];
  });
  return Object.fromEntries(changed) as Grants;
}

function changeKeys(keys: Named, chance: Chance): Named {
  const changed = Object.entries(keys).flatMap(([name, key]) => {
    if (chance.happens(0.2)) return [];
    const expires = chance.happens(0.4) ? chance.pick(["2026-11-30", "2027-06-30"]) : key["expires"];
    return [[name, { ...key, expires }]];
  });
  return Object.fromEntries(changed) as Named;
}
