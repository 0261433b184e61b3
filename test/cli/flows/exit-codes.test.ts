import { expect, onTestFinished, test } from "vitest";
import { type FaultRule, type Sandbox, startSandbox } from "../../../src/sandbox/start-sandbox.ts";
import { makeWorkplace, type Ran, type Workplace } from "../../support/run-axcess.ts";

const MANIFEST = `version: 1
people:
  jane@acme.io: { name: Jane Doe, role: member, invite: none }
  bob@acme.io: { name: Bob Roe, role: member, invite: none }
roles:
  Reader: { description: Reads, permissions: [PROJECT_READ] }
organizations:
  Platform Team:
    manage: { members: authoritative }
    members: { jane@acme.io: member, bob@acme.io: member }
`;

interface Account {
  readonly place: Workplace;
  readonly sandbox: Sandbox;
  readonly run: (...argv: readonly string[]) => Promise<Ran>;
}

/** An account in memory behind the environment, as a real one would be. */
async function openAccount(): Promise<Account> {
  const sandbox = await startSandbox({ directory: undefined, port: 0, seed: 1 });
  onTestFinished(() => sandbox.close());
  const place = makeWorkplace();
  place.write("access.yaml", MANIFEST);
  const env = { ARIZE_API_KEY: sandbox.adminKey, ARIZE_BASE_URL: sandbox.url, ARIZE_APP_URL: sandbox.url };
  return { place, sandbox, run: (...argv) => place.run(argv, { env }) };
}

function refuse(method: string, path: string): FaultRule {
  return { method, path, times: 1000, effect: { kind: "status", status: 403 } };
}

test("6: removals are wanted in what could not be read whole", async () => {
  const { place, sandbox, run } = await openAccount();
  expect((await run("apply", "--auto-approve")).exit).toBe(0);
  place.write("access.yaml", `${MANIFEST.replace(/ {2}Reader.*\n/u, "    {}\n")}manage: { roles: authoritative }\n`);
  const held = await run("plan", "--detailed-exitcode");
  expect(held.stdout).toContain("- delete role:Reader  held chg_");
  expect(held.exit).toBe(2);
  sandbox.setFaults([refuse("POST", "/graphql")]);
  const blind = await run("plan", "--detailed-exitcode");
  expect(blind.exit, blind.stdout).toBe(6);
  expect(blind.stdout).toContain("What cannot be known\n");
  expect(blind.stdout).toContain("could not be read whole\n  role:Reader\n");
  expect(blind.stdout).not.toContain("- delete");
  const doctor = await run("doctor");
  expect(doctor.stdout).toContain("warn  account admin: unknown");
});

test("5: some changes were made, some failed; the next run makes the rest", async () => {
  const { sandbox, run } = await openAccount();
  sandbox.setFaults([refuse("POST", "/v2/roles")]);
  const partial = await run("apply", "--auto-approve");
  expect(partial.exit).toBe(5);
  expect(partial.stdout).toContain("failed  + create role:Reader\n");
  expect(partial.stdout).toContain("Left: 1 to create; 1 open.\n  + create role:Reader  open chg_");
  sandbox.setFaults([]);
  const rest = await run("apply", "--auto-approve");
  expect(rest.exit, rest.stderr).toBe(0);
  expect(rest.stdout).toContain("Apply: 1 done.\nThe account now matches the manifest.\n");
});

test("3: a gate blocks, until the flag that names it is given", async () => {
  const { place, run } = await openAccount();
  expect((await run("apply", "--auto-approve")).exit).toBe(0);
  place.write("access.yaml", `${MANIFEST.replace(", bob@acme.io: member }", " }")}policy: { max_removals: 0 }\n`);
  const blocked = await run("plan");
  expect(blocked.exit).toBe(3);
  expect(blocked.stdout).toContain("Blocked: no approval releases these\n");
  const passed = await run("plan", "--max-removals", "1");
  expect(passed.exit).toBe(0);
  expect(passed.stdout).toContain("Made with these flags\n  --max-removals 1\n");
});

test("64: other times than now are for the sandbox", async () => {
  const { run } = await openAccount();
  const refused = await run("apply", "--auto-approve", "--now", "2020-01-01T00:00:00Z");
  expect(refused.exit).toBe(64);
  expect(refused.stderr).toContain("--now cannot be applied");
});
