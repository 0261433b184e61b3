import { expect, test } from "vitest";
import { makeWorkplace, type Workplace } from "../../support/run-axcess.ts";

const FLAGS = ["--sandbox", "--now", "2026-11-01T12:00:00Z"];

/** A company that another manifest made; below only a part of it is written. */
const COMPANY = `version: 1
people:
  ana@acme.io: { name: Ana, role: member, invite: none }
  ben@acme.io: { name: Ben, role: member, invite: none }
  eva@acme.io: { name: Eva, role: member, invite: none }
  fay@acme.io: { name: Fay, role: member, invite: none }
roles: { Labeller: { permissions: [PROJECT_READ] } }
organizations:
  Acme:
    members: { ana@acme.io: admin, ben@acme.io: admin, eva@acme.io: member, fay@acme.io: member }
    spaces:
      prod:
        private: true
        members: { eva@acme.io: member, fay@acme.io: Labeller }
        projects:
          checkout: { restricted: true, bindings: { fay@acme.io: Project Viewer } }
          search: { restricted: true }
          web: {}
      lab:
        members: { ana@acme.io: admin }
`;

async function startCompany(): Promise<Workplace> {
  const place = makeWorkplace();
  place.write("access.yaml", COMPANY);
  const applied = await place.run(["apply", "--auto-approve", ...FLAGS]);
  expect(applied.exit, applied.stderr).toBe(0);
  return place;
}

interface Shift {
  readonly person: string;
  readonly place: string;
  readonly gained: string;
  readonly lost: string;
  readonly before: { readonly permissions: string };
  readonly after: { readonly permissions: string; readonly isLowerBound: boolean };
  readonly within: { readonly projects: number };
}

async function planOf(
  place: Workplace,
  manifest: string,
): Promise<{
  readonly exit: number;
  readonly shifts: readonly Shift[];
  readonly unseen: readonly string[];
  readonly stdout: string;
}> {
  place.write("access.yaml", `version: 1\n${manifest}`);
  const { exit, stdout } = await place.run(["plan", "--out", "plan.json", ...FLAGS]);
  const { access } = JSON.parse(await place.read("plan.json"));
  return { exit, stdout, shifts: access.shifts, unseen: access.unseen };
}

test("a binding alone is judged by the memberships and the restriction that are there, policy included", {
  timeout: 60_000,
}, async () => {
  const place = await startCompany();
  const grant =
    "organizations: { Acme: { spaces: { prod: { projects: { checkout: { bindings: { eva@acme.io: Project Admin } } } } } } }";
  const plan = await planOf(place, grant);
  expect(plan.shifts).toMatchObject([
    { person: "user:eva@acme.io", place: "project:Acme/prod/checkout", before: { permissions: "none" } },
  ]);
  expect(plan.unseen).toEqual([]);
  const forbidden = await planOf(place, `policy: { forbid: [PROJECT_DELETE] }\n${grant}`);
  expect([forbidden.exit, forbidden.stdout]).toEqual([3, expect.stringContaining("gains-permission")]);
  const gone = await planOf(
    place,
    "organizations: { Acme: { spaces: { prod: { projects: { checkout: { manage: { bindings: authoritative }, bindings: {} } } } } } }",
  );
  expect(gone.shifts).toMatchObject([{ person: "user:fay@acme.io", after: { permissions: "none" } }]);
});

test("a role alone is judged by whoever holds it anywhere, and by what it comes to hold", {
  timeout: 60_000,
}, async () => {
  const place = await startCompany();
  const plan = await planOf(place, "roles: { Labeller: { permissions: [PROJECT_READ, PROJECT_DELETE] } }");
  expect(plan.shifts).toMatchObject([
    { person: "user:fay@acme.io", place: "space:Acme/prod", within: { projects: 1 } },
  ]);
  const forbidden = await planOf(
    place,
    "policy: { forbid: [PROJECT_DELETE] }\nroles: { Labeller: { permissions: [PROJECT_READ, PROJECT_DELETE] } }",
  );
  expect(forbidden.exit).toBe(3);
  const joined = await planOf(
    place,
    "policy: { separate: [[PROJECT_READ, PROJECT_DELETE]] }\nroles: { Labeller: { permissions: [PROJECT_READ, PROJECT_DELETE] } }",
  );
  expect([joined.exit, joined.stdout]).toEqual([3, expect.stringContaining("separation")]);
});

test("a space alone is judged by the restrictions in it, whether or not they are written", {
  timeout: 60_000,
}, async () => {
  const place = await startCompany();
  const plan = await planOf(
    place,
    "organizations: { Acme: { spaces: { prod: { members: { ben@acme.io: member } } } } }",
  );
  expect(plan.shifts).toEqual([]);
  const joined = await planOf(
    place,
    "people: { eva@acme.io: {} }\norganizations: { Acme: { spaces: { prod: { private: false } } } }",
  );
  expect(joined.shifts).toEqual([]);
  const opened = await planOf(place, "organizations: { Acme: { members: { eva@acme.io: read-only } } }");
  expect(opened.shifts).toMatchObject([
    // What eva has in prod by an entry of her own stays as it is: only the lab counts.
    { person: "user:eva@acme.io", place: "organization:Acme", within: { spaces: 1, projects: 0 } },
  ]);
});

test("an organization admin who is lowered keeps what the admin right hides, as far as anybody knows", {
  timeout: 60_000,
}, async () => {
  const place = await startCompany();
  const { shifts } = await planOf(
    place,
    "policy: { min_admins: 0 }\norganizations: { Acme: { members: { ana@acme.io: member } } }",
  );
  const lab = shifts.find(({ place: where }) => where === "space:Acme/lab");
  expect(lab).toMatchObject({ person: "user:ana@acme.io", after: { isLowerBound: true } });
  expect(lab?.after.permissions).not.toBe("none");
});
