// People. REST v2 `/v2/users`, baseline of August 2026. The e-mail is the identity, without regard to case, and cannot be changed;
// nor can the account role, once given. An invitation that was not accepted yet is a state, not a difference. Deleting is
// terminal: the e-mail can never be invited again.
import { type Address, pathPart } from "../model/address.ts";
import type { Hazard } from "../model/change.ts";
import type { Json } from "../model/json.ts";
import type { DraftChange, Kind } from "../model/kind.ts";
import type { Manifest, Person } from "../model/manifest.ts";
import type { ListRequest, PlatformReader, Row } from "../model/platform.ts";
import { type Resource, writtenAt } from "../model/resource.ts";
import { describeSink } from "../model/secret.ts";
import { readOwnKeys, tellKeys } from "./belongings.ts";
import { grantsOf } from "./grants-of.ts";
import { invite, inviteAgain, PASSWORD, patchUser } from "./invitation.ts";
import { itemPath } from "./item-path.ts";
import { lookUpRow } from "./look-up-row.ts";
import { listDeclaredOrganizations } from "./organization.ts";
import { listDeclaredProjects } from "./project.ts";
import { removeById } from "./remove-by-id.ts";
import { setsField } from "./sets-field.ts";
import { listDeclaredSpaces } from "./space.ts";
import { tellUnseenPosts } from "./unseen-posts.ts";
import { decodeUser, findByEmail, INVITATION, USERS_PATH, userAddress } from "./user-row.ts";

/** Whether the person of an id is an account admin; false where the platform does not show the person. */
export async function isAccountAdmin(reader: PlatformReader, id: string): Promise<boolean> {
  const row = await reader.get(itemPath(USERS_PATH, id));
  return row !== undefined && decodeUser(row).spec["role"] === "admin";
}

/** The person that an address ends with, as that of a grant does. */
export function personOf(address: Address): Address<"user"> {
  return userAddress(pathPart(address, -1));
}

export const user: Kind = {
  name: "user",
  title: "person",
  parentKind: undefined,
  parentOf: () => undefined,
  attachedTo: () => [],
  isHeldAnywhere: true,
  refersTo: [],
  fixed: ["role"],
  losses: { whole: "A deleted person's e-mail can never be invited again." },
  states: ["invitation"],
  declare: (manifest) => [
    ...[...(manifest.people?.values() ?? [])].map((person) => ({
      resource: declarePerson(person, manifest.policy.reinvite === "on-expiry"),
      present: true,
      expires: undefined,
    })),
    ...manifest.offboard.map(({ value, at }) => ({
      resource: {
        kind: "user" as const,
        address: userAddress(value),
        spec: {},
        origin: writtenAt(at),
      },
      present: false,
      expires: undefined,
    })),
  ],
  managedClasses: (manifest) => (mentionsPeople(manifest) ? [{ key: "user@", mode: "additive" }] : []),
  needs: () => [],
  follows: () => [],
  prefers: () => [],
  isUtmost: () => false,
  whyNotCreatable: ({ spec }) => {
    const missing = ["name", "role"].filter((field) => spec[field] === undefined);
    return missing.length === 0
      ? undefined
      : `To invite somebody the manifest must give ${missing.join(" and ")} under "people".`;
  },
  hazardsOf: judge,
  // The platform removes every grant with the person.
  cascadeOf: (address, live) => ({ certain: grantsOf(address, live), possible: [] }),
  notesOn: ({ op, after }) => {
    if (op === "delete") {
      return [
        "The platform also disables every API key the person made for themselves. Service keys they made for machines stay alive: revoke those that the person may still know.",
      ];
    }
    const place = op === "create" ? after?.creation?.[PASSWORD] : undefined;
    return place === undefined ? [] : [`The temporary password goes to ${place}.`];
  },
  tellBelongings: (person, scene) => [...tellKeys(person, scene), ...tellUnseenPosts(person, scene)],

  readAfter: [],
  lists: [listRequest({})],
  listsFor: (people) => people.map(requestOf),
  read: async ({ reader, focus }) => {
    const rows = focus === undefined ? await reader.list(listRequest({})) : await findPeople(reader, focus.people);
    return { resources: rows.map(decodeUser), coverage: new Map([["user", "complete"]]), notes: [] };
  },
  look: async (context) => {
    const row = await lookUpRow(USERS_PATH, context, () => findByEmail(context.reader, pathPart(context.address, 0)));
    return row === undefined ? undefined : decodeUser(row);
  },
  readBelongings: readOwnKeys,

  create: invite,
  update: async (context) => {
    const invites = context.fields.some(({ field }) => field === INVITATION);
    return invites ? await inviteAgain(context) : await patchUser(context);
  },
  remove: removeById(USERS_PATH),
  // A person whose password nobody has is no danger, and deleting one is terminal: there is nothing to take back.
  showsSecret: ({ op, creation }) => op === "create" && creation?.[PASSWORD] !== undefined,
};

function requestOf(person: Address): ListRequest {
  return listRequest({ email: pathPart(person, 0) });
}

function listRequest(query: ListRequest["query"]): ListRequest {
  return { path: USERS_PATH, query, collection: "users" };
}

/** The rows of some people. The filter finds parts of e-mails too. */
async function findPeople(reader: PlatformReader, people: readonly Address[]): Promise<readonly Row[]> {
  const rows = await Promise.all(people.map((person) => reader.list(requestOf(person))));
  const byId = new Map(rows.flat().map((row) => [row["id"], row]));
  return [...byId.values()].filter((row) => people.includes(decodeUser(row).address));
}

function declarePerson(person: Person, reinvites: boolean): Resource {
  const { email, name, role, developer, invite: mode, password, at } = person;
  const isInvitable = name !== undefined && role !== undefined && mode !== "none";
  const spec: Record<string, Json> = {};
  if (name !== undefined) spec["name"] = name;
  if (role !== undefined) spec["role"] = role;
  if (developer !== undefined) spec["developer"] = developer;
  if (reinvites && isInvitable) spec[INVITATION] = null;
  return {
    kind: "user",
    address: userAddress(email),
    spec,
    creation: {
      invite: mode ?? "email_link",
      ...(password === undefined ? {} : { [PASSWORD]: describeSink(password) }),
    },
    origin: writtenAt(at),
  };
}

function mentionsPeople(manifest: Manifest): boolean {
  return (
    manifest.people !== undefined ||
    manifest.offboard.length > 0 ||
    listDeclaredOrganizations(manifest).some(({ members }) => members !== undefined) ||
    listDeclaredSpaces(manifest).some(({ space }) => space.members !== undefined) ||
    listDeclaredProjects(manifest).some(({ project }) => project.bindings !== undefined)
  );
}

function judge(change: DraftChange): readonly Hazard[] {
  if (change.op === "delete") {
    return [
      { code: "irreversible", detail: "A deleted person's e-mail can never be invited again." },
      { code: "removes-access", detail: "The person loses everything." },
    ];
  }
  if (change.op === "create" || setsField(change, INVITATION, null)) {
    return change.after?.spec["role"] === "admin"
      ? [{ code: "widens-access", detail: "An account admin can do everything." }]
      : [];
  }
  if (setsField(change, "developer", false)) {
    return [{ code: "removes-access", detail: "The person can no longer use the APIs or make keys." }];
  }
  return setsField(change, "developer", true)
    ? [{ code: "widens-access", detail: "The person may use the APIs and make keys." }]
    : [];
}
