// Service keys. REST v2 `/v2/api-keys`, baseline of August 2026: listed once for each space, made with POST, given a new secret with
// POST `/refresh`, revoked with PUT. No call reads a single one or changes one. Names may repeat. The secret comes once, in the answer;
// a refresh brings another id, and never a later end. Which roles the bot has is shown from September 2026 on.
import { type Address, addressIn, classKey, pathPart } from "../model/address.ts";
import type { Hazard } from "../model/change.ts";
import type { Declaration, DraftChange, Kind } from "../model/kind.ts";
import type { Rotation, ServiceKey } from "../model/manifest.ts";
import type { Spec } from "../model/resource.ts";
import { writtenAt } from "../model/resource.ts";
import { describeSink } from "../model/secret.ts";
import { classOfSection } from "./class-of-section.ts";
import { closingsIn } from "./closings.ts";
import { findUndeliveredKeys, lookAtKey, readKeys } from "./key-reads.ts";
import { endsLater, GRACE, putKey, renewKey, revokeKey } from "./key-writes.ts";
import { organizationOf } from "./organization.ts";
import { remotePart } from "./remote-part.ts";
import { nameRole } from "./role-ref.ts";
import { listDeclaredSpaces, spaceOf } from "./space.ts";

/** The address of a service key. */
function keyAddress(space: Address, name: string): Address<"service-key"> {
  return addressIn("service-key", space, name);
}

export const serviceKey: Kind = {
  name: "service-key",
  title: "service key",
  parentKind: "space",
  parentOf: spaceOf,
  attachedTo: (address) => [spaceOf(address)],
  isHeldAnywhere: false,
  refersTo: ["role"],
  fixed: ["description", "role", "organization_role", "account_role", "also_in"],
  losses: { given: { fields: ["expires", "rotation", "secret"], how: describeLine } },
  declare: (manifest) =>
    listDeclaredSpaces(manifest).flatMap(({ address, space }) =>
      [...(space.serviceKeys?.entries.values() ?? [])].map((key) => declareKey(address, key)),
    ),
  // Further spaces are read for their ids.
  managedClasses: (manifest) =>
    listDeclaredSpaces(manifest).flatMap(({ address, space: { serviceKeys } }) => [
      ...classOfSection("service-key", address, serviceKeys),
      ...[...(serviceKeys?.entries.values() ?? [])].flatMap(({ alsoIn }) =>
        alsoIn.map(({ space }) => ({ key: classKey("space", organizationOf(space)), mode: "additive" as const })),
      ),
    ]),
  needs: ({ address, spec }) => [
    spaceOf(address),
    ...listAlsoIn(spec).flatMap(([space, role]) => [space, ...ifRole(role)]),
  ],
  follows: () => [],
  prefers: ({ op, address, after }, worlds) => {
    if (op !== "create") return [];
    const spaces = [spaceOf(address), ...listAlsoIn(after?.spec ?? {}).map(([space]) => space)];
    return spaces.flatMap((space) => [space, organizationOf(space)]).flatMap((place) => closingsIn(place, worlds));
  },
  isUtmost: () => false,
  whyNotCreatable: ({ spec }) => (spec["role"] === undefined ? "Which role its bot had is not known." : undefined),
  hazardsOf: judge,
  cascadeOf: () => ({ certain: [], possible: [] }),
  notesOn: describeChange,

  readAfter: ["space", "role"],
  read: readKeys,
  look: lookAtKey,

  create: putKey,
  update: renewKey,
  remove: async ({ writer, remote }) => {
    await revokeKey(writer, remotePart(remote, "id"));
    return "deleted";
  },
  secrets: {
    findUndelivered: findUndeliveredKeys,
    retract: (writer, remote) => revokeKey(writer, remotePart(remote, "id")),
  },
};

function declareKey(space: Address, key: ServiceKey): Declaration {
  const { description, role, organizationRole, accountRole, alsoIn, expires, secret, rotation } = key;
  return {
    resource: {
      kind: "service-key",
      address: keyAddress(space, key.name),
      spec: {
        ...(description === undefined ? {} : { description }),
        role,
        organization_role: organizationRole,
        account_role: accountRole,
        ...(alsoIn.length === 0 ? {} : { also_in: Object.fromEntries(alsoIn.map((also) => [also.space, also.role])) }),
        expires,
        secret: describeSink(secret),
      },
      origin: writtenAt(key.at),
      renewal: { [GRACE]: String(rotation?.graceSeconds ?? DEFAULT_GRACE_SECONDS) },
    },
    present: true,
    expires,
    ...(rotation === undefined ? {} : { rotatesFrom: startOfRotation(expires, rotation) }),
  };
}

