// Organizations. REST v2 `/v2/organizations`, baseline of August 2026. Names are unique in the account. Deleting one takes every
// space in it along and cannot be undone. An unset description reads as "".
import { type Address, addressAbove, formatAddress, pathPart } from "../model/address.ts";
import type { Kind } from "../model/kind.ts";
import type { Manifest, Organization } from "../model/manifest.ts";
import type { ListRequest, PlatformReader, Row } from "../model/platform.ts";
import { type Resource, writtenAt } from "../model/resource.ts";
import { classOfSection } from "./class-of-section.ts";
import { contentOf } from "./content-of.ts";
import { lookUpRow } from "./look-up-row.ts";
import { namedIn } from "./named-in.ts";
import { removeById } from "./remove-by-id.ts";
import { updateNamed } from "./update-named.ts";
import { optionalTextIn, rowOf, textIn } from "./wire.ts";

const PATH = "/v2/organizations";

/** The address of an organization. */
export function organizationAddress(name: string): Address<"organization"> {
  return formatAddress("organization", [name]);
}

/** The organization that an address is in. */
export function organizationOf(address: Address): Address<"organization"> {
  return addressAbove("organization", address, 1);
}

/** The organizations that the manifest writes, in its order. */
export function listDeclaredOrganizations({ organizations }: Manifest): readonly Organization[] {
  return [...(organizations?.entries.values() ?? [])];
}

export const organization: Kind = {
  name: "organization",
  title: "organization",
  parentKind: undefined,
  parentOf: () => undefined,
  attachedTo: () => [],
  isHeldAnywhere: false,
  refersTo: [],
  fixed: [],
  usedBy: ["saml-provider", "saml-mapping"],
  losses: { whole: "What was in a deleted organization is gone for good." },
  declare: (manifest) =>
    listDeclaredOrganizations(manifest).map((declared) => ({
      resource: {
        kind: "organization",
        address: organizationAddress(declared.name),
        spec: declared.description === undefined ? {} : { description: declared.description },
        origin: writtenAt(declared.at),
      },
      present: true,
      previously: declared.previously.map(organizationAddress),
      expires: undefined,
    })),
  managedClasses: ({ organizations }) => classOfSection("organization", undefined, organizations),
  needs: () => [],
  follows: () => [],
  prefers: () => [],
  isUtmost: () => false,
  whyNotCreatable: () => undefined,
  hazardsOf: (change) =>
    change.op === "delete"
      ? [
          { code: "irreversible", detail: "A deleted organization cannot be brought back." },
          { code: "removes-access", detail: "Everybody in it loses what it holds." },
        ]
      : [],
  cascadeOf: (address, live) => ({ certain: contentOf(address, live), possible: [] }),
  notesOn: () => [],

  readAfter: [],
  lists: [listRequest({})],
  read: async ({ reader, focus }) => {
    const named = namedIn(focus, "organization");
    // One is found by its name; several take a call each, and the whole list mostly takes one.
    const [only, ...others] = named ?? [];
    const rows = await reader.list(only === undefined || others.length > 0 ? listRequest({}) : requestOf(only));
    const resources = rows.map(decode).filter(({ address }) => named === undefined || named.includes(address));
    return { resources, coverage: new Map([["organization", "complete"]]), notes: [] };
  },
  look: async (context) => {
    const row = await lookUpRow(PATH, context, () => findByName(context.reader, pathPart(context.address, 0)));
    return row === undefined ? undefined : decode(row);
  },

  refusesDuplicates: true,
  create: async (context) => {
    const name = pathPart(context.address, 0);
    const description = context.to?.["description"];
    const answer = await context.writer.write({
      method: "POST",
      path: PATH,
      body: { name, ...(description === undefined ? {} : { description }) },
      settle: (reader) => findByName(reader, name),
    });
    return { remote: { id: textIn(rowOf(answer, `POST ${PATH}`), "id", "organization") }, notes: [] };
  },
  update: updateNamed(PATH),
  remove: removeById(PATH),
};

async function findByName(reader: PlatformReader, name: string): Promise<Row | undefined> {
  // The filter is a substring without regard to case: only an exact name counts.
  const rows = await reader.list(listRequest({ name }));
  return rows.find((row) => row["name"] === name);
}

/** Of whoever has its name in theirs: the whole list would do as well. */
function requestOf(organization: Address): ListRequest {
  return { ...listRequest({ name: pathPart(organization, 0) }), narrowing: ["name"] };
}

function listRequest(query: ListRequest["query"]): ListRequest {
  return { path: PATH, query, collection: "organizations" };
}

function decode(row: Row): Resource {
  return {
    kind: "organization",
    address: organizationAddress(textIn(row, "name", "organization")),
    spec: { description: optionalTextIn(row, "description") },
    origin: { from: "platform", remote: { id: textIn(row, "id", "organization") } },
  };
}
