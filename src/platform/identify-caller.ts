import { PlatformError } from "../model/errors.ts";
import type { Caller, PlatformReader, Row } from "../model/platform.ts";
import type { Viewer } from "./ask-viewer.ts";
import { dig, textOf } from "./json-shape.ts";

/**
 * Who the key belongs to and whether it is an account admin's: GraphQL names the user, `/v2/users` tells role and status. Bots of
 * service keys may be missing there, and then GraphQL's account role decides.
 */
export async function identifyCaller(viewer: Viewer, reader: PlatformReader): Promise<Caller> {
  if (viewer.state === "unavailable") {
    return {
      userId: undefined,
      email: undefined,
      accountName: undefined,
      accountAdmin: "unknown",
      graphql: "unavailable",
    };
  }
  const { userId, email, accountName } = viewer;
  const found = await findUser(viewer, reader);
  return {
    userId: userId ?? textOf(found.user?.["id"]),
    email: email ?? textOf(found.user?.["email"]),
    accountName,
    accountAdmin: judgeAdmin(found, viewer.accountRole),
    graphql: "available",
  };
}

interface Found {
  readonly user: Row | undefined;
  /** Whether users may not be read at all, which is not what an admin is told. */
  readonly isForbidden: boolean;
}

async function findUser(
  viewer: { readonly userId: string | undefined; readonly email: string | undefined },
  reader: PlatformReader,
): Promise<Found> {
  const { userId, email } = viewer;
  try {
    return { user: await lookUp(reader, userId, email), isForbidden: false };
  } catch (error) {
    // Some servers say 404 for an empty list. A key that is not accepted at all ends the run.
    const failure = error instanceof PlatformError ? error.failure : undefined;
    if (failure !== "forbidden" && failure !== "not-found") throw error;
    return { user: undefined, isForbidden: failure === "forbidden" };
  }
}

async function lookUp(
  reader: PlatformReader,
  userId: string | undefined,
  email: string | undefined,
): Promise<Row | undefined> {
  if (email !== undefined) {
    const users = await reader.list({ path: "/v2/users", query: { email }, collection: "users" });
    // The filter finds parts of addresses too.
    const same = (user: Row): boolean => textOf(user["email"])?.toLowerCase() === email.toLowerCase();
    return users.find((user) => (userId === undefined ? same(user) : user["id"] === userId));
  }
  return userId === undefined ? undefined : reader.get(`/v2/users/${encodeURIComponent(userId)}`);
}

function judgeAdmin(found: Found, accountRole: string | undefined): Caller["accountAdmin"] {
  const byGraphql = accountRole === undefined ? "unknown" : accountRole.toLowerCase() === "admin" ? "yes" : "no";
  if (found.user === undefined) return found.isForbidden && byGraphql !== "no" ? "unknown" : byGraphql;
  const role = textOf(dig(found.user, "role", "name"));
  if (role === undefined) return byGraphql;
  const isAdmin = dig(found.user, "role", "type") === "PREDEFINED" && role === "ADMIN";
  return isAdmin && found.user["status"] === "ACTIVE" ? "yes" : "no";
}
