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

test("a plan tells by whom a held change is approved already, and asks for no more", async () => {
  const place = await makePlace();
  const plan = ["plan", "--sandbox", "--out", "plan.json", "--format", "markdown=plan.md"];
  await place.run(plan);
  await place.run(["approve", "plan.json", "--all", "--by", "ana@acme.io", "--reason", "Carl left"]);
  const again = await place.run(plan);
  const page = await place.read("plan.md");
  expect(page).toContain("### Plan for `sandbox`: 1 held change is approved\n");
  expect(page).toContain("1 held (1 approved)");
  expect(page).toMatch(/#### 1 change is approved[\s\S]*`by ana@acme\.io until [^`]*: Carl left`/u);
  expect(page).not.toContain("axcess approve");
  expect(again.stdout).toMatch(
    /approved chg_\w+ {2}delete org-member:Acme\/carl@acme\.io\n[\s\S]*by ana@acme\.io until /u,
  );
  expect(again.stdout).toContain("nothing more is needed: what is approved runs with the next apply");
  await place.run([...plan, "--format", "html=plan.html"]);
  expect(await place.read("plan.html")).toMatch(/"isEnough":true,"lines":\["by ana@acme\.io until /u);
  await place.write("approvals/x.yaml", "version: 2\n");
  expect((await place.run(plan)).stdout).toContain("to release: axcess approve plan.json --only chg_");
});

test("apply writes what came of it: what was approved by whom, what is left, and what moved", async () => {
  const place = await makePlace();
  await place.run(["plan", "--sandbox", "--out", "plan.json"]);
  const apply = ["apply", "plan.json", "--sandbox", "--format", "markdown=apply.md"];
  expect((await place.run(apply)).exit).toBe(3);
  const held = await place.read("apply.md");
  expect(held).toMatch(/^<!-- axcess apply sandbox access\.yaml -->\n### Apply to `sandbox`: 1 change waits\n/u);
  expect(held).toMatch(/\| held \| `delete org-member:Acme\/carl@acme\.io`<br>`chg_/u);
  expect(held).not.toContain("loses access");
  await place.run(["approve", "plan.json", "--all", "--by", "ana@acme.io", "--reason", "Carl left"]);
  expect((await place.run(apply)).exit).toBe(0);
  const done = await place.read("apply.md");
  expect(done).toContain("### Apply to `sandbox`: everything in it was done\n\n**Apply: 1 done.**");
  expect(done).toContain("The account now matches the manifest.");
  expect(done).toMatch(/\| `delete org-member:Acme\/carl@acme\.io` \| `ana@acme\.io` \| `[^`]*Z` \| `Carl left` \|/u);
  expect(done).toContain("1 person loses access");
  place.write("access.yaml", MANIFEST.replace("Jane", "Joan").replace("Acme:", "Acme: # or so"));
  await place.run(["plan", "--sandbox", "--out", "plan.json"]);
  place.write("access.yaml", MANIFEST.replace(", carl@acme.io: member", "").replace("admin", "member"));
  expect((await place.run(apply)).exit).toBe(4);
  expect(await place.read("apply.md")).toMatch(/: nothing was changed\n[\s\S]*planned only now: [\s\S]*axcess plan /u);
  expect(await place.run(["apply", "plan.json", "--sandbox", "--format", "markdown"])).toMatchObject({ exit: 64 });
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
