import { managesRestriction, mayStartRestriction, seesProject } from "../access.ts";
import type { Actor } from "../account.ts";
import { stampNow } from "../account.ts";
import { makeId } from "../ids.ts";
import { answerPage } from "../paging.ts";
import { forbidden, notFound, Refusal } from "../problems.ts";
import { canonicalId, readChoice } from "../query-parameters.ts";
import type { Call, Reply, Route } from "../routing.ts";
import { readPathParameter } from "../routing.ts";
import type { ProjectRow, RestrictionRow } from "../rows.ts";

/** The operations on resource restrictions (documented: /v2/resource-restrictions). */
export const restrictionRoutes: readonly Route[] = [
  {
    operation: "list_resource_restrictions",
    method: "GET",
    path: "/v2/resource-restrictions",
    run: listRestrictions,
  },
  {
    operation: "create_resource_restriction",
    method: "POST",
    path: "/v2/resource-restrictions",
    body: "CreateResourceRestrictionRequest",
    run: restrict,
  },
  {
    operation: "delete_resource_restriction",
    method: "DELETE",
    path: "/v2/resource-restrictions/:resource_id",
    run: unrestrict,
  },
];

const DASHBOARD_NUMBER = 456;

function listRestrictions(call: Call): Reply {
  const { actor } = call;
  const { store, switches } = actor.account;
  const hasDashboards = switches().dashboardRestrictions;
  const type = readChoice(call.query, "resource_type", hasDashboards ? ["PROJECT", "DASHBOARD"] : ["PROJECT"]);
  const projects = type === "DASHBOARD" ? [] : store.tables.restrictions.all();
  const dashboards = hasDashboards && type !== "PROJECT" ? [makeDashboardRestriction(actor)] : [];
  const isDashboard = (row: RestrictionRow): boolean => dashboards.some((each) => each.id === row.id);
  return answerPage(call, {
    collection: "resource_restrictions",
    rows: [...dashboards, ...projects],
    keep: (row) => isDashboard(row) || managesListed(actor, row),
    show: (row) => showRestriction(row, isDashboard(row) ? "DASHBOARD" : "PROJECT"),
    order: "open",
    filtersAfterRead: true,
  });
}

/** One restricted dashboard that always exists when dashboards can be restricted, so that clients meet the other type. */
function makeDashboardRestriction(actor: Actor): RestrictionRow {
  const { seed, created_at } = actor.account.store.settings();
  return { id: makeId("Dashboard", DASHBOARD_NUMBER, seed), n: 0, created_at };
}

function managesListed(actor: Actor, row: RestrictionRow): boolean {
  const project = actor.account.store.tables.projects.get(row.id);
  return project !== undefined && managesRestriction(actor, project);
}

function restrict(call: Call): Reply {
  const { actor } = call;
  const { store } = actor.account;
  const body = call.body as { readonly resource_id: string };
  const project = findManageable(actor, body.resource_id);
  const existing = store.tables.restrictions.get(project.id);
  const isAllowed = existing === undefined ? mayStartRestriction(actor, project) : managesRestriction(actor, project);
  if (!isAllowed) throw forbidden();
  requireGenerative(actor, project);
  // Repeating is answered with the record that stands (documented).
  const created_at = stampNow(actor.account);
  const restriction = existing ?? store.put("restrictions", { id: project.id, n: project.n, created_at });
  return { status: 200, body: showRestriction(restriction, "PROJECT") };
}

function unrestrict(call: Call): Reply {
  const { actor } = call;
  const project = findManageable(actor, readPathParameter(call, "resource_id"));
  if (!managesRestriction(actor, project)) throw forbidden();
  if (actor.account.store.tables.restrictions.get(project.id) === undefined) throw notFound("Resource restriction");
  actor.account.store.drop("restrictions", project.id);
  return { status: 204 };
}

function findManageable(actor: Actor, text: string): ProjectRow {
  const project = actor.account.store.tables.projects.get(canonicalId(text, "Model"));
  if (project === undefined) throw notFound("Resource");
  if (!managesRestriction(actor, project) && !seesProject(actor, project)) throw notFound("Resource");
  return project;
}

function requireGenerative(actor: Actor, project: ProjectRow): void {
  const { nonGenerativeProjects, nonGenerativeStatus } = actor.account.switches();
  if (nonGenerativeProjects === undefined || !new RegExp(nonGenerativeProjects).test(project.name)) return;
  throw new Refusal(nonGenerativeStatus, "Only generative projects can be restricted.");
}

function showRestriction(row: RestrictionRow, type: "PROJECT" | "DASHBOARD"): unknown {
  return { resource_type: type, resource_id: row.id, created_at: row.created_at };
}
