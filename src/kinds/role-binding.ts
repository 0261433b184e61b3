// Role bindings on projects. REST v2 `/v2/role-bindings?resource_type=PROJECT`, baseline of August 2026. One for each person and
// project: a second is refused with 409 whatever its role, so the role is a field and changing it is a PATCH.
import { type Address, addressIn, classKey, pathPart } from "../model/address.ts";
import { PlatformError } from "../model/errors.ts";
import type { Kind, WriteContext, Written } from "../model/kind.ts";
import type { ListRequest, PlatformReader, Row } from "../model/platform.ts";
import type { Resource, Spec, World } from "../model/resource.ts";
import { classOfSection } from "./class-of-section.ts";
import { closingOf } from "./closings.ts";
import { declareSections } from "./declare-grant.ts";
import { emailOfName, gatherGrants, makeNames } from "./gather-grants.ts";
import { judgeGrant } from "./grant-hazards.ts";
import { itemPath } from "./item-path.ts";
import { bindingsOf, findStrays, listBindings } from "./named-in.ts";
import { findForeignMembers, organizationMemberAddress, rosterFor } from "./org-membership.ts";
import { organizationOf } from "./organization.ts";
import { identifyPerson } from "./person-of-row.ts";
import { listDeclaredProjects, projectOf } from "./project.ts";
import { remotePart } from "./remote-part.ts";
import { removeById } from "./remove-by-id.ts";
import { restrictionAddress } from "./restriction-address.ts";
import { unlistedRole } from "./role-ref.ts";
import { spaceOf } from "./space.ts";
import { spaceMemberAddress } from "./space-member-address.ts";
import { personOf } from "./user.ts";
import { BINDING_FIELDS, listWithin, rowOf, textIn } from "./wire.ts";

const PATH = "/v2/role-bindings";

/** The address of a person's role on a project. */
function bindingAddress(project: Address, email: string): Address<"binding"> {
  return addressIn("binding", project, email.toLowerCase());
}

export const roleBinding: Kind = {
  name: "binding",
  title: "project role binding",
  parentKind: "project",
  parentOf: projectOf,
  attachedTo: (address) => [projectOf(address), personOf(address)],
  isHeldAnywhere: false,
  refersTo: ["role"],
  fixed: [],
  ...declareSections("binding", (manifest) =>
    listDeclaredProjects(manifest).map(({ address, project }) => ({ place: address, section: project.bindings })),
  ),
  managedClasses: (manifest) =>
    listDeclaredProjects(manifest).flatMap(({ address, organization, project: { bindings } }) => [
      ...classOfSection("binding", address, bindings),
      ...rosterFor(organization.name, bindings),
    ]),
  needs: ({ address }, world) => [projectOf(address), personOf(address), ...membershipsOf(address, world)],
  follows: () => [],
  // The restriction is lifted before the binding goes, or set before it goes: never a moment without either.
  prefers: ({ op, address }, worlds) => {
    if (op === "delete") return [restrictionAddress(projectOf(address))];
    return op === "create" ? closingOf(projectOf(address), worlds) : [];
  },
  isUtmost: () => false,
  whyNotCreatable: () => undefined,
  hazardsOf: judgeGrant,
  cascadeOf: () => ({ certain: [], possible: [] }),
  notesOn: () => [],

  readAfter: ["project", "user", "role", "org-member"],
  lists: [listRequest({})],
  listsOf: (person) => [bindingsOf(listRequest({}), person)],
  read: async (context) => {
    const { world, parents, byId } = context;
    const wanted = new Set(parents);
    const rows = await listBindings(context, listRequest({}));
    const nameOf = makeNames((id) => byId("user", id));
    const isForeign = findForeignMembers(world);
    const rowsOf = new Map<Address, Row[]>();
    for (const row of rows) {
      for (const field of BINDING_FIELDS) textIn(row, field, "binding");
      const project = byId("project", textIn(row, "resource_id", "binding"));
      if (project === undefined || !wanted.has(project)) continue;
      const others = rowsOf.get(project);
      if (others === undefined) rowsOf.set(project, [row]);
      else others.push(row);
    }
    const gathered = [...rowsOf].map(([project, own]) => {
      const names = { project, personOf: (id: string) => byId("user", id), roleOf: (id: string) => byId("role", id) };
      const make = (row: Row): Resource => decode(row, names);
      const ordinary: (readonly [string, Row])[] = [];
      const others: Resource[] = [];
      for (const row of own) {
        const name = nameOf(textIn(row, "user_id", "binding"));
        // Of somebody known, and not a bot, nothing but the role is to be said.
        if (name === undefined) others.push(make(row));
        else if (isForeign(project, emailOfName(name))) others.push({ ...make(row), builtin: true });
        else ordinary.push([name, row]);
      }
      const specOf = (row: Row): Spec => decodeRole(row, names.roleOf);
      return gatherGrants({ kind: "binding", place: project, make, specOf }, ordinary, others);
    });
    const resources = gathered.flatMap((each) => each.resources);
    const classes = gathered.flatMap((each) => each.classes);
    const coverage = new Map(parents.map((parent) => [classKey("binding", parent), "complete" as const]));
    return { resources, classes, coverage, ...findStrays(context, "project", rows), notes: [] };
  },
  look: async ({ reader, address, believed, idOf, addressOf }) => {
    const project = believed?.["project"] ?? idOf(projectOf(address));
    const person = believed?.["user"] ?? idOf(personOf(address));
    const row = await findBinding(reader, { project, person });
    return row === undefined
      ? undefined
      : decode(row, {
          project: addressOf("project", project) ?? projectOf(address),
          personOf: () => personOf(address),
          roleOf: (id) => addressOf("role", id),
        });
  },

  refusesDuplicates: true,
  create,
  update: async ({ writer, remote, to, idOf }) => {
    const path = itemPath(PATH, remotePart(remote, "id"));
    await writer.write({ method: "PATCH", path, body: { role_id: idOf(to?.["role"] as Address) }, settle: "repeat" });
    return { remote: remote ?? {}, notes: [] };
  },
  remove: removeById(PATH),
};

