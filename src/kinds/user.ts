// People. REST v2 `/v2/users`, baseline of August 2026. The e-mail is the identity, without regard to case, and cannot be changed;
// nor can the account role, once given. An invitation that was not accepted yet is a state, not a difference. Deleting is
// terminal: the e-mail can never be invited again.
import { type Address, formatAddress, pathPart } from "../model/address.ts";
import type { Hazard } from "../model/change.ts";
import { PlatformError } from "../model/errors.ts";
import type { DraftChange, Kind, ShownSecret, WriteContext, Written } from "../model/kind.ts";
import type { Manifest, Person } from "../model/manifest.ts";
import type { PlatformReader, Row, WriteAnswer } from "../model/platform.ts";
import { type RemoteRef, type Resource, type Spec, writtenAt } from "../model/resource.ts";
import { describeSink } from "../model/secret.ts";
import { readOwnKeys, tellKeys } from "./belongings.ts";
import { grantsOf } from "./grants-of.ts";
import { itemPath } from "./item-path.ts";
import { lookUpRow } from "./look-up-row.ts";
import { listDeclaredOrganizations } from "./organization.ts";
import { listDeclaredProjects } from "./project.ts";
import { removeById } from "./remove-by-id.ts";
import { decodePredefinedRole, encodeRole } from "./role-ref.ts";
import { setsField } from "./sets-field.ts";
import { listDeclaredSpaces } from "./space.ts";
import { tellUnseenPosts } from "./unseen-posts.ts";
import { updateNamed } from "./update-named.ts";
import { optionalTextIn, rowOf, textIn } from "./wire.ts";

const PATH = "/v2/users";
const WIRE_FIELDS = { developer: "is_developer" };
const patchUser = updateNamed(PATH, WIRE_FIELDS);

/** The address of a person. */
export function userAddress(email: string): Address<"user"> {
  return formatAddress("user", [email.toLowerCase()]);
}

/** Whether the person of an id is an account admin; false where the platform does not show the person. */
export async function isAccountAdmin(reader: PlatformReader, id: string): Promise<boolean> {
  const row = await reader.get(itemPath(PATH, id));
  return row !== undefined && decode(row).spec["role"] === "admin";
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
  read: async ({ reader }) => {
    const rows = await reader.list({ path: PATH, query: {}, collection: "users" });
    return { resources: rows.map(decode), coverage: new Map([["user", "complete"]]), notes: [] };
  },
  look: async (context) => {
    const row = await lookUpRow(PATH, context, () => findByEmail(context.reader, pathPart(context.address, 0)));
    return row === undefined ? undefined : decode(row);
  },
  readBelongings: readOwnKeys,

  create: invite,
  update: async (context) => {
    const invites = context.fields.some(({ field }) => field === INVITATION);
    return invites ? await inviteAgain(context) : await patchUser(context);
  },
  remove: removeById(PATH),
  // A person whose password nobody has is no danger, and deleting one is terminal: there is nothing to take back.
  showsSecret: ({ op, creation }) => op === "create" && creation?.[PASSWORD] !== undefined,
};

/** The field that stands in the spec of a live person only once the invitation has expired, and is wanted empty where that calls for another. */
const INVITATION = "invitation";

/** What an invitation is told of the place of its temporary password; left out where the password is thrown away. */
const PASSWORD = "password";

