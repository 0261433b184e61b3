import { expect, test } from "vitest";
import { makeWorkplace, type Ran, type Workplace } from "../../support/run-axcess.ts";

const FLAGS = ["--sandbox", "--now", "2026-11-01T12:00:00Z"];

const BEFORE = `version: 1
people:
  jane@acme.io: { name: Jane Doe, role: member, invite: none }
  bob@acme.io: { name: Bob Roe, role: member, invite: none }
organizations:
  Acme:
    members: { jane@acme.io: admin, bob@acme.io: member }
    spaces:
      alpha:
        private: true
        members: { bob@acme.io: member }
`;

/** Bob may only read, Carl is invited, and the space has another name. */
const AFTER = `version: 1
people:
  bob@acme.io: { name: Bob Roe, role: member, invite: none }
  carl@acme.io: { name: Carl Poe, role: member }
organizations:
  Acme:
    members: { bob@acme.io: member, carl@acme.io: member }
    spaces:
      beta:
        previously: [alpha]
        members: { bob@acme.io: read-only, carl@acme.io: member }
`;

/** An account as in BEFORE, and a saved plan to make it as in AFTER. */
async function savePlan(after = AFTER): Promise<Workplace> {
  const place = makeWorkplace();
  place.write("access.yaml", BEFORE);
  const applied = await place.run(["apply", "--auto-approve", ...FLAGS]);
  expect(applied.exit, applied.stderr).toBe(0);
  place.write("access.yaml", after);
  const planned = await place.run(["plan", "--out", "plan.json", ...FLAGS]);
  expect(planned.exit, planned.stderr).toBe(0);
  return place;
}

function ask(place: Workplace, ...question: readonly string[]): Promise<Ran> {
  return place.run([...question, "--plan", "plan.json", ...FLAGS]);
}

test("explain tells what is there once a plan is done, by which line, and what was there before", async () => {
  const place = await savePlan();
  const bob = await ask(place, "explain", "bob@acme.io", "space:Acme/beta");
  expect(bob.exit, bob.stderr).toBe(0);
  expect(bob.stderr).not.toContain("moved");
  expect(bob.stdout).toContain("bob@acme.io on space:Acme/beta: 11 permissions\n");
  expect(bob.stdout).toContain(
    "  through space-member:Acme/beta/bob@acme.io: read-only (role in the space) · access.yaml:11:20\n",
  );
  expect(bob.stdout).toContain("  before the plan: 40 permissions\n    lost by it: ANNOTATION_CONFIG_CREATE, ");
  const carl = await ask(place, "explain", "carl@acme.io", "space:Acme/beta", "--json");
  expect(JSON.parse(carl.stdout)).toMatchObject({
    access: { isPending: true, paths: [{ source: "access.yaml:11:44" }] },
    before: { permissions: [], paths: [] },
  });
  expect(carl.stderr).toContain("40 permissions, once the invitation is accepted\n");
  expect(carl.stderr).toContain("  before the plan: nothing\n    gained by it: ANNOTATION_CONFIG_CREATE, ");
  // What the plan does not touch is told by the account alone.
  const jane = await ask(place, "explain", "jane@acme.io", "organization:Acme");
  expect(jane.stdout).toContain("through org-member:Acme/jane@acme.io: admin (organization admin)\n");
  expect(jane.stdout).toContain("before the plan: everything\n");
});

test("who-can and access are asked of a plan, too; the name of before is no name any more", async () => {
  const place = await savePlan();
  const holders = await ask(place, "who-can", "DATASET_DELETE", "space:Acme/beta", "--format", "csv");
  expect(holders.stdout).toContain("carl@acme.io,space:Acme/beta,space-role,member");
  expect(holders.stdout).not.toContain("bob@acme.io");
  const access = await ask(place, "access", "carl@acme.io");
  expect(access.stdout).toContain("space:Acme/beta: 40 permissions, once the invitation is accepted\n");
  const old = await ask(place, "explain", "bob@acme.io", "space:Acme/alpha");
  expect(old).toMatchObject({ exit: 64 });
  expect(old.stderr).toContain("space:Acme/alpha is not there.");
});

test("in a place that a plan deletes nobody has anything afterwards", async () => {
  const place = await savePlan(`version: 1\nabsent: ["space:Acme/alpha"]\n`);
  const { stdout, exit } = await ask(place, "explain", "bob@acme.io", "space:Acme/alpha");
  expect(exit).toBe(0);
  expect(stdout).toContain("bob@acme.io on space:Acme/alpha: nothing\n  before the plan: 40 permissions\n");
  expect((await ask(place, "who-can", "SPACE_READ", "space:Acme/alpha")).stdout).toBe("Nobody.\n");
});

test("an account that moved since is told, and the plan is taken to be done on what is there now", async () => {
  const place = await savePlan();
  place.write("access.yaml", BEFORE.replace("{ bob@acme.io: member }\n", "{ bob@acme.io: admin }\n"));
  expect((await place.run(["apply", "--auto-approve", ...FLAGS])).exit).toBe(0);
  const moved = await ask(place, "explain", "bob@acme.io", "space:Acme/beta", "--json");
  expect(moved.exit).toBe(0);
  expect(moved.stderr).toContain("AX333");
  expect(moved.stderr).toContain("space-member:Acme/beta/bob@acme.io");
  expect(JSON.parse(moved.stdout)).toMatchObject({
    diagnostics: [{ code: "AX333" }],
    access: { paths: [{ role: "read-only" }] },
    before: { permissions: "all" },
  });
});

test("a plan that was applied since has not moved, and changes nothing more", async () => {
  const place = await savePlan(BEFORE.replace("bob@acme.io: member }\n    spaces", "bob@acme.io: admin }\n    spaces"));
  expect((await place.run(["apply", "plan.json", ...FLAGS])).exit).toBe(0);
  const { stdout, stderr } = await ask(place, "explain", "bob@acme.io", "space:Acme/alpha");
  expect(stderr).not.toContain("AX333");
  expect(stdout).toContain("bob@acme.io on space:Acme/alpha: everything\n");
  expect(stdout).toContain("before the plan: everything\n");
});

test("the three ways to ask exclude each other; a plan for another account, or none, is refused", async () => {
  const place = await savePlan();
  const refused = async (...flags: readonly string[]): Promise<string> => {
    const { exit, stderr } = await place.run(["access", "bob@acme.io", ...flags]);
    expect(exit).toBe(64);
    return stderr;
  };
  expect(await refused("--plan", "plan.json", "--live")).toContain("--live, --declared and --plan exclude each other");
  expect(await refused("--plan", "plan.json", "--declared")).toContain("exclude each other");
  expect(await refused("--plan", "none.json", ...FLAGS)).toContain("There is no plan file");
  expect(await refused("--plan", "plan.json", "--sandbox=elsewhere")).toContain(
    "The plan is for the account at sandbox:",
  );
});
