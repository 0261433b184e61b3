import { type Address, formatAddress, type KindName } from "../model/address.ts";
import { type Json, type JsonObject, spellJson } from "../model/json.ts";
import type { Spec } from "../model/resource.ts";
import { decodePredefinedRole, unlistedRole } from "./role-ref.ts";

/** What a key's bot is given: readable only where the platform shows the bot. */
export const ROLE_FIELDS: readonly string[] = ["account_role", "also_in", "organization_role", "role"];

interface SpaceGrant {
  readonly space: string;
  readonly role: string;
  readonly organizationRole: string;
}

/** The roles of a bot as a key's spec has them, seen from the space that the key stands in. */
export function decodeBot(
  bot: JsonObject,
  home: string,
  byId: (kind: KindName, id: string) => Address | undefined,
): Spec {
  const grants = objectsIn(bot["organizations"]).flatMap((organization) =>
    objectsIn(organization["spaces"]).map((space): SpaceGrant => {
      const organizationRole = decodeRole(organization["role"], byId);
      return { space: spellJson(space["space_id"]), role: decodeRole(space["role"], byId), organizationRole };
    }),
  );
  const own = grants.find(({ space }) => space === home);
  const others = grants.filter(({ space }) => space !== home);
  return {
    account_role: decodeRole(bot["account_role"], byId),
    ...(own === undefined ? {} : { role: own.role, organization_role: own.organizationRole }),
    also_in: Object.fromEntries(
      others.map(({ space, role }) => [byId("space", space) ?? formatAddress("space", [`\u0000${space}`]), role]),
    ),
  };
}

function decodeRole(value: Json | undefined, byId: (kind: KindName, id: string) => Address | undefined): string {
  const [role = {}] = objectsIn([value ?? null]);
  const id = role["id"];
  if (role["type"] === "CUSTOM" && typeof id === "string") return byId("role", id) ?? unlistedRole(id);
  return decodePredefinedRole(spellJson(role["name"]));
}

function objectsIn(value: Json | undefined): readonly JsonObject[] {
  if (!Array.isArray(value)) return [];
  return value.filter((item) => item !== null && typeof item === "object" && !Array.isArray(item));
}
