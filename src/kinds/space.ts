// Spaces. REST v2 `/v2/spaces`, baseline of August 2026. A space does not say which organization it is in: spaces are listed
// once for each organization. `is_private` came in July 2026; where a server does not send it, it is unknown.
import { type Address, formatAddress } from "../model/address.ts";
import type { Hazard } from "../model/change.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { DraftChange, Kind, ReadContext } from "../model/kind.ts";
import type { Coverage } from "../model/plan.ts";
import type { PlatformReader, Row } from "../model/platform.ts";
import { type Resource, remoteOf, type Spec } from "../model/resource.ts";
import { contentOf } from "./content-of.ts";
import { listContent } from "./list-content.ts";
import { organizationAddress } from "./organization.ts";
import { pathPart } from "./path-part.ts";
import { remotePart } from "./remote-part.ts";
import { setsField } from "./sets-field.ts";
import { updateNamed } from "./update-named.ts";
import { listWithin, optionalTextIn, rowOf, textIn } from "./wire.ts";

const PATH = "/v2/spaces";

/** The address of a space. */
export function spaceAddress(organization: string, name: string): Address<"space"> {
  return formatAddress("space", [organization, name]);
}

export const space: Kind = {
  name: "space",
  title: "space",
  parentKind: "organization",
  parentOf: organizationOf,
  attachedTo: (address) => [organizationOf(address)],
  isHeldAnywhere: false,
  refersTo: [],
  fixed: [],
  declare: (manifest) =>
    [...(manifest.organizations?.entries.values() ?? [])].flatMap((organization) =>
      [...(organization.spaces?.entries.values() ?? [])].map((declared) => ({
        resource: {
          kind: "space",
          address: spaceAddress(organization.name, declared.name),
          spec: {
            ...(declared.description === undefined ? {} : { description: declared.description }),
            ...(declared.private === undefined ? {} : { private: declared.private }),
          },
          origin: { from: "manifest", at: declared.at, group: undefined },
        },
        present: true,
        previously: declared.previously.map((name) => spaceAddress(organization.name, name)),
        expires: undefined,
      })),
    ),
  managedClasses: (manifest) =>
    [...(manifest.organizations?.entries.values() ?? [])].flatMap(({ name, spaces }) =>
      spaces === undefined ? [] : [{ key: `space@${organizationAddress(name)}`, mode: spaces.mode }],
    ),
  needs: ({ address }) => [organizationOf(address)],
  // People who stay are let in before the door is closed to the rest.
  follows: (change, { planned }) =>
    change.op === "update" && setsField(change, "private", true)
      ? contentOf(change.address, planned).filter((inside) => inside.startsWith("space-member:"))
      : [],
  isUtmost: () => false,
  whyNotCreatable: () => undefined,
  hazardsOf: judge,
  cascadeOf: (address, live) => ({ certain: contentOf(address, live), possible: [] }),
  notesOn: () => [],

  readAfter: ["organization"],
  read: async (context) => {
    const readings = await Promise.all(context.parents.map((parent) => readOrganization(context, parent)));
    return {
      resources: readings.flatMap((reading) => reading.resources),
      coverage: new Map(readings.map(({ parent, coverage }) => [`space@${parent}` as const, coverage])),
      notes: readings.flatMap(({ notes }) => notes),
    };
  },
  look: async ({ reader, address, believed, idOf, addressOf }) => {
    const parent = organizationOf(address);
    const organization = believed?.["organization"] ?? idOf(parent);
    const id = believed?.["id"];
    const row =
      id === undefined
        ? await findByName(reader, { organization, name: pathPart(address, 1) })
        : await reader.get(`${PATH}/${encodeURIComponent(id)}`);
    return row === undefined
      ? undefined
      : decode(row, { address: addressOf("organization", organization) ?? parent, id: organization });
  },

  create: async ({ writer, address, to, idOf }) => {
    const organization = idOf(organizationOf(address));
    const name = pathPart(address, 1);
    const answer = await writer.write({
      method: "POST",
      path: PATH,
      body: { name, organization_id: organization, ...encode(to ?? {}) },
      settle: (reader) => findByName(reader, { organization, name }),
    });
    return { remote: { id: textIn(rowOf(answer, `POST ${PATH}`), "id", "space"), organization }, notes: [] };
  },
  update: updateNamed(PATH, { private: "is_private" }),
  remove: ({ writer, remote }) => writer.remove(`${PATH}/${encodeURIComponent(remotePart(remote, "id"))}`),
};

function organizationOf(address: Address): Address<"organization"> {
  return organizationAddress(pathPart(address, 0));
}

function judge(change: DraftChange): readonly Hazard[] {
  if (change.op === "delete") {
    return [
      { code: "irreversible", detail: "A deleted space cannot be brought back." },
      { code: "removes-access", detail: "Everybody in it loses what it holds." },
    ];
  }
  if (change.op === "create") return [];
  if (setsField(change, "private", true)) {
    return [
      { code: "removes-access", detail: "Members of the organization who are not members of the space lose it." },
    ];
  }
  if (setsField(change, "private", false)) {
    return [{ code: "widens-access", detail: "Every member of the organization can enter the space." }];
  }
  return [];
}

interface OrganizationReading {
  readonly parent: Address | "";
  readonly resources: readonly Resource[];
  readonly coverage: Coverage;
  readonly notes: readonly Diagnostic[];
}

async function readOrganization(
  { reader, world }: ReadContext,
  parent: Address | undefined,
): Promise<OrganizationReading> {
  const id = remoteOf(parent === undefined ? undefined : world.get(parent))?.["id"];
  if (parent === undefined || id === undefined) {
    return { parent: parent ?? "", resources: [], coverage: "unreadable", notes: [] };
  }
  const request = { path: PATH, query: { org_id: id }, collection: "spaces" };
  const { rows, notes } = await listContent(reader, parent, request);
  const resources = (rows ?? []).map((row) => decode(row, { address: parent, id }));
  return { parent, resources, coverage: rows === undefined ? "unreadable" : "complete", notes };
}

async function findByName(
  reader: PlatformReader,
  wanted: { readonly organization: string; readonly name: string },
): Promise<Row | undefined> {
  const query = { org_id: wanted.organization, name: wanted.name };
  const rows = await listWithin(reader, { path: PATH, query, collection: "spaces" });
  return rows.find((row) => row["name"] === wanted.name);
}

function encode(spec: Spec): Readonly<Record<string, string | boolean>> {
  const { description, private: isPrivate } = { description: spec["description"], private: spec["private"] };
  return {
    ...(typeof description === "string" ? { description } : {}),
    ...(typeof isPrivate === "boolean" ? { is_private: isPrivate } : {}),
  };
}

function decode(row: Row, organization: { readonly address: Address; readonly id: string }): Resource {
  const isPrivate = row["is_private"];
  return {
    kind: "space",
    address: spaceAddress(pathPart(organization.address, 0), textIn(row, "name", "space")),
    spec: {
      description: optionalTextIn(row, "description"),
      ...(typeof isPrivate === "boolean" ? { private: isPrivate } : {}),
    },
    ...(typeof isPrivate === "boolean" ? {} : { unknown: ["private"] }),
    origin: { from: "platform", remote: { id: textIn(row, "id", "space"), organization: organization.id } },
  };
}