function declarePerson(person: Person, reinvites: boolean): Resource {
  const { email, name, role, developer, invite: mode, password, at } = person;
  const isInvitable = name !== undefined && role !== undefined && mode !== "none";
  return {
    kind: "user",
    address: userAddress(email),
    spec: {
      ...(name === undefined ? {} : { name }),
      ...(role === undefined ? {} : { role }),
      ...(developer === undefined ? {} : { developer }),
      ...(reinvites && isInvitable ? { [INVITATION]: null } : {}),
    },
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

/**
 * Invites somebody. Servers of autumn 2026 no longer take `is_developer` here, and one that finds an open invitation leaves it
 * as it is whatever was asked: both are set right afterwards, from the record that came back.
 */
async function invite(context: WriteContext): Promise<Written> {
  const email = pathPart(context.address, 0);
  const spec: Spec = context.to ?? {};
  const mode = context.creation["invite"] ?? "email_link";
  const answer = await context.writer.write({
    method: "POST",
    path: PATH,
    body: {
      name: String(spec["name"]),
      email,
      role: encodeRole(String(spec["role"]), context.idOf),
      invite_mode: mode.toUpperCase(),
    },
    settle: (reader) => findByEmail(reader, email),
  });
  const row = rowOf(answer, `POST ${PATH}`);
  const made = decode(row);
  const remote = { id: textIn(row, "id", "user") };
  const hasPlace = context.creation[PASSWORD] !== undefined;
  const isOpen = !answer.found && answer.status !== 201;
  const shown = hasPlace && !isOpen ? showPassword(answer, row) : undefined;
  const unset = await settleInvited(context, { made, remote, isUrgent: shown?.text !== undefined });
  const notes = notesOnInvitation({ made, spec, mode, isNew: answer.status === 201, hasPlace, isOpen });
  return { remote, notes: [...notes, ...unset], ...(shown === undefined ? {} : { secret: shown }) };
}

/** The temporary password of a new person, lost where the answer was. */
function showPassword(answer: WriteAnswer, row: Row): ShownSecret {
  const text = row["temporary_password"];
  return {
    text: typeof text === "string" && !answer.found ? () => text : undefined,
    remedy: `The person stays. ${RESET}`,
  };
}

/** What helps whoever has no password. */
const RESET = 'Have the person use "reset password".';

/** Sets what the invitation did not take. A refusal must not lose a password that was shown: then it is told instead. */
async function settleInvited(
  context: WriteContext,
  { made, remote, isUrgent }: { readonly made: Resource; readonly remote: RemoteRef; readonly isUrgent: boolean },
): Promise<readonly string[]> {
  try {
    await settleFields(context, made, remote);
    return [];
  } catch (cause) {
    if (!isUrgent || !(cause instanceof PlatformError)) throw cause;
    return [`Not all that the manifest gives could be set; the next plan shows it. ${cause.call}: ${cause.message}`];
  }
}

/** Sets what the platform did not take from an invitation. */
async function settleFields(context: WriteContext, made: Resource, remote: RemoteRef): Promise<void> {
  const spec = context.to ?? {};
  const fields = ["name", "developer"]
    .filter((field) => spec[field] !== undefined && spec[field] !== made.spec[field])
    .map((field) => ({ field, to: spec[field] ?? null }));
  if (fields.length > 0) await patchUser({ ...context, remote, fields });
}

/**
 * Invites somebody again whose invitation has expired, by e-mail and with the account role they have: a difference in that is
 * told and settled by hand, and no invitation may settle it unseen. The row of before is no proof that a lost call took effect.
 */
async function inviteAgain(context: WriteContext): Promise<Written> {
  const email = pathPart(context.address, 0);
  const answer = await context.writer.write({
    method: "POST",
    path: PATH,
    body: {
      name: String(context.to?.["name"]),
      email,
      role: encodeRole(String(context.from?.["role"]), context.idOf),
      invite_mode: "EMAIL_LINK",
    },
    settle: async (reader) => {
      const row = await findByEmail(reader, email);
      return row === undefined || isExpired(row) ? undefined : row;
    },
  });
  const row = rowOf(answer, `POST ${PATH}`);
  const remote = { id: textIn(row, "id", "user") };
  await settleFields(context, decode(row), remote);
  return { remote, notes: [] };
}

function isExpired(row: Row): boolean {
  return optionalTextIn(row, "status") === "EXPIRED";
}

function notesOnInvitation(invited: {
  readonly made: Resource;
  readonly spec: Spec;
  readonly mode: string;
  readonly isNew: boolean;
  readonly hasPlace: boolean;
  /** Whether the platform answered with an invitation that was there before. */
  readonly isOpen: boolean;
}): readonly string[] {
  const notes: string[] = [];
  if (invited.made.spec["role"] !== invited.spec["role"]) {
    notes.push(
      `An invitation as ${String(invited.made.spec["role"])} was open already; an account role can only be changed in the web interface.`,
    );
  }
  if (invited.hasPlace) {
    if (invited.isOpen) notes.push(`An invitation was open already, so no temporary password was shown. ${RESET}`);
  } else if (invited.mode === "temporary_password" && invited.isNew) {
    notes.push("The temporary password was not kept. Have the person ask for a password reset.");
  }
  return notes;
}

async function findByEmail(reader: PlatformReader, email: string): Promise<Row | undefined> {
  const rows = await reader.list({ path: PATH, query: { email }, collection: "users" });
  return rows.find((row) => optionalTextIn(row, "email").toLowerCase() === email.toLowerCase());
}

function decode(row: Row): Resource {
  const role = row["role"];
  const roleName = role !== null && typeof role === "object" && !Array.isArray(role) ? (role as Row)["name"] : role;
  if (typeof roleName !== "string") throw new PlatformError("protocol", `GET ${PATH}`, 'A person came without "role".');
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
