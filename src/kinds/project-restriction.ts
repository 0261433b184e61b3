// Restrictions of projects. REST v2 `/v2/resource-restrictions`, baseline of August 2026. A restriction has no id of its own and no
// call reads a single one. Setting it twice is harmless; lifting one that is not there answers 404. Dashboards can be
// restricted too since September 2026: only projects are asked for.
import { type Address, classKey } from "../model/address.ts";
import type { Kind } from "../model/kind.ts";
import type { ListRequest, PlatformReader } from "../model/platform.ts";
import { type Resource, writtenAt } from "../model/resource.ts";
import { classOfSection } from "./class-of-section.ts";
import { isNew } from "./closings.ts";
import { contentOf } from "./content-of.ts";
import { itemPath } from "./item-path.ts";
import { listDeclaredProjects, projectOf } from "./project.ts";
import { remotePart } from "./remote-part.ts";
import { restrictionAddress } from "./restriction-address.ts";
import { textIn } from "./wire.ts";

const PATH = "/v2/resource-restrictions";
const OF_PROJECTS: ListRequest = {
  path: PATH,
  query: { resource_type: "PROJECT" },
  collection: "resource_restrictions",
};

export const projectRestriction: Kind = {
  name: "restriction",
  title: "project restriction",
  parentKind: "project",
  parentOf: projectOf,
  attachedTo: (address) => [projectOf(address)],
  isHeldAnywhere: false,
  refersTo: [],
  fixed: [],
  declare: (manifest) =>
    listDeclaredProjects(manifest).flatMap(({ address, project: { restricted } }) => {
      if (restricted === undefined) return [];
      const origin = writtenAt(restricted.at);
      return [
        {
          resource: { kind: "restriction", address: restrictionAddress(address), spec: {}, origin },
          present: restricted.value,
          expires: undefined,
        },
      ];
    }),
  managedClasses: (manifest) =>
    listDeclaredProjects(manifest).flatMap(({ address, project: { restricted } }) =>
      classOfSection("restriction", address, restricted && { mode: "additive" }),
    ),
  needs: ({ address }) => [projectOf(address)],
  follows: () => [],
  // Whoever keeps access through a binding has it before the project is closed to the rest.
  prefers: ({ op, address }, worlds) => {
    if (op !== "create") return [];
    const bindings = contentOf(projectOf(address), worlds.planned).filter((inside) => inside.startsWith("binding:"));
    return isNew(address, worlds) ? [] : bindings;
  },
  isUtmost: () => true,
  whyNotCreatable: () => undefined,
  hazardsOf: (change) =>
    change.op === "delete"
      ? [{ code: "widens-access", detail: "Everybody with a role in the space can enter the project again." }]
      : [],
  cascadeOf: () => ({ certain: [], possible: [] }),
  notesOn: () => [],

  readAfter: ["project"],
  lists: [OF_PROJECTS],
  read: async ({ reader, parents, byId }) => {
    const wanted = new Set(parents);
    const resources = (await list(reader)).flatMap((id) => {
      const project = byId("project", id);
      return project !== undefined && wanted.has(project) ? [describe(project, id)] : [];
    });
    const coverage = new Map(parents.map((parent) => [classKey("restriction", parent), "complete" as const]));
    return { resources, coverage, notes: [] };
  },
  look: async ({ reader, address, believed, idOf, addressOf }) => {
    const id = believed?.["project"] ?? idOf(projectOf(address));
    return (await list(reader)).includes(id) ? describe(addressOf("project", id) ?? projectOf(address), id) : undefined;
  },

  create: async ({ writer, address, idOf }) => {
    const id = idOf(projectOf(address));
    await writer.write({ method: "POST", path: PATH, body: { resource_id: id }, settle: "repeat" });
    return { remote: { project: id }, notes: [] };
  },
  // There is nothing in a restriction that could change.
  update: ({ remote }) => Promise.resolve({ remote: remote ?? {}, notes: [] }),
  remove: ({ writer, remote }) => writer.remove(itemPath(PATH, remotePart(remote, "project"))),
};

async function list(reader: PlatformReader): Promise<readonly string[]> {
  const rows = await reader.list(OF_PROJECTS);
  return rows.flatMap((row) => (row["resource_type"] === "PROJECT" ? [textIn(row, "resource_id", "restriction")] : []));
}

function describe(project: Address, id: string): Resource {
  return {
    kind: "restriction",
    address: restrictionAddress(project),
    spec: {},
    origin: { from: "platform", remote: { project: id } },
  };
}
