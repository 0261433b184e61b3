import type { Chance } from "../machine/chance.ts";
import type { Call, Company } from "../story/scenario.ts";

/** The domain of an identity provider that syncs the roles of its people. */
export const SYNCED = "sso.io";

const QUERY = "mutation Found($input: CreateSAMLIdPInput!) { createSAMLIdP(input: $input) { error } }";

/** An identity provider, and sam of its people, whose memberships it gave: they are in no manifest. */
export const IDENTITY_PROVIDER: readonly Call[] = [
  {
    method: "POST",
    target: "/v2/users",
    body: { name: "sam", email: `sam@${SYNCED}`, role: { type: "PREDEFINED", name: "MEMBER" }, invite_mode: "NONE" },
    as: "sam",
  },
  ...["organizations/{acme}", "spaces/{alpha}"].map((place) => ({
    method: "POST",
    target: `/v2/${place}/users`,
    body: { user_id: "{sam}", role: { type: "PREDEFINED", name: "MEMBER" } },
  })),
  {
    method: "POST",
    target: "/graphql",
    body: {
      query: QUERY,
      variables: {
        input: {
          metadataUrl: "https://sso.io/metadata",
          emailDomainsList: [{ domain: SYNCED }],
          ...{ enforceSaml: true, syncUserRoles: true, allowLoginWithDefaults: true },
          roleMappings: { mappingsList: [{ attributesMap: [["Team", "old"]] }] },
        },
      },
    },
  },
];

/** The same company with role mappings into some of its organizations. */
export function addMappings(company: Company, chance: Chance): Company {
  const organizations = Object.keys((company["organizations"] ?? {}) as Company);
  const teams = organizations.length === 0 ? [] : ["ml", "web", "ops"].filter(() => chance.happens(0.6));
  const mappings = teams.map((team) => ({
    name: team,
    when: { Team: team },
    organization: { name: chance.pick(organizations), role: chance.pick(["admin", "member", "read-only"]) },
  }));
  const manage = { ...(company["manage"] as Company), saml: "authoritative" };
  return { ...company, manage, saml: { [SYNCED]: { sync: true, mappings } } };
}
