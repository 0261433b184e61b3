import { expect, test } from "vitest";
import { renderAssertions } from "../../../src/cli/render/assertions-text.ts";
import { PLAIN } from "../../../src/cli/render/paint.ts";
import { sampleFailure } from "../../support/sample-plan.ts";

test("an assertion that fails stands once, with every case and the grants behind it", () => {
  const failures = [
    sampleFailure(),
    sampleFailure({ source: "access.yaml:95:5", statement: "Two admins.", detail: "There is one.", paths: [] }),
    sampleFailure({
      detail: "kim@acme.io has PROJECT_DELETE.",
      place: "project:Platform Team/production/web",
      paths: [{ reason: "organization-admin", grant: "org-member:Platform Team/kim@acme.io", role: "admin" }],
    }),
  ];
  expect(renderAssertions(failures, PLAIN)).toBe(
    `  fails Nobody but the admins can PROJECT_DELETE on project:Platform Team/production/*. · access.yaml:90:5
      in project:Platform Team/production/checkout: carl@acme.io has PROJECT_DELETE.
        through binding:Platform Team/production/checkout/carl@acme.io: Project Admin (role on the project)
      in project:Platform Team/production/web: kim@acme.io has PROJECT_DELETE.
        through org-member:Platform Team/kim@acme.io: admin (organization admin)
  fails Two admins. · access.yaml:95:5
      in project:Platform Team/production/checkout: There is one.
`,
  );
});

test("nothing is said where all hold", () => {
  expect(renderAssertions([], PLAIN)).toBe("");
});

test("no name breaks out of its line", () => {
  const name = "evil\u001b[2K\u202e\nPlan: nothing";
  const text = renderAssertions(
    [
      sampleFailure({
        source: name,
        statement: name,
        detail: name,
        place: `project:${name}`,
        paths: [{ reason: "space-role", grant: `space-member:${name}`, role: `role:${name}` }],
      }),
    ],
    PLAIN,
  );
  expect(text).not.toContain("\u001b");
  expect(text).not.toContain("\u202e");
  expect(text).not.toMatch(/^\s*Plan: nothing/mu);
});
