// Spaces. REST v2 `/v2/spaces`, baseline of August 2026. A space does not say which organization it is in: spaces are listed
// once for each organization. `is_private` came in July 2026; where a server does not send it, it is unknown.
import { type Address, addressAbove, addressIn, classKey, formatAddress, pathPart } from "../model/address.ts";
import type { Hazard } from "../model/change.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { DraftChange, Kind, KindReading } from "../model/kind.ts";
import type { Manifest, Organization, Space } from "../model/manifest.ts";
import type { Coverage } from "../model/plan.ts";
import type { PlatformReader, Row, WantedSpace } from "../model/platform.ts";
import { type Resource, type Spec, writtenAt } from "../model/resource.ts";
import { classOfSection } from "./class-of-section.ts";
import { contentOf } from "./content-of.ts";
import { listContent } from "./list-content.ts";
import { type LivePlace, livePlaces } from "./live-places.ts";
import { lookUpRow } from "./look-up-row.ts";
import { namedIn } from "./named-in.ts";
import { listDeclaredOrganizations, organizationAddress, organizationOf } from "./organization.ts";
import { removeById } from "./remove-by-id.ts";
import { setsField } from "./sets-field.ts";
import { updateNamed } from "./update-named.ts";
import { listWithin, optionalTextIn, rowOf, textIn } from "./wire.ts";

const PATH = "/v2/spaces";

/** The address of a space. */
export function spaceAddress(organization: string, name: string): Address<"space"> {
  return formatAddress("space", [organization, name]);
}

/** The space that an address is in. */
export function spaceOf(address: Address): Address<"space"> {
  return addressAbove("space", address, 2);
}

/** A space that the manifest writes. */
export interface DeclaredSpace {
  readonly address: Address<"space">;
  readonly organization: Organization;
  readonly space: Space;
}

/** The spaces that the manifest writes, in its order. */
export function listDeclaredSpaces(manifest: Manifest): readonly DeclaredSpace[] {
  return listDeclaredOrganizations(manifest).flatMap((organization) =>
    [...(organization.spaces?.entries.values() ?? [])].map((written) => ({
      address: spaceAddress(organization.name, written.name),
      organization,
      space: written,
    })),
  );
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
  usedBy: ["saml-provider", "saml-mapping"],
  losses: { whole: "What was in a deleted space is gone for good." },
  declare: (manifest) =>
    listDeclaredSpaces(manifest).map(({ address, organization, space: declared }) => ({
      resource: {
        kind: "space",
        address,
        spec: {
          ...(declared.description === undefined ? {} : { description: declared.description }),
          ...(declared.private === undefined ? {} : { private: declared.private }),
        },
        origin: writtenAt(declared.at),
      },
      present: true,
      previously: declared.previously.map((name) => spaceAddress(organization.name, name)),
      expires: undefined,
    })),
  managedClasses: (manifest) =>
    listDeclaredOrganizations(manifest).flatMap(({ name, spaces }) =>
      classOfSection("space", organizationAddress(name), spaces),
    ),
  needs: ({ address }) => [organizationOf(address)],
  follows: () => [],
  // People who stay are let in before the door is closed to the rest.
  prefers: (change, { planned }) =>
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
    const named = namedIn(context.focus, "space");
    if (named !== undefined) return readNamed(context.reader, livePlaces(context), named);
    const readings = await Promise.all(livePlaces(context).map((place) => readOrganization(context.reader, place)));
    return {
      resources: readings.flatMap(({ resources }) => resources),
      coverage: new Map(readings.map(({ place, coverage }) => [classKey("space", place.address), coverage])),
      notes: readings.flatMap(({ notes }) => notes),
    };
  },
  look: async (context) => {
    const { reader, address, believed, idOf, addressOf } = context;
    const parent = organizationOf(address);
    const organization = believed?.["organization"] ?? idOf(parent);
    const name = pathPart(address, 1);
    const row = await lookUpRow(PATH, context, () => findByName(reader, { organization, name }));
    return row === undefined
      ? undefined
      : decode(row, { address: addressOf("organization", organization) ?? parent, id: organization });
  },

  refusesDuplicates: true,
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
  remove: removeById(PATH),
};

function judge(change: DraftChange): readonly Hazard[] {
  if (change.op === "delete") {
    return [
      { code: "irreversible", detail: "A deleted space cannot be brought back." },
      { code: "removes-access", detail: "Everybody in it loses what it holds." },
    ];
  }
  if (change.op === "create") return [];
  if (setsField(change, "private", false)) {
    return [{ code: "widens-access", detail: "Every member of the organization can enter the space." }];
  }
  return [];
}

interface OrganizationReading {
  readonly place: LivePlace;
  readonly resources: readonly Resource[];
  readonly coverage: Coverage;
  readonly notes: readonly Diagnostic[];
}

async function readOrganization(reader: PlatformReader, place: LivePlace): Promise<OrganizationReading> {
  const request = { path: PATH, query: { org_id: place.id }, collection: "spaces" };
  const { rows, notes } = await listContent(reader, place.address, request);
  const resources = (rows ?? []).map((row) => decode(row, place));
  return { place, resources, coverage: rows === undefined ? "unreadable" : "complete", notes };
}

/** Finds some spaces by their names: most in one query, and what that does not find, by a call each, which has the last word. */
async function readNamed(
  reader: PlatformReader,
  organizations: readonly LivePlace[],
  named: readonly Address[],
): Promise<KindReading> {
  const places = named.flatMap((address) => {
    const place = organizations.find((each) => each.address === organizationOf(address));
    return place === undefined ? [] : [{ place, wanted: { organization: place.id, name: pathPart(address, 1) } }];
  });
  const found = await reader.findSpaces(places.map(({ wanted }) => wanted));
  const resources = await Promise.all(
    places.map(async ({ place, wanted }) => {
      const row = found.get(wanted);
      return (row === undefined ? await listByName(reader, wanted) : [row]).map((each) => decode(each, place));
    }),
  );
  const classes = organizations.map(({ address }) => classKey("space", address));
  return {
    resources: resources.flat(),
    coverage: new Map(classes.map((key) => [key, "complete"])),
    loose: classes,
    notes: [],
  };
}

async function findByName(reader: PlatformReader, wanted: WantedSpace): Promise<Row | undefined> {
  return (await listByName(reader, wanted))[0];
}

/** Mostly one, or none. The filter is a substring without regard to case: only an exact name counts. */
async function listByName(reader: PlatformReader, { organization, name }: WantedSpace): Promise<readonly Row[]> {
  const rows = await listWithin(reader, { path: PATH, query: { org_id: organization, name }, collection: "spaces" });
  return rows.filter((row) => row["name"] === name);
}

function encode(spec: Spec): Readonly<Record<string, string | boolean>> {
  const { description, private: isPrivate } = { description: spec["description"], private: spec["private"] };
  return {
    ...(typeof description === "string" ? { description } : {}),
    ...(typeof isPrivate === "boolean" ? { is_private: isPrivate } : {}),
  };
}

function decode(row: Row, organization: LivePlace): Resource {
  const isPrivate = row["is_private"];
  return {
    kind: "space",
    address: addressIn("space", organization.address, textIn(row, "name", "space")),
    spec: {
      description: optionalTextIn(row, "description"),
      ...(typeof isPrivate === "boolean" ? { private: isPrivate } : {}),
    },
    ...(typeof isPrivate === "boolean" ? {} : { unknown: ["private"] }),
    origin: { from: "platform", remote: { id: textIn(row, "id", "space"), organization: organization.id } },
  };
}
