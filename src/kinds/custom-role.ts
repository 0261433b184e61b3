// Roles. REST v2 `/v2/roles`, baseline of August 2026. Custom roles are account-wide; there is no name filter, so a role is found
// by listing all. Predefined roles are read for their ids and contents and are never changed. Deleting one is soft; made
// again under its name it has a new id. An unset description is absent.
import { type Address, formatAddress, pathPart } from "../model/address.ts";
import type { Hazard } from "../model/change.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import { type JsonObject, spellJson } from "../model/json.ts";
import type { DraftChange, Kind } from "../model/kind.ts";
import type { CustomRole } from "../model/manifest.ts";
import type { PlatformReader, Row } from "../model/platform.ts";
import { type Resource, remoteOf, type Spec, writtenAt } from "../model/resource.ts";
import { lookUpRow } from "./look-up-row.ts";
import { listDeclaredOrganizations } from "./organization.ts";
import { removeById } from "./remove-by-id.ts";
import { unlistedRole } from "./role-ref.ts";
import { updateNamed } from "./update-named.ts";
import { optionalTextIn, rowOf, textIn } from "./wire.ts";

const PATH = "/v2/roles";

/** The address of a role, custom or predefined, by its exact name. */
export function roleAddress(name: string): Address<"role"> {
  return formatAddress("role", [name]);
}

const patchRole = updateNamed(PATH);

export const customRole: Kind = {
  name: "role",
  title: "custom role",
  parentKind: undefined,
  parentOf: () => undefined,
  attachedTo: () => [],
  isHeldAnywhere: false,
  refersTo: [],
  fixed: [],
  usedBy: ["saml-provider", "saml-mapping"],
  losses: { part: "The role made again has another id of the platform." },
  declare: (manifest) =>
    [...(manifest.roles?.entries.values() ?? [])].map((declared) => ({
      resource: {
        kind: "role",
        address: roleAddress(declared.name),
        spec: declaredSpec(declared),
        origin: writtenAt(declared.at),
      },
      present: true,
      previously: declared.previously.map(roleAddress),
      expires: undefined,
    })),
  managedClasses: (manifest) => {
    if (manifest.roles !== undefined) return [{ key: "role@", mode: manifest.roles.mode }];
    return listDeclaredOrganizations(manifest).some(({ spaces }) => spaces !== undefined)
      ? [{ key: "role@", mode: "additive" }]
      : [];
  },
  needs: () => [],
  follows: () => [],
  prefers: () => [],
  isUtmost: () => false,
  whyNotCreatable: ({ spec }) =>
    spec["permissions"] === undefined
      ? "The manifest gives it no permissions, which means that it must exist already."
      : undefined,
  hazardsOf: judge,
  cascadeOf: () => ({ certain: [], possible: [] }),
  notesOn: () => [],

  readAfter: [],
  read: async ({ reader }) => {
    const rows = await reader.list({ path: PATH, query: {}, collection: "roles" });
    const { resources, notes } = separateNames(rows.map(decode));
    return { resources, coverage: new Map([["role", "complete"]]), notes };
  },
  look: async (context) => {
    const row = await lookUpRow(PATH, context, () => findByName(context.reader, pathPart(context.address, 0)));
    return row === undefined ? undefined : decode(row);
  },

  refusesDuplicates: true,
  create: async ({ writer, address, to }) => {
    const name = pathPart(address, 0);
    const answer = await writer.write({
      method: "POST",
      path: PATH,
      body: { name, ...encode(to ?? {}) },
      settle: (reader) => findByName(reader, name),
    });
    return { remote: { id: textIn(rowOf(answer, `POST ${PATH}`), "id", "role") }, notes: [] };
  },
  update: (context) =>
    patchRole({
      ...context,
      fields: context.fields.map((change) =>
        change.field === "permissions"
          ? { ...change, to: Object.keys((change.to ?? {}) as JsonObject).sort() }
          : change,
      ),
    }),
  remove: removeById(PATH),
};

