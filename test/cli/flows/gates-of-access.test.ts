import { describe, expect, test } from "vitest";
import { makeWorkplace, type Workplace } from "../../support/run-axcess.ts";

const FLAGS = ["--sandbox", "--now", "2026-11-01T12:00:00Z"];
const APPLY = ["apply", "--auto-approve", ...FLAGS];

const COMPANY = `version: 1
people:
  jane@acme.io: { name: Jane Doe, role: member, invite: none }
  ivy@acme.io: { name: Ivy Poe, role: member, invite: none }
  bob@acme.io: { name: Bob Roe, role: member, invite: none }
roles:
  Maker: { permissions: [DATASET_CREATE] }
  Eraser: { permissions: [DATASET_DELETE] }
organizations:
  Acme:
    members: { jane@acme.io: admin, ivy@acme.io: admin, bob@acme.io: member }
    spaces:
      alpha:
        private: true
        members: { bob@acme.io: Maker }
        projects: { web: {} }
`;
/** Bob may also delete, on the project. */
const BOUND = COMPANY.replace("web: {}", "web: { bindings: { bob@acme.io: Eraser } }");
const BINDING = "binding:Acme/alpha/web/bob@acme.io";
const NEVER = 'assertions: [{ who: bob@acme.io, on: "project:Acme/**", never: DATASET_DELETE }]\n';

async function startCompany(manifest = COMPANY): Promise<Workplace> {
  const place = makeWorkplace();
  place.write("access.yaml", manifest);
  const applied = await place.run(APPLY);
  expect(applied.exit, applied.stderr).toBe(0);
  return place;
}

interface Seen {
  readonly exit: number;
  readonly gates: Readonly<Record<string, unknown>>;
  readonly details: readonly string[];
  readonly assertions: number;
}

/** What a plan comes to: its exit code, the gate of each step, every hazard in a line, and how many cases fail. */
async function planAs(place: Workplace, manifest: string, ...flags: readonly string[]): Promise<Seen> {
  place.write("access.yaml", manifest);
  const { exit, stdout } = await place.run(["plan", "--json", ...flags, ...FLAGS]);
  const { steps, assertions } = JSON.parse(stdout).plan;
  const gates = steps.map(({ address, gate }: { address: string; gate: unknown }) => [address, gate]);
  const details = steps.flatMap(({ hazards }: { hazards: readonly { code: string; detail: string }[] }) =>
    hazards.map(({ code, detail }) => `${code}: ${detail}`),
  );
  return { exit, gates: Object.fromEntries(gates), details, assertions: assertions.length };
}

describe("an assertion", () => {
  test("that a step would break blocks that step, names the flag, and ends plan and apply with 3", {
    timeout: 60_000,
  }, async () => {
    const place = await startCompany();
    const seen = await planAs(place, BOUND + NEVER);
    expect(seen).toMatchObject({
      exit: 3,
      assertions: 1,
      gates: { [BINDING]: { state: "blocked", by: ["assertion"], release: "--allow assertion" } },
    });
    expect(seen.details).toContain(
      "assertion: None of bob@acme.io has DATASET_DELETE on project:Acme/**. In project:Acme/alpha/web: bob@acme.io has DATASET_DELETE.",
    );
    const refused = await place.run(APPLY);
    expect(refused.exit).toBe(3);
    expect(refused.stderr).not.toContain("done ");
    // The flag lets the step through; that the assertion fails is still told.
    expect(await planAs(place, BOUND + NEVER, "--allow", "assertion")).toMatchObject({
      exit: 3,
      gates: { [BINDING]: { state: "open" } },
    });
  });

  test("that failed before blames nobody, and is no less a failure", { timeout: 60_000 }, async () => {
    const place = await startCompany(BOUND);
    const more = BOUND.replace("roles:", "roles:\n  More: { permissions: [DATASET_READ] }");
    expect(await planAs(place, more + NEVER)).toEqual({
      exit: 3,
      assertions: 1,
      gates: { "role:More": { state: "open" } },
      details: [],
    });
    const applied = await place.run(APPLY);
    expect(applied.exit).toBe(3);
    expect(applied.stdout).toContain("Apply: 1 done.");
    expect((await planAs(place, more + NEVER)).exit).toBe(3);
  });

  test("is tested on a saved plan before it is applied", { timeout: 60_000 }, async () => {
    const place = await startCompany();
    place.write("access.yaml", BOUND);
    await place.run(["plan", "--out", "plan.json", ...FLAGS]);
    place.write("access.yaml", BOUND + NEVER);
    const failed = await place.run(["test", "--plan", "plan.json", ...FLAGS]);
    expect(failed.exit).toBe(3);
    expect(failed.stdout).toContain("project:Acme/alpha/web: bob@acme.io has DATASET_DELETE.\n");
    expect((await place.run(["test", "--live", ...FLAGS])).exit).toBe(0);
    const json = JSON.parse((await place.run(["test", "--plan", "plan.json", "--json", ...FLAGS])).stdout);
    expect(json).toMatchObject({ exit: 3, world: "plan", assertions: [{ holds: false }] });
    const both = await place.run(["test", "--plan", "plan.json", "--live", ...FLAGS]);
    expect([both.exit, both.stderr]).toEqual([64, expect.stringContaining("exclude each other")]);
  });
});

