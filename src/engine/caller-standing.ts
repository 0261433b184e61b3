import { SPACE_ROLE_PERMISSIONS } from "../access/predefined-roles.ts";
import { PlatformError } from "../model/errors.ts";
import { spellJson } from "../model/json.ts";
import type { Caller, PlatformReader, Row, SpaceMemberRow } from "../model/platform.ts";

/** What somebody holds in a space: the permissions, all of them, or what their role in the organization gives in a public space. */
type Held = ReadonlySet<string> | "all" | "public";

/** What the key's person holds, as far as it can be told without writing. What is not in a map is not known. */
export interface CallerStanding {
  readonly accountAdmin: Caller["accountAdmin"];
  readonly isDeveloper: boolean | undefined;
  /** Permissions of custom roles in any place; undefined where they could not be read. */
  readonly anywhere: ReadonlySet<string> | undefined;
  /** Role in an organization by its id; `none` where the key's person is no member. */
  readonly organizations: ReadonlyMap<string, string>;
  readonly spaces: ReadonlyMap<string, Held>;
}

/** Ids of the places that are asked about. */
export interface StandingPlaces {
  readonly organizations: readonly string[];
  readonly spaces: readonly string[];
}

/** Finds out what the key's person holds in the places. An account admin holds all, so that nothing more is asked. Nothing is written. */
export async function readStanding(
  reader: PlatformReader,
  caller: Caller,
  places: StandingPlaces,
): Promise<CallerStanding> {
  const { accountAdmin, userId } = caller;
  const nothing = { accountAdmin, anywhere: undefined, organizations: new Map(), spaces: new Map() };
  if (userId === undefined) return { ...nothing, isDeveloper: undefined };
  const person = await attempt(() => reader.get(`/v2/users/${encodeURIComponent(userId)}`));
  const isDeveloper = typeof person?.["is_developer"] === "boolean" ? person["is_developer"] : undefined;
  if (accountAdmin === "yes") return { ...nothing, isDeveloper };
  // Bots may be left out of lists of people: that one is not there says something of people only.
  const isListed = person !== undefined;
  const custom = await readCustomRoles(reader, userId);
  const organizations = await readOrganizations(reader, { userId, isListed, ids: places.organizations });
  const spaces = await readSpaces(reader, { userId, isListed, ids: places.spaces, custom });
  const anywhere = custom && new Set([...custom.byResource.values()].flatMap((held) => [...held]));
  return { accountAdmin, isDeveloper, anywhere, organizations, spaces };
}

interface Asked {
  readonly userId: string;
  readonly isListed: boolean;
  readonly ids: readonly string[];
}

async function readOrganizations(
  reader: PlatformReader,
  { userId, isListed, ids }: Asked,
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const [id, reading] of await reader.readOrganizationMembers(ids)) {
    if (reading.state !== "complete") continue;
    const row = reading.rows.find((each) => each.userId === userId);
    const role = row === undefined ? isListed && "none" : row.role;
    if (role) found.set(id, role);
  }
  return found;
}

interface CustomRoles {
  /** Permissions by the id of the space or project that the role is bound to. */
  readonly byResource: ReadonlyMap<string, ReadonlySet<string>>;
}

async function readSpaces(
  reader: PlatformReader,
  { userId, isListed, ids, custom }: Asked & { readonly custom: CustomRoles | undefined },
): Promise<Map<string, Held>> {
  const found = new Map<string, Held>();
  for (const [id, reading] of await reader.readSpaceMembers(ids)) {
    if (reading.state !== "complete") continue;
    const row = reading.rows.find((each) => each.userId === userId);
    const own = row === undefined ? isListed && NOTHING : holdingOf(row);
    const bound = custom?.byResource.get(id);
    if (own === "all" || own === "public") found.set(id, own);
    else if (custom !== undefined && (own || bound)) found.set(id, new Set([...(own || []), ...(bound ?? [])]));
  }
  return found;
}

const NOTHING: ReadonlySet<string> = new Set();

/** What an entry of a space gives by itself; undefined for a custom role, which the bindings tell of. */
function holdingOf({ role, membership }: SpaceMemberRow): Held | undefined {
  if (role === "admin" || membership === "ACCOUNT_ADMIN" || membership === "ORGANIZATION_ADMIN") return "all";
  return membership === "PUBLIC_MEMBERSHIP" ? "public" : SPACE_ROLE_PERMISSIONS[role ?? ""];
}

/** The custom roles that the key's person has anywhere; undefined where one of them could not be read. */
async function readCustomRoles(reader: PlatformReader, userId: string): Promise<CustomRoles | undefined> {
  const byResource = new Map<string, ReadonlySet<string>>();
  for (const resource_type of ["SPACE", "PROJECT"]) {
    const bindings = await attempt(() =>
      reader.list({
        path: "/v2/role-bindings",
        query: { resource_type, user_id: userId },
        collection: "role_bindings",
      }),
    );
    if (bindings === undefined) return undefined;
    for (const binding of bindings) {
      const role = await attempt(() => reader.get(`/v2/roles/${encodeURIComponent(textIn(binding, "role_id"))}`));
      const permissions = role?.["permissions"];
      if (!Array.isArray(permissions)) return undefined;
      byResource.set(textIn(binding, "resource_id"), new Set(permissions.map(spellJson)));
    }
  }
  return { byResource };
}

function textIn(row: Row, field: string): string {
  return spellJson(row[field]);
}

/** What was answered; undefined where it was refused, which is an answer here. */
async function attempt<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof PlatformError) || error.failure === "interrupted") throw error;
    return undefined;
  }
}