function declaredSpec({ description, permissions }: CustomRole): Spec {
  return {
    ...(description === undefined ? {} : { description }),
    ...(permissions === undefined ? {} : { permissions: asSet(permissions) }),
  };
}

function judge(change: DraftChange): readonly Hazard[] {
  if (change.op === "create") return [];
  if (change.op === "delete") {
    return [{ code: "irreversible", detail: "Made again under the same name it is another role, with another id." }];
  }
  const changed = change.fields.find(({ field }) => field === "permissions");
  if (changed === undefined) return [];
  const before = Object.keys((changed.from ?? {}) as JsonObject);
  const after = Object.keys((changed.to ?? {}) as JsonObject);
  const lost = before.filter((permission) => !after.includes(permission));
  const gained = after.filter((permission) => !before.includes(permission));
  const hazards: Hazard[] = [];
  if (lost.length > 0)
    hazards.push({ code: "removes-access", detail: `Everybody who holds it loses ${lost.sort().join(", ")}.` });
  if (gained.length > 0)
    hazards.push({ code: "widens-access", detail: `Everybody who holds it gets ${gained.sort().join(", ")}.` });
  return hazards;
}

/**
 * A custom role keeps its name beside a predefined one; the clash is told. Predefined roles that share a name with another role
 * stand under their ids, so that a name never means a role it was not written for. Custom roles alike are left as they are: who
 * observes them tells of it.
 */
function separateNames(roles: readonly Resource[]): {
  readonly resources: readonly Resource[];
  readonly notes: readonly Diagnostic[];
} {
  const bearers = new Map<Address, readonly Resource[]>();
  for (const role of roles) bearers.set(role.address, [...(bearers.get(role.address) ?? []), role]);
  const resources: Resource[] = [];
  const notes: Diagnostic[] = [];
  for (const [address, sharing] of bearers) {
    const custom = sharing.filter(({ builtin }) => builtin !== true);
    const predefined = sharing.filter(({ builtin }) => builtin === true);
    if (custom.length > 0 && predefined.length > 0) notes.push(describeClash(address));
    const isOnly = sharing.length === 1;
    for (const role of [...custom, ...(isOnly ? predefined : predefined.map(standUnderId))]) resources.push(role);
  }
  return { resources, notes };
}

function standUnderId(role: Resource): Resource {
  return { ...role, address: unlistedRole(remoteOf(role)?.["id"] ?? "") };
}

function describeClash(address: Address): Diagnostic {
  return {
    code: "AX310",
    severity: "warning",
    summary: "Two roles have the same name",
    detail: `The custom role ${JSON.stringify(pathPart(address, 0))} has the name of a predefined role. The custom one is meant wherever the name is written.`,
    fix: "Rename the custom role.",
  };
}

async function findByName(reader: PlatformReader, name: string): Promise<Row | undefined> {
  const rows = await reader.list({ path: PATH, query: {}, collection: "roles" });
  return rows.find((row) => row["name"] === name && row["is_predefined"] !== true);
}

function encode(spec: Spec): JsonObject {
  const description = spec["description"];
  const permissions = Object.keys((spec["permissions"] ?? {}) as JsonObject).sort();
  return { ...(typeof description === "string" && description !== "" ? { description } : {}), permissions };
}

function decode(row: Row): Resource {
  const permissions = row["permissions"];
  return {
    kind: "role",
    address: roleAddress(textIn(row, "name", "role")),
    spec: {
      description: optionalTextIn(row, "description"),
      permissions: asSet(Array.isArray(permissions) ? permissions.map(spellJson) : []),
    },
    ...(row["is_predefined"] === true ? { builtin: true } : {}),
    origin: { from: "platform", remote: { id: textIn(row, "id", "role") } },
  };
}

function asSet(members: readonly string[]): Readonly<Record<string, true>> {
  return Object.fromEntries([...members].sort().map((member) => [member, true]));
}
