// Roles. REST v2 `/v2/roles`, baseline of August 2026. Custom roles are account-wide; there is no name filter, so a role is found
// by listing all. Predefined roles are read for their ids and contents and are never changed. Deleting one is soft; made
// again under its name it has a new id. An unset description is absent.
import { type Address, formatAddress, pathOf } from "../model/address.ts";
import type { Hazard } from "../model/change.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { JsonObject } from "../model/json.ts";
import type { DraftChange, Kind } from "../model/kind.ts";
import type { CustomRole } from "../model/manifest.ts";
import type { PlatformReader, Row } from "../model/platform.ts";
import type { Resource, Spec } from "../model/resource.ts";
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
  declare: (manifest) =>
    [...(manifest.roles?.entries.values() ?? [])].map((declared) => ({
      resource: {
        kind: "role",
        address: roleAddress(declared.name),
        spec: declaredSpec(declared),
        origin: { from: "manifest", at: declared.at, group: undefined },
      },
      present: true,
      previously: declared.previously.map(roleAddress),
      expires: undefined,
    })),
  managedClasses: (manifest) => {
    if (manifest.roles !== undefined) return [{ key: "role@", mode: manifest.roles.mode }];
    return [...(manifest.organizations?.entries.values() ?? [])].some(({ spaces }) => spaces !== undefined)
      ? [{ key: "role@", mode: "additive" }]
      : [];
  },
  needs: () => [],
  follows: () => [],
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
  look: async ({ reader, address, believed }) => {
    const id = believed?.["id"];
    const row =
      id === undefined
        ? await findByName(reader, pathOf(address)[0] ?? "")
        : await reader.get(`${PATH}/${encodeURIComponent(id)}`);
    return row === undefined ? undefined : decode(row);
  },

  create: async ({ writer, address, to }) => {
    const name = pathOf(address)[0] ?? "";
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
  remove: ({ writer, remote }) => writer.remove(`${PATH}/${encodeURIComponent(remote?.["id"] ?? "")}`),
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

/** One role for each name. A custom role named like a predefined one keeps the name; the clash is told. */
function separateNames(roles: readonly Resource[]): {
  readonly resources: readonly Resource[];
  readonly notes: readonly Diagnostic[];
} {
  const byAddress = new Map<Address, Resource>();
  const notes: Diagnostic[] = [];
  for (const role of [...roles].sort((a, b) => Number(a.builtin ?? false) - Number(b.builtin ?? false))) {
    const other = byAddress.get(role.address);
    if (other === undefined) byAddress.set(role.address, role);
    else if (other.builtin !== true) {
      notes.push({
        code: "AX310",
        severity: "warning",
        summary: "Two roles have the same name",
        detail: `The custom role ${JSON.stringify(pathOf(role.address)[0])} has the name of another role. It is meant wherever the name is written.`,
        fix: "Rename the custom role.",
      });
    }
  }
  return { resources: [...byAddress.values()], notes };
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
      permissions: asSet(Array.isArray(permissions) ? permissions.map(String) : []),
    },
    ...(row["is_predefined"] === true ? { builtin: true } : {}),
    origin: { from: "platform", remote: { id: textIn(row, "id", "role") } },
  };
}

function asSet(members: readonly string[]): Readonly<Record<string, true>> {
  return Object.fromEntries([...members].sort().map((member) => [member, true]));
}
