// Membership of a space: one resource over two stores. A predefined role is a membership row, a custom role is a SPACE role
// binding; rights of both add up. Read from GraphQL `spaceUsers` and REST `/v2/role-bindings?resource_type=SPACE`, written by REST
// `/v2/spaces/{id}/users` and `/v2/role-bindings`, baseline of August 2026. Whether a switch between the stores clears the old one
// is not documented: axcess assumes that it does not, and clears it itself.
import { pathPart, pathText } from "../model/address.ts";
import type { Hazard } from "../model/change.ts";
import type { DraftChange, Kind, Worlds } from "../model/kind.ts";
import { remoteOf } from "../model/resource.ts";
import { classOfSection } from "./class-of-section.ts";
import { closingsIn } from "./closings.ts";
import { declareSections } from "./declare-grant.ts";
import { judgeGrant } from "./grant-hazards.ts";
import { grantsOf } from "./grants-of.ts";
import { livePlaces } from "./live-places.ts";
import { bindingsOf } from "./named-in.ts";
import { organizationMemberAddress, rosterFor } from "./org-membership.ts";
import { organizationOf } from "./organization.ts";
import { isPredefinedRole, nameRole } from "./role-ref.ts";
import { listDeclaredSpaces, spaceOf } from "./space.ts";
import { lookAtSpaceMember, ROLE_BINDINGS, readSpaceMemberships } from "./space-membership-reads.ts";
import { clearsOldEntry, createSpaceMember, removeSpaceMember, updateSpaceMember } from "./space-membership-writes.ts";
import { personOf } from "./user.ts";

export const spaceMembership: Kind = {
  name: "space-member",
  title: "space member",
  parentKind: "space",
  parentOf: spaceOf,
  attachedTo: (address) => [spaceOf(address), personOf(address)],
  isHeldAnywhere: false,
  refersTo: ["role", "also"],
  fixed: [],
  losses: { fields: ["also"] },
  ...declareSections("space-member", (manifest) =>
    listDeclaredSpaces(manifest).map(({ address, space }) => ({ place: address, section: space.members })),
  ),
  managedClasses: (manifest) =>
    listDeclaredSpaces(manifest).flatMap(({ address, organization, space: { members } }) => [
      ...classOfSection("space-member", address, members),
      ...rosterFor(organization.name, members),
    ]),
  // The platform refuses a member of a space who is not in the organization.
  needs: ({ address }, world) => {
    const inOrganization = organizationMemberAddress(organizationOf(address), pathPart(address, -1));
    return [spaceOf(address), personOf(address), ...(world.has(inOrganization) ? [inOrganization] : [])];
  },
  follows: () => [],
  prefers: ({ op, address }, worlds) => (op === "create" ? closingsIn(spaceOf(address), worlds) : []),
  isUtmost: ({ spec }) => spec["role"] === "admin",
  whyNotCreatable: () => undefined,
  hazardsOf: judge,
  cascadeOf: (address, live) => {
    const prefix = `binding:${pathText(spaceOf(address))}/`;
    return { certain: [], possible: grantsOf(address, live).filter((grant) => grant.startsWith(prefix)) };
  },
  notesOn: (change) =>
    change.op === "update" && switchesToCustom(change)
      ? [
          "The platform may keep the old role beside a new custom one: it is removed first, and for a moment the person has neither, but in a public space what the role in the organization gives.",
        ]
      : [],

  readAfter: ["space", "user", "role", "org-member", "service-key"],
  readEarly: (context) => context.reader.readSpaceMembers(livePlaces(context).map(({ id }) => id)),
  lists: [ROLE_BINDINGS],
  listsOf: (person) => [bindingsOf(ROLE_BINDINGS, person)],
  read: readSpaceMemberships,
  look: (context) => lookAtSpaceMember(context),

  create: createSpaceMember,
  update: updateSpaceMember,
  remove: removeSpaceMember,
};

function switchesToCustom({ before, after }: DraftChange): boolean {
  return isPredefinedRole(String(before?.spec["role"])) && !isPredefinedRole(String(after?.spec["role"]));
}

function judge(change: DraftChange, worlds: Worlds): readonly Hazard[] {
  const hazards = [...judgeGrant(change, worlds)];
  const also = change.op === "update" ? change.before?.spec["also"] : undefined;
  if (typeof also === "string")
    hazards.push({ code: "removes-access", detail: `The second role ${nameRole(also)} is taken away.` });
  // A deletion is never sent without approval, whatever the new role gives.
  if (change.op === "update" && mayDelete(change) && !hazards.some(({ code }) => code === "removes-access")) {
    hazards.push({ code: "removes-access", detail: "The entry of the old role is deleted." });
  }
  return hazards;
}

/** True for a switch between the stores, even where the old entry cannot be named, and for whatever else is cleared before it is set. */
function mayDelete({ before, after }: DraftChange): boolean {
  const role = before?.spec["role"];
  const isSwitch = typeof role === "string" && isPredefinedRole(role) !== isPredefinedRole(String(after?.spec["role"]));
  return isSwitch || clearsOldEntry({ remote: remoteOf(before), from: before?.spec, to: after?.spec });
}
