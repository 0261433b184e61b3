import { join } from "node:path";
import { expect, test } from "vitest";
import { systemFiles } from "../../../src/host/system-files.ts";
import { makeFileStore } from "../../../src/state/file-store.ts";
import { openLedger } from "../../../src/state/ledger.ts";
import { makeHandClock } from "../../support/hand-clock.ts";
import { makeWorkplace, type Workplace } from "../../support/run-axcess.ts";
import { startTestAccount } from "../../support/sandbox-account.ts";

const TEAM = `version: 1
account: sandbox
people:
  jane@acme.io: { name: Jane, role: member, invite: none }
organizations:
  Acme:
    members: { jane@acme.io: member }
    spaces: { alpha: {}, beta: {} }
`;
const LEDGER = ".axcess/adopting.jsonl";
const ADOPT = ["adopt", "--sandbox", "--ledger", LEDGER];

/** An account that another ledger knows of. */
async function openTeam(): Promise<Workplace> {
  const place = makeWorkplace();
  place.write("access.yaml", TEAM);
  expect((await place.run(["apply", "--sandbox", "--auto-approve", "--quiet"])).exit).toBe(0);
  return place;
}

async function readEntries(place: Workplace): Promise<readonly Record<string, unknown>[]> {
  const text = await place.read(LEDGER);
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line).entry);
}

test("what fits is written to the ledger as ours, once, and nothing to the account", async () => {
  const place = await openTeam();
  const one = await place.run([...ADOPT, "space:Acme/alpha"]);
  expect(one).toEqual({ exit: 0, stderr: "", stdout: `adopted  space:Acme/alpha\n1 adopted. Written to ${LEDGER}.\n` });
  const more = await place.run([...ADOPT, "space:Acme/*", "org-member:Acme/**", "--json"]);
  expect(JSON.parse(more.stdout)).toMatchObject({
    adopted: ["org-member:Acme/jane@acme.io", "space:Acme/beta"],
    known: ["space:Acme/alpha"],
  });
  const entries = await readEntries(place);
  expect(entries.map(({ type }) => type)).toEqual(["run", "adoption", "end", "run", "adoption", "adoption", "end"]);
  expect(entries[0]).toMatchObject({ command: "adopt", by: "admin@sandbox.example", flags: [] });
  expect(entries[1]).toMatchObject({ address: "space:Acme/alpha", spec: { description: "", private: false } });
  const length = (await place.read(LEDGER)).length;
  const again = await place.run([...ADOPT, "*:Acme/alpha", "org-member:Acme/jane@acme.io"]);
  expect(again.stdout).toBe("0 adopted; 2 were already.\n");
  expect((await place.run([...ADOPT, "space:Acme/alpha"])).stdout).toBe("0 adopted; 1 was already.\n");
  expect((await place.read(LEDGER)).length).toBe(length);
  expect((await place.run(["plan", "--sandbox", "--ledger", LEDGER])).stdout).toContain("No changes.");
  expect((await place.run(["doctor", "--sandbox", "--ledger", LEDGER])).stdout).toContain("7 lines at");
});

test("what is not there, not anybody's, or no address is refused, and nothing is written", async () => {
  const place = await openTeam();
  const told = async (...patterns: readonly string[]): Promise<string> => {
    const { exit, stderr } = await place.run([...ADOPT, ...patterns]);
    return `${exit} ${stderr}`;
  };
  expect(await told("space:Acme/alpha", "space:Acme/bta")).toContain("Did you mean space:Acme/beta?");
  expect(await told("space:Acme/z*")).toBe("64 error  Nothing in the account fits space:Acme/z*.\n");
  expect(await told("role:Project Viewer")).toContain("64 error  role:Project Viewer belongs to the platform");
  expect(await told("team:Acme")).toContain('64 error  "team:Acme" is no address');
  expect(await told("Acme")).toContain('"Acme" is no address');
  place.write("access.yaml", TEAM.replace("account: sandbox", "account: other"));
  expect(await told("space:Acme/alpha")).toContain("AX390");
  await expect(place.read(LEDGER)).rejects.toThrow("ENOENT");
  const elsewhere = await place.run(["adopt", "space:Acme/alpha", "--now", "2026-11-01T12:00:00Z"]);
  expect(elsewhere).toMatchObject({ exit: 64 });
});

test("what the server does not show and axcess wrote before is remembered still", async () => {
  const place = makeWorkplace();
  place.write("access.yaml", "version: 1\n");
  const account = await startTestAccount({ switches: { orgUserRole: false } });
  try {
    const organization = await account.organization("Acme");
    const user = await account.person("ana");
    await account.joinOrganization(organization, user, "MEMBER");
    const address = "org-member:Acme/ana@example.com" as const;
    const change = { run: "run_1", change: "chg_1", op: "update", address } as const;
    const ledger = await openLedger({
      store: makeFileStore(join(place.folder, LEDGER), systemFiles),
      clock: makeHandClock(),
    });
    const remote = { organization, user };
    await ledger.append([
      { type: "intent", ...change, kind: "org-member", remote, to: { role: "member" } },
      { type: "outcome", ...change, result: "done", remote, to: { role: "member" } },
    ]);
    await ledger.close();
    const { url, adminKey } = account.sandbox;
    const env = { ARIZE_API_KEY: adminKey, ARIZE_BASE_URL: url, ARIZE_APP_URL: url };
    const adopted = await place.run(["adopt", address, "--ledger", LEDGER], { env });
    expect(adopted, adopted.stderr).toMatchObject({ exit: 0 });
    expect((await readEntries(place)).filter(({ type }) => type === "adoption")).toMatchObject([
      { address, remote, spec: { role: "member" } },
    ]);
  } finally {
    await account.close();
  }
});