/** Memberships that the binding rests on, as far as that world has them. */
function membershipsOf(address: Address, world: World): readonly Address[] {
  const email = pathPart(address, -1);
  return [
    organizationMemberAddress(organizationOf(address), email),
    spaceMemberAddress(spaceOf(address), email),
  ].filter((membership) => world.has(membership));
}

async function create({ writer, address, to, idOf }: WriteContext): Promise<Written> {
  const project = idOf(projectOf(address));
  const person = idOf(personOf(address));
  const role = idOf(to?.["role"] as Address);
  const answer = await writer.write({
    method: "POST",
    path: PATH,
    body: { role_id: role, user_id: person, resource_type: "PROJECT", resource_id: project },
    settle: (reader) => findBinding(reader, { project, person }),
  });
  const row = rowOf(answer, `POST ${PATH}`);
  if (answer.found && row["role_id"] !== role) {
    throw new PlatformError(
      "conflict",
      `POST ${PATH}`,
      "Somebody else gave the person another role on the project just now.",
    );
  }
  return { remote: { id: textIn(row, "id", "binding"), project, user: person }, notes: [] };
}

function listRequest(filter: Readonly<Record<string, string>>): ListRequest {
  return {
    path: PATH,
    query: { resource_type: "PROJECT", ...filter },
    collection: "role_bindings",
    fields: BINDING_FIELDS,
  };
}

async function findBinding(
  reader: PlatformReader,
  wanted: { readonly project: string; readonly person: string },
): Promise<Row | undefined> {
  const rows = await listWithin(reader, { ...listRequest({ user_id: wanted.person }), narrowing: ["user_id"] });
  return rows.find((row) => row["resource_id"] === wanted.project && row["user_id"] === wanted.person);
}

function decode(
  row: Row,
  names: {
    readonly project: Address;
    readonly personOf: (id: string) => Address | undefined;
    readonly roleOf: (id: string) => Address | undefined;
  },
): Resource {
  const userId = textIn(row, "user_id", "binding");
  const person = identifyPerson({ userId }, names.personOf);
  const found: Resource = {
    kind: "binding",
    address: bindingAddress(names.project, person.email),
    spec: decodeRole(row, names.roleOf),
    origin: {
      from: "platform",
      remote: { id: textIn(row, "id", "binding"), project: textIn(row, "resource_id", "binding"), user: userId },
    },
  };
  return person.isOurs ? found : { ...found, builtin: true };
}

function decodeRole(row: Row, roleOf: (id: string) => Address | undefined): Spec {
  const role = textIn(row, "role_id", "binding");
  return { role: roleOf(role) ?? unlistedRole(role) };
}