describe("the policy", () => {
  const gateOf = async (policy: string, ...flags: readonly string[]): Promise<Seen> =>
    planAs(await startCompany(), `${BOUND}policy: { ${policy} }\n`, ...flags);

  test("holds a permission it names, though what gives it is open otherwise", async () => {
    const seen = await gateOf("hold: [DATASET_DELETE]");
    expect(seen).toMatchObject({ exit: 0, gates: { [BINDING]: { state: "held", by: ["gains-permission"] } } });
    expect(seen.details).toContain("gains-permission: Somebody gains DATASET_DELETE.");
    expect((await gateOf("hold: [DATASET_READ]")).gates).toEqual({ [BINDING]: { state: "open" } });
  });

  test("forbids a permission by a pattern, and a flag passes it", { timeout: 60_000 }, async () => {
    expect(await gateOf('forbid: ["DATASET_*"]')).toMatchObject({
      exit: 3,
      gates: { [BINDING]: { state: "blocked", by: ["gains-permission"], release: "--allow gains-permission" } },
    });
    expect(await gateOf('forbid: ["DATASET_*"]', "--allow", "gains-permission")).toMatchObject({
      exit: 0,
      gates: { [BINDING]: { state: "open" } },
    });
  });

  test("keeps permissions apart", { timeout: 60_000 }, async () => {
    const seen = await gateOf("separate: [[DATASET_CREATE, DATASET_DELETE]]");
    expect(seen).toMatchObject({
      exit: 3,
      gates: { [BINDING]: { state: "blocked", by: ["separation"], release: "--allow separation" } },
    });
    expect(seen.details).toContain(
      "separation: The policy keeps DATASET_CREATE and DATASET_DELETE apart; both would come to bob@acme.io in project:Acme/alpha/web.",
    );
    expect((await gateOf('separate: [{ permissions: [DATASET_CREATE, DATASET_DELETE], on: "space:**" }]')).exit).toBe(
      0,
    );
  });

  test("holds new admins, where it says so", { timeout: 60_000 }, async () => {
    const place = await startCompany();
    const raised = COMPANY.replace("bob@acme.io: member", "bob@acme.io: admin");
    expect((await planAs(place, raised)).gates).toEqual({ "org-member:Acme/bob@acme.io": { state: "open" } });
    const seen = await planAs(place, `${raised}policy: { hold: [gains-admin] }\n`);
    expect(seen).toMatchObject({
      exit: 0,
      gates: { "org-member:Acme/bob@acme.io": { state: "held", by: ["gains-admin"] } },
    });
    expect(seen.details).toContain("gains-admin: New admins: bob@acme.io in organization:Acme.");
  });
});
