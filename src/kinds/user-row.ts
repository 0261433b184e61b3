// A person as the platform tells one: a row of `/v2/users`.
import { type Address, formatAddress } from "../model/address.ts";
import { PlatformError } from "../model/errors.ts";
import type { PlatformReader, Row } from "../model/platform.ts";
import type { Resource } from "../model/resource.ts";
import { decodePredefinedRole } from "./role-ref.ts";
import { optionalTextIn, textIn } from "./wire.ts";

/** The collection of people. */
export const USERS_PATH = "/v2/users";

/** The field that stands in the spec of a live person only once the invitation has expired, and is wanted empty where that calls for another. */
export const INVITATION = "invitation";

/** The address of a person. */
export function userAddress(email: string): Address<"user"> {
  return formatAddress("user", [email.toLowerCase()]);
}

/** The row of an e-mail, without regard to case; undefined where nobody has it. */
export async function findByEmail(reader: PlatformReader, email: string): Promise<Row | undefined> {
  const rows = await reader.list({ path: USERS_PATH, query: { email }, collection: "users", narrowing: ["email"] });
  return rows.find((row) => optionalTextIn(row, "email").toLowerCase() === email.toLowerCase());
}

/** Whom a row tells of. */
export function decodeUser(row: Row): Resource {
  const role = row["role"];
  const roleName = role !== null && typeof role === "object" && !Array.isArray(role) ? (role as Row)["name"] : role;
  if (typeof roleName !== "string")
    throw new PlatformError("protocol", `GET ${USERS_PATH}`, 'A person came without "role".');
  return {
    kind: "user",
    address: userAddress(textIn(row, "email", "user")),
    spec: {
      name: optionalTextIn(row, "name"),
      role: decodePredefinedRole(roleName),
      developer: row["is_developer"] === true,
      ...(isExpired(row) ? { [INVITATION]: "expired" } : {}),
    },
    facts: { status: optionalTextIn(row, "status") },
    origin: { from: "platform", remote: { id: textIn(row, "id", "user") } },
  };
}

/** Whether an invitation was not accepted in time. */
export function isExpired(row: Row): boolean {
  return optionalTextIn(row, "status") === "EXPIRED";
}
