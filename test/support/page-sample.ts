import { ASSUMED } from "../../src/model/access.ts";
import type { Address } from "../../src/model/address.ts";
import type { ChangeId, Step } from "../../src/model/change.ts";
import type { Plan } from "../../src/model/plan.ts";
import type { Resource } from "../../src/model/resource.ts";
import { makePageModel, type PageInput } from "../../src/page/make-page.ts";
import type { PageModel } from "../../src/page/page-model.ts";
import { samplePlan, sampleStep } from "./sample-plan.ts";
import { buildLive, buildWorld } from "./world-builder.ts";

/** What a page is made of, with a plan and worlds of nothing; change what a test is about. */
export function samplePageInput(overrides: Partial<PageInput> = {}): PageInput {
  return {
    plan: samplePlan(),
    worlds: undefined,
    settings: ASSUMED,
    summary: "No changes.",
    commands: {
      show: "axcess show plan.json",
      apply: "axcess apply plan.json",
      applyWith: "axcess apply plan.json --approvals",
    },
    sortOf: ({ gained }) => (gained === "all" ? "admin" : gained === "none" ? "loses" : "gains"),
    ...overrides,
  };
}

/** A plan of so many changes, each of another person's role; every third one deletes and is held. */
export function manyChanges(count: number): Plan {
  const steps = Array.from({ length: count }, (_, index): Step => {
    const person = `person-${String(index % 2000).padStart(4, "0")}@acme.io`;
    const address: Address = `space-member:Organization ${index % 10}/space-${index % 50}/${person}`;
    const id: ChangeId = `chg_${index.toString(16).padStart(12, "0")}`;
    if (index % 3 !== 0) return sampleStep({ id, kind: "space-member", address, to: { role: "member" }, fields: [] });
    return sampleStep({
      id,
      op: "delete",
      kind: "space-member",
      address,
      reason: "no-longer-declared",
      from: { role: "role:Data Scientist" },
      fields: [],
      hazards: [{ code: "removes-access", detail: "The role Data Scientist is taken away." }],
      gate: { state: "held", by: ["removes-access"] },
      loses: [`user:${person}`],
    });
  });
  return samplePlan({ steps });
}

/** The page of an account of so many people and places, in which one of twenty-five grants differs. */
export function largePage(people: number, places: number): PageModel {
  return makePageModel(samplePageInput({ plan: manyChanges(300), worlds: largeWorlds(people, places) }));
}

/** An account before and after. */
export function largeWorlds(people: number, places: number): NonNullable<PageInput["worlds"]> {
  const before = largeWorld(people, places);
  const after = new Map(before);
  let number = 0;
  for (const [address, resource] of before) {
    if (resource.kind !== "space-member" && resource.kind !== "binding") continue;
    number += 1;
    if (number % 50 === 0) after.delete(address);
    else if (number % 25 === 0) after.set(address, { ...resource, spec: { role: "read-only" } });
  }
  return { before, after };
}

/** Organizations of fifty places each: ten spaces with four projects, every third of these restricted. */
function largeWorld(people: number, places: number): ReadonlyMap<Address, Resource> {
  const resources: Resource[] = [
    buildLive("role:Data Scientist", { permissions: { PROJECT_READ: true, DATASET_READ: true, DATASET_CREATE: true } }),
  ];
  const emails = Array.from({ length: people }, (_, index) => `person-${String(index).padStart(4, "0")}@acme.io`);
  for (const [index, email] of emails.entries())
    resources.push(buildLive(`user:${email}`, { role: index % 400 === 0 ? "admin" : "member" }));
  const organizations = Math.max(1, Math.round(places / 50));
  for (let organization = 0; organization < organizations; organization += 1) {
    const name = `Organization ${organization}`;
    resources.push(buildLive(`organization:${name}`, {}));
    for (const [index, email] of emails.entries())
      if ((index + organization) % 3 !== 0)
        resources.push(buildLive(`org-member:${name}/${email}`, { role: index % 50 === 0 ? "admin" : "member" }));
    for (let space = 0; space < 10; space += 1) pushSpace(resources, emails, { name, space, organization });
  }
  return buildWorld(...resources);
}

function pushSpace(
  resources: Resource[],
  emails: readonly string[],
  { name, space, organization }: { readonly name: string; readonly space: number; readonly organization: number },
): void {
  const path = `${name}/space-${space}`;
  const roles = ["member", "read-only", "annotator", "role:Data Scientist"];
  resources.push(buildLive(`space:${path}`, { private: space % 4 === 0 }));
  for (const [index, email] of emails.entries())
    if (scatter(index, space, organization) % 20 === 0)
      resources.push(
        buildLive(`space-member:${path}/${email}`, { role: roles[scatter(index, space, 7) % 4] ?? "member" }),
      );
  for (let project = 0; project < 4; project += 1) {
    resources.push(buildLive(`project:${path}/project-${project}`, {}));
    if (project % 3 === 0) resources.push(buildLive(`restriction:${path}/project-${project}`, {}));
    for (const [index, email] of emails.entries())
      if (scatter(index, space + 100 * project, organization) % 60 === 0)
        resources.push(buildLive(`binding:${path}/project-${project}/${email}`, { role: "role:Data Scientist" }));
  }
}

/** A number that follows no pattern, and is the same each time. */
function scatter(a: number, b: number, c: number): number {
  const mixed = Math.imul(a + 1, 2_654_435_761) ^ Math.imul(b + 1, 40_503) ^ Math.imul(c + 1, 2_246_822_519);
  return Math.imul(mixed ^ (mixed >>> 15), 2_246_822_519) >>> 8;
}
