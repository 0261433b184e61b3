// Organizations. REST v2 `/v2/organizations`, baseline of August 2026. Names are unique in the account. Deleting one takes every
// space in it along and cannot be undone. An unset description reads as "".
import { type Address, formatAddress } from "../model/address.ts";
import type { Kind } from "../model/kind.ts";
import type { PlatformReader, Row } from "../model/platform.ts";
import type { Resource } from "../model/resource.ts";
import { contentOf } from "./content-of.ts";
import { pathPart } from "./path-part.ts";
import { remotePart } from "./remote-part.ts";
import { updateNamed } from "./update-named.ts";
import { optionalTextIn, rowOf, textIn } from "./wire.ts";

const PATH = "/v2/organizations";

/** The address of an organization. */
export function organizationAddress(name: string): Address<"organization"> {
  return formatAddress("organization", [name]);
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
  declare: (manifest) =>
    [...(manifest.organizations?.entries.values() ?? [])].map((declared) => ({
      resource: {
        kind: "organization",
        address: organizationAddress(declared.name),
        spec: declared.description === undefined ? {} : { description: declared.description },
        origin: { from: "manifest", at: declared.at, group: undefined },
      },
      present: true,
      previously: declared.previously.map(organizationAddress),
      expires: undefined,
    })),
  managedClasses: (manifest) =>
    manifest.organizations === undefined ? [] : [{ key: "organization@", mode: manifest.organizations.mode }],
  needs: () => [],
  follows: () => [],
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
  read: async ({ reader }) => {
    const rows = await reader.list({ path: PATH, query: {}, collection: "organizations" });
    return { resources: rows.map(decode), coverage: new Map([["organization", "complete"]]), notes: [] };
  },
  look: async ({ reader, address, believed }) => {
    const id = believed?.["id"];
    const row =
      id === undefined
        ? await findByName(reader, pathPart(address, 0))
        : await reader.get(`${PATH}/${encodeURIComponent(id)}`);
    return row === undefined ? undefined : decode(row);
  },

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
  remove: ({ writer, remote }) => writer.remove(`${PATH}/${encodeURIComponent(remotePart(remote, "id"))}`),
};

async function findByName(reader: PlatformReader, name: string): Promise<Row | undefined> {
  // The filter is a substring without regard to case: only an exact name counts.
  const rows = await reader.list({ path: PATH, query: { name }, collection: "organizations" });
  return rows.find((row) => row["name"] === name);
}

function decode(row: Row): Resource {
  return {
    kind: "organization",
    address: organizationAddress(textIn(row, "name", "organization")),
    spec: { description: optionalTextIn(row, "description") },
    origin: { from: "platform", remote: { id: textIn(row, "id", "organization") } },
  };
}
