import { findSpace, findUser } from "../lookups.ts";
import type { WantedRole } from "../memberships.ts";
import { assignSpaceRole, removeSpaceMember } from "../memberships.ts";
import type { Call, Reply, Route } from "../routing.ts";
import { readPathParameter } from "../routing.ts";

/** The two operations on space members (documented: /v2/spaces/{space_id}/users); there is no list. */
export const spaceUserRoutes: readonly Route[] = [
  {
    operation: "add_space_user",
    method: "POST",
    path: "/v2/spaces/:space_id/users",
    body: "AddSpaceUserRequest",
    run: addSpaceUser,
  },
  {
    operation: "remove_space_user",
    method: "DELETE",
    path: "/v2/spaces/:space_id/users/:user_id",
    run: removeSpaceUser,
  },
];

function addSpaceUser(call: Call): Reply {
  const body = call.body as { readonly user_id: string; readonly role: WantedRole };
  const space = findSpace(call.actor, readPathParameter(call, "space_id"));
  const user = findUser(call.actor.account, body.user_id);
  return { status: 200, body: assignSpaceRole(call.actor, space, { user, role: body.role }) };
}

function removeSpaceUser(call: Call): Reply {
  const space = findSpace(call.actor, readPathParameter(call, "space_id"));
  const user = findUser(call.actor.account, readPathParameter(call, "user_id"));
  removeSpaceMember(call.actor, space, user);
  return { status: 204 };
}