/** How long an old secret counts where the manifest does not say. */
const DEFAULT_GRACE_SECONDS = 3600;

/** The first moment, UTC, of the day on which the rotation is due: so a plan says the same all day. */
function startOfRotation(expires: string, { secondsBeforeExpiry }: Rotation): string {
  const due = new Date(Date.parse(expires) - secondsBeforeExpiry * 1000);
  return `${due.toISOString().slice(0, 10)}T00:00:00Z`;
}

function listAlsoIn({ also_in: alsoIn }: Spec): readonly (readonly [Address, string])[] {
  return Object.entries((alsoIn ?? {}) as Readonly<Record<string, string>>) as [Address, string][];
}

function ifRole(role: string): readonly Address[] {
  return role.startsWith("role:") ? [role as Address] : [];
}

function judge({ op, after, before, wanted = after, fields }: DraftChange): readonly Hazard[] {
  if (op === "create") return judgeCreation(after?.spec ?? {});
  if (op === "delete") {
    return [
      { code: "irreversible", detail: "A revoked key cannot be brought back." },
      { code: "removes-access", detail: "Whatever uses the key loses access at once." },
    ];
  }
  const end = fields.find(({ field }) => field === "expires");
  if (end !== undefined) {
    // Another key is made, with what the manifest gives now: it is judged as one.
    return endsLater(end)
      ? judgeCreation(wanted?.spec ?? {})
      : [{ code: "removes-access", detail: `The key ends at ${String(end.to)}, earlier than before.` }];
  }
  return before !== undefined && after?.renewal?.[GRACE] === "0"
    ? [{ code: "interrupts", detail: "Whatever uses the old secret loses access at once." }]
    : [];
}

function judgeCreation(spec: Spec): readonly Hazard[] {
  const places = ["account", "organization"].filter((place) => spec[`${place}_role`] === "admin");
  const roles = [spec["role"], ...listAlsoIn(spec).map(([, role]) => role)];
  if (roles.includes("admin")) places.push("space");
  return [
    { code: "widens-access", detail: "A bot gets access." },
    ...(places.length === 0
      ? []
      : [{ code: "gains-admin" as const, detail: `The key's bot becomes an admin: ${places.join(", ")}.` }]),
  ];
}

function describeChange({ op, address, before, after, wanted = after, fields }: DraftChange): readonly string[] {
  if (op === "delete") {
    const used = before?.facts?.["last_used"];
    return [
      typeof used === "string" ? `It was last used at ${used}.` : "The platform tells no use of it.",
      "Its bot may stay a member where it is, without a key.",
    ];
  }
  const secret = `Its secret goes to ${String(after?.spec["secret"])}.`;
  if (op === "create") return [describeBot(address, after?.spec ?? {}), secret];
  const end = fields.find(({ field }) => field === "expires");
  if (end !== undefined && endsLater(end)) {
    return [
      `No new secret may outlive the key it replaces, so another key is made, with another bot; the one that is there goes on until ${String(end.from)}.`,
      describeBot(address, wanted?.spec ?? {}),
      secret,
    ];
  }
  const due = fields.find(({ field }) => field === "rotation");
  return [
    ...(due === undefined
      ? []
      : [`By the clock: due since ${String(due.to)}; it ends at ${String(after?.spec["expires"])}.`]),
    `The old secret counts for another ${Number(after?.renewal?.[GRACE])} seconds.`,
    secret,
  ];
}

/** What is to be written, so that another key can be made where one was revoked. */
function describeLine(address: Address, { role }: Spec): string {
  const [name, word] = [pathPart(address, 2), role ?? "member"].map((each) => JSON.stringify(each));
  return `A revoked key does not come back. Another one is made in its place only where the manifest says until when, and where its secret goes: write ${name}: { role: ${word}, expires: DATE, secret: { to: file, path: PATH } } under service_keys of ${spaceOf(address)}, and undo again.`;
}

function describeBot(address: Address, spec: Spec): string {
  const spaces: readonly (readonly [Address, string])[] = [
    [spaceOf(address), String(spec["role"])],
    ...listAlsoIn(spec),
  ];
  const inSpaces = spaces.map(([space, role]) => `${nameRole(role)} in ${space}`).join(", ");
  return `Its bot will be ${inSpaces}, ${String(spec["organization_role"])} in the organization, ${String(spec["account_role"])} of the account.`;
}
