import { type Address, pathPart } from "../model/address.ts";
import type { FieldChange } from "../model/change.ts";
import type { JsonObject } from "../model/json.ts";
import type { WriteContext, Written } from "../model/kind.ts";
import type { PlatformWriter, WriteAnswer } from "../model/platform.ts";
import type { Spec } from "../model/resource.ts";
import { itemPath } from "./item-path.ts";
import { findNewKey, KEYS_PATH, listKeyIds } from "./key-reads.ts";
import { organizationOf } from "./organization.ts";
import { remotePart } from "./remote-part.ts";
import { encodeRole } from "./role-ref.ts";
import { spaceOf } from "./space.ts";
import { rowOf, textIn } from "./wire.ts";

/** What a renewal says of the old secret: how many seconds it still counts. */
export const GRACE = "grace_seconds";

/** True for an end that is later than before: no refresh can give it. */
export function endsLater({ from, to }: Pick<FieldChange, "from" | "to">): boolean {
  return typeof from === "string" && Date.parse(String(to)) > Date.parse(from);
}

/** Makes a key with its bot. Never sent twice: a second key would live without anybody having its secret. */
export async function putKey(context: WriteContext): Promise<Written> {
  const { writer, reader, address, to = {}, idOf } = context;
  const space = idOf(spaceOf(address));
  const name = pathPart(address, 2);
  const known = await listKeyIds(reader, space);
  const answer = await writer.write({
    method: "POST",
    path: KEYS_PATH,
    body: encodeKey(name, to, { address, idOf }),
    settle: (later) => findNewKey(later, { space, name, known }),
    once: true,
  });
  return describeShown(answer, { writer, space, call: `POST ${KEYS_PATH}` });
}

/** What a key is made with and no call can change. */
const KEPT_FIELDS: readonly string[] = ["description", "role", "organization_role", "account_role", "also_in"];

/** Gives a key a new secret, under another id. Where it is to end later than before, another key is made: no refresh can do that. */
export async function renewKey(context: WriteContext): Promise<Written> {
  const { writer, reader, address, remote, to = {}, fields, creation } = context;
  // Roles of a key cannot be changed: the one that takes its place has those that are there, as far as they can be seen.
  if (fields.some((field) => field.field === "expires" && endsLater(field))) {
    const kept = Object.entries(context.from ?? {}).filter(([field]) => KEPT_FIELDS.includes(field));
    return putKey({ ...context, to: { ...to, ...Object.fromEntries(kept) } });
  }
  const space = remotePart(remote, "space");
  const known = await listKeyIds(reader, space);
  const path = `${itemPath(KEYS_PATH, remotePart(remote, "id"))}/refresh`;
  const answer = await writer.write({
    method: "POST",
    path,
    body: { expires_at: String(to["expires"]), grace_period_seconds: Number(creation[GRACE] ?? 0) },
    settle: (later) => findNewKey(later, { space, name: pathPart(address, 2), known }),
    once: true,
  });
  return describeShown(answer, { writer, space, call: `POST ${path}` });
}

/** Revokes a key; harmless to repeat. */
export async function revokeKey(writer: PlatformWriter, id: string): Promise<void> {
  await writer.write({ method: "PUT", path: `${itemPath(KEYS_PATH, id)}/revoke`, body: {}, settle: "repeat" });
}

function describeShown(
  answer: WriteAnswer,
  { writer, space, call }: { readonly writer: PlatformWriter; readonly space: string; readonly call: string },
): Written {
  const row = rowOf(answer, call);
  const id = textIn(row, "id", "service-key");
  const text = row["key"];
  return {
    remote: { id, space },
    notes: [],
    secret: {
      text: typeof text === "string" && !answer.found ? () => text : undefined,
      retract: () => revokeKey(writer, id),
    },
  };
}

function encodeKey(
  name: string,
  spec: Spec,
  { address, idOf }: { readonly address: Address; readonly idOf: (address: Address) => string },
): JsonObject {
  const description = spec["description"];
  const home = spaceOf(address);
  const roles = new Map<Address, string>([[home, String(spec["role"])]]);
  for (const [space, role] of Object.entries((spec["also_in"] ?? {}) as Readonly<Record<string, string>>)) {
    roles.set(space as Address, role);
  }
  const organizations = [...new Set([...roles.keys()].map(organizationOf))];
  return {
    key_type: "SERVICE",
    name,
    ...(typeof description === "string" && description !== "" ? { description } : {}),
    expires_at: String(spec["expires"]),
    account_role: encodeRole(String(spec["account_role"]), idOf),
    organizations: organizations.map((organization) => ({
      org_id: idOf(organization),
      role: encodeRole(String(spec["organization_role"]), idOf),
      spaces: [...roles]
        .filter(([space]) => organizationOf(space) === organization)
        .map(([space, role]) => ({ space_id: idOf(space), role: encodeRole(role, idOf) })),
    })),
  };
}
