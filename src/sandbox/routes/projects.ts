import { holdsOnProject, holdsOnSpace, seesProject, seesSpace } from "../access.ts";
import type { Actor } from "../account.ts";
import { stampNow } from "../account.ts";
import { dropProject } from "../cascades.ts";
import { findProject } from "../lookups.ts";
import { answerPage } from "../paging.ts";
import { conflict, forbidden, notFound, unprocessable } from "../problems.ts";
import { canonicalId, readFilter, readIdParameter } from "../query-parameters.ts";
import type { Call, Reply, Route } from "../routing.ts";
import { readPathParameter } from "../routing.ts";
import type { ProjectRow } from "../rows.ts";
import { pairKey } from "../store.ts";

/** The operations on projects (documented: /v2/projects). */
export const projectRoutes: readonly Route[] = [
  { operation: "list_projects", method: "GET", path: "/v2/projects", run: listProjects },
  {
    operation: "create_project",
    method: "POST",
    path: "/v2/projects",
    body: "CreateProjectRequest",
    run: createProject,
  },
  { operation: "get_project", method: "GET", path: "/v2/projects/:project_id", run: getProject },
  {
    operation: "update_project",
    method: "PATCH",
    path: "/v2/projects/:project_id",
    body: "UpdateProjectRequest",
    run: updateProject,
  },
  { operation: "delete_project", method: "DELETE", path: "/v2/projects/:project_id", run: deleteProject },
];

function listProjects(call: Call): Reply {
  const { actor } = call;
  const { tables } = actor.account.store;
  const spaceId = readIdParameter(call.query, "space_id", "Space");
  const spaceName = readFilter(call.query, "space_name");
  const name = readFilter(call.query, "name");
  if (spaceId !== undefined) requireScope(actor, spaceId);
  const inSpace = (row: ProjectRow): boolean =>
    spaceName === undefined || tables.spaces.get(row.space_id)?.name.toLowerCase().includes(spaceName) === true;
  return answerPage(call, {
    collection: "projects",
    rows: spaceId === undefined ? tables.projects.all() : tables.projects.find("space", spaceId),
    keep: (row) =>
      (name === undefined || row.name.toLowerCase().includes(name)) && inSpace(row) && seesProject(actor, row),
    show: showProject,
    order: "open",
  });
}

function requireScope(actor: Actor, spaceId: string): void {
  const space = actor.account.store.tables.spaces.get(spaceId);
  const isReadable = space !== undefined && seesSpace(actor, space);
  if (!isReadable && actor.account.switches().unreadableScope === "404") throw notFound("Space");
}

function createProject(call: Call): Reply {
  const { actor } = call;
  const { store } = actor.account;
  const body = call.body as { readonly name: string; readonly space_id: string };
  const space = store.tables.spaces.get(canonicalId(body.space_id, "Space"));
  // The contract lists no 404 here: a space that cannot be read is forbidden ground.
  if (space === undefined || !holdsOnSpace(actor, space, "PROJECT_CREATE")) throw forbidden();
  if (isNameTaken(actor, { spaceId: space.id, name: body.name, exceptId: undefined })) {
    throw conflict("A project with this name exists already in the space.");
  }
  const project = store.put("projects", {
    ...store.next("Model"),
    space_id: space.id,
    name: body.name,
    created_at: stampNow(actor.account),
  });
  return { status: 201, body: showProject(project) };
}

function getProject(call: Call): Reply {
  return { status: 200, body: showProject(findPathProject(call)) };
}

function updateProject(call: Call): Reply {
  const { actor } = call;
  const { name } = call.body as { readonly name: string };
  const project = findPathProject(call);
  if (!holdsOnProject(actor, project, "PROJECT_UPDATE")) throw forbidden();
  // The contract lists 422 and no 409 for renaming.
  if (isNameTaken(actor, { spaceId: project.space_id, name, exceptId: project.id })) {
    throw unprocessable("A project with this name exists already in the space.");
  }
  return { status: 200, body: showProject(actor.account.store.put("projects", { ...project, name })) };
}

function deleteProject(call: Call): Reply {
  const project = findPathProject(call);
  if (!holdsOnProject(call.actor, project, "PROJECT_DELETE")) throw forbidden();
  dropProject(call.actor.account, project);
  return { status: 204 };
}

function findPathProject(call: Call): ProjectRow {
  return findProject(call.actor, readPathParameter(call, "project_id"));
}

function isNameTaken(
  actor: Actor,
  wanted: { readonly spaceId: string; readonly name: string; readonly exceptId: string | undefined },
): boolean {
  const { store, switches } = actor.account;
  return store.tables.projects
    .find("name", pairKey(wanted.spaceId, wanted.name.toLowerCase()))
    .some((row) => row.id !== wanted.exceptId && (row.name === wanted.name || switches().namesIgnoreCase));
}

function showProject(row: ProjectRow): unknown {
  return { id: row.id, name: row.name, space_id: row.space_id, created_at: row.created_at };
}
