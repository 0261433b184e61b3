import { expect, test } from "vitest";
import { makeWorkplace, type Workplace } from "../../support/run-axcess.ts";

const MANIFEST = `version: 1
manage: { members: authoritative }
people:
  jane@acme.io: { name: Jane, role: member }
  carl@acme.io: { name: Carl, role: member }
organizations:
  Acme:
    members: { jane@acme.io: admin, carl@acme.io: member }
`;

/** An account on which carl is a member, and a manifest that lets him go. */
async function makePlace(): Promise<Workplace> {
  const place = makeWorkplace();
  place.write("access.yaml", MANIFEST);
  await place.run(["apply", "--sandbox", "--auto-approve"]);
  place.write("access.yaml", MANIFEST.replace(", carl@acme.io: member", ""));
  return place;
}

test("plan writes a page to stdout or to a file, and show writes the same again", async () => {
  const place = await makePlace();
  const planned = await place.run(["plan", "--sandbox", "--out", "plan.json", "--format", "markdown"]);
  expect(planned.exit).toBe(0);
  expect(planned.stdout).toMatch(/^<!-- axcess plan sandbox access\.yaml -->\n### Plan for `sandbox`: 1 change waits/u);
  expect(planned.stdout).toContain("axcess approve plan.json --only chg_");
  const shown = await place.run(["show", "plan.json", "--sandbox", "--format", "markdown=out/plan.md", "--quiet"]);
  expect(await place.read("out/plan.md")).toBe(planned.stdout);
  expect(shown.stdout).toContain("Held until approved");
});

test("the marker stays when the plan differs, and differs for another manifest", async () => {
  const place = await makePlace();
  const markerOf = async (...argv: readonly string[]): Promise<string> =>
    (await place.run([...argv, "--sandbox", "--format", "markdown"])).stdout.split("\n", 1)[0] ?? "";
  const marker = await markerOf("plan");
  place.write("access.yaml", MANIFEST);
  expect(await markerOf("plan")).toBe(marker);
  place.write("other.yaml", MANIFEST);
  expect(await markerOf("plan", "--file", "other.yaml")).not.toBe(marker);
  expect(await markerOf("undo")).toMatch(/^<!-- axcess undo sandbox access\.yaml -->$/u);
});

test("drift writes a page, JSON or text, and refuses to mix them with what it writes", async () => {
  const place = await makePlace();
  const page = await place.run(["drift", "--sandbox", "--format", "markdown", "--format", "json=drift.json"]);
  expect(page.exit).toBe(2);
  expect(page.stdout).toMatch(
    /^<!-- axcess drift sandbox access\.yaml -->\n### Drift of `sandbox`: the account is not/u,
  );
  expect(page.stdout).toContain(
    '| extra | `org-member:Acme/carl@acme.io` | `role: "member"` | `admin@sandbox.example` at ',
  );
  expect(JSON.parse(await place.read("drift.json"))).toMatchObject({ drift: [{ sort: "extra" }], assertions: [] });
  const text = await place.run(["drift", "--sandbox", "--format", "text=drift.txt", "--format", "json"]);
  expect(await place.read("drift.txt")).toContain("Drift: 1 extra.");
  expect(JSON.parse(text.stdout).drift).toHaveLength(1);
  const mixed = await place.run(["drift", "--sandbox", "--write", "--format", "markdown"]);
  expect(mixed).toMatchObject({ exit: 64, stdout: "" });
  const written = await place.run(["drift", "--sandbox", "--write", "--format", "markdown=drift.md"]);
  expect(written.stdout).toContain("Drift: 1 extra.");
  const none = await place.run(["drift", "--sandbox", "--format", "markdown"]);
  expect(none).toMatchObject({ exit: 0 });
  expect(none.stdout).toContain("### Drift of `sandbox`: none\n\n**No drift.**\n");
});

test("validate writes a page", async () => {
  const place = makeWorkplace();
  place.write("access.yaml", MANIFEST.replace("role: member }\n  carl", "role: reviewr }\n  carl"));
  const page = await place.run(["validate", "--format", "markdown"]);
  expect(page.exit).toBe(1);
  expect(page.stdout).toMatch(
    /^<!-- axcess validate access\.yaml -->\n### The manifest is not valid\n\n#### 1 error\n\n- `AX\d{3}` `/u,
  );
  place.write("access.yaml", MANIFEST);
  expect((await place.run(["validate", "--format", "markdown"])).stdout).toBe(
    "<!-- axcess validate access.yaml -->\n### The manifest is valid\n",
  );
});
