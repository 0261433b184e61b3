// Projects. REST v2 `/v2/projects`, baseline of August 2026. Tracing usually makes them; axcess makes one only where the manifest
// names one that is not there. Deleting one takes its traces, bindings and restriction along and cannot be undone.
import { type Address, addressAbove, addressIn, classKey, pathPart } from "../model/address.ts";
import type { Kind, KindReading, ReadContext } from "../model/kind.ts";
import type { Manifest, Organization, Project } from "../model/manifest.ts";
import type { ListRequest, PlatformReader, Row } from "../model/platform.ts";
import { type Resource, writtenAt } from "../model/resource.ts";
import { classOfSection } from "./class-of-section.ts";
import { contentOf } from "./content-of.ts";
import { listContent } from "./list-content.ts";
import { type LivePlace, livePlaces } from "./live-places.ts";
import { lookUpRow } from "./look-up-row.ts";
import { removeById } from "./remove-by-id.ts";
import { listDeclaredSpaces, spaceOf } from "./space.ts";
import { updateNamed } from "./update-named.ts";
import { listWithin, rowOf, textIn } from "./wire.ts";

const PATH = "/v2/projects";
/** From so many spaces on, one list of the whole account takes fewer calls than a list for each space. */
const SPACES_FOR_WHOLE_LIST = 4;
const ALL_PROJECTS: ListRequest = { path: PATH, query: {}, collection: "projects" };

/** The address of a project in a space. */
export function projectAddress(space: Address, name: string): Address<"project"> {
  return addressIn("project", space, name);
}

/** The project that an address is in, or hangs on. */
export function projectOf(address: Address): Address<"project"> {
  return addressAbove("project", address, 3);
}

/** A project that the manifest writes. */
export interface DeclaredProject {
  readonly address: Address<"project">;
  readonly organization: Organization;
  readonly project: Project;
}

/** The projects that the manifest writes, in its order. */
export function listDeclaredProjects(manifest: Manifest): readonly DeclaredProject[] {
  return listDeclaredSpaces(manifest).flatMap(({ address, organization, space }) =>
    [...(space.projects?.entries.values() ?? [])].map((written) => ({
      address: projectAddress(address, written.name),
      organization,
      project: written,
    })),
  );
}

export const project: Kind = {
  name: "project",
  title: "project",
  parentKind: "space",
  parentOf: spaceOf,
  attachedTo: (address) => [spaceOf(address)],
  isHeldAnywhere: false,
  refersTo: [],
  fixed: [],
  losses: { whole: "The traces of a deleted project are gone for good." },
  declare: (manifest) =>
    listDeclaredProjects(manifest).map(({ address, project: declared }) => ({
      resource: { kind: "project", address, spec: {}, origin: writtenAt(declared.at) },
      present: true,
      previously: declared.previously.map((name) => projectAddress(spaceOf(address), name)),
      expires: undefined,
    })),
  managedClasses: (manifest) =>
    listDeclaredSpaces(manifest).flatMap(({ address, space }) => classOfSection("project", address, space.projects)),
  needs: ({ address }) => [spaceOf(address)],
  follows: () => [],
  prefers: () => [],
  isUtmost: () => false,
  whyNotCreatable: () => undefined,
  hazardsOf: (change) =>
    change.op === "delete"
      ? [
          { code: "irreversible", detail: "A deleted project and its traces cannot be brought back." },
          { code: "removes-access", detail: "Everybody who can see it loses it." },
        ]
      : [],
  cascadeOf: (address, live) => ({ certain: contentOf(address, live), possible: [] }),
  notesOn: () => [],

  readAfter: ["space"],
  lists: [ALL_PROJECTS],
  listsFrom: SPACES_FOR_WHOLE_LIST,
  read: readProjects,
  look: async (context) => {
    const { reader, address, believed, idOf, addressOf } = context;
    const parent = spaceOf(address);
    const space = believed?.["space"] ?? idOf(parent);
    const name = pathPart(address, 2);
    const row = await lookUpRow(PATH, context, () => findByName(reader, { space, name }));
    return row === undefined ? undefined : decode(row, addressOf("space", space) ?? parent);
  },

  refusesDuplicates: true,
  create: async ({ writer, address, idOf }) => {
    const space = idOf(spaceOf(address));
    const name = pathPart(address, 2);
    const answer = await writer.write({
      method: "POST",
      path: PATH,
      body: { name, space_id: space },
      settle: (reader) => findByName(reader, { space, name }),
    });
    return { remote: { id: textIn(rowOf(answer, `POST ${PATH}`), "id", "project"), space }, notes: [] };
  },
  update: updateNamed(PATH),
  remove: removeById(PATH),
};

/** Reads the projects of the wanted spaces: each space by itself, or from some number on all there are. */
async function readProjects(context: ReadContext): Promise<KindReading> {
  const { reader, byId } = context;
  const spaces = livePlaces(context);
  // The handful of spaces that is looked for may be a few of very many.
  const isFew = context.focus?.named !== undefined || spaces.length < SPACES_FOR_WHOLE_LIST;
  if (isFew) return readEach(reader, spaces);
  const wanted = new Set(spaces.map(({ address }) => address));
  const rows = await reader.list(ALL_PROJECTS);
  return {
    resources: rows.flatMap((row) => {
      const space = byId("space", textIn(row, "space_id", "project"));
      return space !== undefined && wanted.has(space) ? [decode(row, space)] : [];
    }),
    coverage: new Map(spaces.map(({ address }) => [classKey("project", address), "complete"])),
    notes: [],
  };
}

async function readEach(reader: PlatformReader, spaces: readonly LivePlace[]): Promise<KindReading> {
  const listings = await Promise.all(
    spaces.map(async ({ address, id }) => {
      const request = { path: PATH, query: { space_id: id }, collection: "projects" };
      return { address, ...(await listContent(reader, address, request)) };
    }),
  );
  return {
    resources: listings.flatMap(({ address, rows = [] }) => rows.map((row) => decode(row, address))),
    coverage: new Map(
      listings.map(({ address, rows }) => [
        classKey("project", address),
        rows === undefined ? "unreadable" : "complete",
      ]),
    ),
    notes: listings.flatMap(({ notes }) => notes),
  };
}

async function findByName(
  reader: PlatformReader,
  wanted: { readonly space: string; readonly name: string },
): Promise<Row | undefined> {
  const query = { space_id: wanted.space, name: wanted.name };
  const rows = await listWithin(reader, { path: PATH, query, collection: "projects" });
  return rows.find((row) => row["name"] === wanted.name);
}

function decode(row: Row, space: Address): Resource {
  const remote = { id: textIn(row, "id", "project"), space: textIn(row, "space_id", "project") };
  return {
    kind: "project",
    address: projectAddress(space, textIn(row, "name", "project")),
    spec: {},
    origin: { from: "platform", remote },
  };
}
