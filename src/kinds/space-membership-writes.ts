import type { Address } from "../model/address.ts";
import type { WriteContext, Written } from "../model/kind.ts";
import type { RemoteRef, Spec } from "../model/resource.ts";
import { itemPath } from "./item-path.ts";
import { remotePart } from "./remote-part.ts";
import { encodeRole, isPredefinedRole } from "./role-ref.ts";
import { spaceOf } from "./space.ts";
import { personOf } from "./user.ts";

const BINDINGS = "/v2/role-bindings";

/** Adds a person to a space by the membership call, which takes predefined and custom roles alike. */
export async function createSpaceMember(context: WriteContext): Promise<Written> {
  const { address, idOf } = context;
  const remote = { space: idOf(spaceOf(address)), user: idOf(personOf(address)) };
  await put(context, remote);
  return { remote, notes: [] };
}

/**
 * Changes a person's role in a space so that nothing of the old one is left. Custom to custom is one PATCH of the binding. From
 * predefined to custom the old entry goes first, since nobody can see whether it stayed behind. From custom to predefined the
 * new row is made first: both together never hold more than before and after.
 */
export async function updateSpaceMember(context: WriteContext): Promise<Written> {
  const { writer, from, to, idOf } = context;
  const remote = context.remote ?? {};
  const binding = remote["binding"];
  const wantsPredefined = isPredefinedRole(String(to?.["role"]));
  if (!wantsPredefined && binding !== undefined && !clearsOldEntry({ remote, from, to })) {
    const body = { role_id: idOf(to?.["role"] as Address) };
    await writer.write({ method: "PATCH", path: itemPath(BINDINGS, binding), body, settle: "repeat" });
    return { remote, notes: [] };
  }
  if (!wantsPredefined) await writer.remove(memberPath(remote));
  await put(context, remote);
  if (wantsPredefined && binding !== undefined) await writer.remove(itemPath(BINDINGS, binding));
  const { binding: _, ...rest } = remote;
  return { remote: rest, notes: [] };
}

/**
 * True when changing a role in a space sends a deletion: whoever plans it has to hold it. Only a custom role whose binding is
 * known is changed in place, and only a predefined role with no binding beside it is overwritten.
 */
export function clearsOldEntry(change: {
  readonly remote: RemoteRef | undefined;
  readonly from: Spec | undefined;
  readonly to: Spec | undefined;
}): boolean {
  const hasBinding = change.remote?.["binding"] !== undefined;
  if (isPredefinedRole(String(change.to?.["role"]))) return hasBinding;
  return !hasBinding || typeof change.from?.["also"] === "string";
}

/** Removes a person from a space: the platform drops the membership row and every role binding on the space. */
export function removeSpaceMember({ writer, remote }: WriteContext): Promise<"deleted" | "absent"> {
  return writer.remove(memberPath(remote ?? {}));
}

async function put({ writer, to, idOf }: WriteContext, remote: RemoteRef): Promise<void> {
  await writer.write({
    method: "POST",
    path: membersPath(remote),
    body: { user_id: remotePart(remote, "user"), role: encodeRole(String(to?.["role"]), idOf) },
    settle: "repeat",
  });
}

function memberPath(remote: RemoteRef): string {
  return itemPath(membersPath(remote), remotePart(remote, "user"));
}

function membersPath(remote: RemoteRef): string {
  return `${itemPath("/v2/spaces", remotePart(remote, "space"))}/users`;
}
