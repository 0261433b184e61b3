import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { makeSystemClock } from "../../../src/host/system-clock.ts";
import { systemFiles } from "../../../src/host/system-files.ts";
import { systemHost } from "../../../src/host/system-host.ts";
import type { Lock } from "../../../src/model/ledger-store.ts";
import { assignShard } from "../../../src/plan/shards.ts";
import { openStore } from "../../../src/state/open-store.ts";
import { makeWorkplace, type Ran, type Workplace } from "../../support/run-axcess.ts";
import { startTestAccount, type TestAccount } from "../../support/sandbox-account.ts";

// Research is of the second of two shards, and of the third of three; Sales of the first of two.
const [RESEARCH, SALES] = ["Research", "Sales"];

function company(
  organizations: Readonly<Record<string, unknown>>,
  more: Readonly<Record<string, unknown>> = {},
): string {
  return JSON.stringify({
    version: 1,
    people: Object.fromEntries(["ana", "ben", "cy"].map((name) => [`${name}@acme.io`, PERSON])),
    organizations,
    policy: { min_admins: 0, max_removals: 2, max_removal_percent: 100 },
    ...more,
  });
}

const PERSON = { name: "P", role: "member", invite: "none" };
const ALL = { "ana@acme.io": "member", "ben@acme.io": "member", "cy@acme.io": "member" };

function withMembers(members: Readonly<Record<string, string>>): Readonly<Record<string, unknown>> {
  return { manage: { members: "authoritative" }, members, spaces: { prod: { members } } };
}

const BOTH = company({ [RESEARCH]: withMembers(ALL), [SALES]: withMembers(ALL) });

interface Scene extends Workplace {
  readonly account: TestAccount;
  readonly axcess: (...words: readonly string[]) => Promise<Ran>;
  /** Plans every part into a file of its own, and the summary. */
  readonly planParts: (of: number, ...words: readonly string[]) => Promise<Ran>;
  readonly applyPart: (part: string, ...words: readonly string[]) => Promise<Ran>;
  /** Takes the lock of a part of the ledger, as a run on this machine has it that is still alive. */
  readonly lock: (ledger: string) => Promise<Lock>;
}

async function openScene(manifest: string): Promise<Scene> {
  const account = await startTestAccount({ switches: { graphqlQueriesPerMinute: undefined } });
  onTestFinished(account.close);
  const place = makeWorkplace();
  place.write("access.yaml", manifest);
  const env = { ARIZE_API_KEY: account.sandbox.adminKey, ARIZE_BASE_URL: account.sandbox.url };
  const axcess = (...words: readonly string[]): Promise<Ran> => place.run(words, { env });
  return {
    ...place,
    account,
    axcess,
    planParts: async (of, ...words) => {
      const parts = ["account", ...Array.from({ length: of }, (_, index) => String(index + 1))];
      const ran = await Promise.all(
        parts.map((part) => axcess("plan", "--shard", `${part}/${of}`, "--out", `plan-${part}.json`, ...words)),
      );
      expect(ran.map(({ exit, stderr }) => (exit === 1 ? stderr : ""))).toEqual(parts.map(() => ""));
      return axcess("summary", ...parts.map((part) => `plan-${part}.json`), "--out", "summary.json");
    },
    applyPart: (part, ...words) => axcess("apply", `plan-${part}.json`, "--summary", "summary.json", ...words),
    lock: async (ledger) => {
      const store = await openStore({ location: join(place.folder, ledger), files: systemFiles });
      return store.takeLock({ host: { ...systemHost, pid: 1 }, clock: makeSystemClock(undefined), run: "run_other" });
    },
  };
}

/** An account that was applied in two shards. */
async function openDivided(): Promise<Scene> {
  const scene = await openScene(BOTH);
  expect((await scene.planParts(2)).exit).toBe(0);
  for (const part of ["account", "1", "2"]) expect((await scene.applyPart(part)).exit).toBe(0);
  return scene;
}

describe("an account in two shards", () => {
  test("that the names of this test fall to", () => {
    expect([assignShard(RESEARCH, 2), assignShard(SALES, 2), assignShard(RESEARCH, 3)]).toEqual([2, 1, 3]);
  });

  test("is planned as it will be, and both shards are applied at once", async () => {
    const scene = await openScene(BOTH);
    const { axcess } = scene;
    const summary = await scene.planParts(2);
    expect([summary.exit, summary.stdout]).toEqual([0, expect.stringContaining("the parts may be applied")]);
    expect(summary.stdout).toContain("shard 1           ");
    const early = await scene.applyPart("1");
    expect([early.exit, early.stderr]).toEqual([1, expect.stringContaining("AX422")]);
    expect((await scene.applyPart("account")).exit).toBe(0);
    const both = await Promise.all([scene.applyPart("1"), scene.applyPart("2")]);
    expect(both.map(({ exit, stderr }) => [exit, stderr])).toEqual([0, 0].map(() => [0, expect.anything()]));
    expect((await axcess("plan", "--detailed-exitcode")).exit).toBe(0);
    for (const part of ["account", "1", "2"]) {
      const again = await axcess("plan", "--shard", `${part}/2`, "--detailed-exitcode");
      expect([again.exit, again.stdout]).toEqual([0, expect.stringContaining("No changes.")]);
    }
    const told = await axcess("ledger", "show");
    expect(told.stdout).toContain("from now on in 2 shards by organization");
    expect(told.stdout).toContain("with --shard 2/2 --summary sha256:");
    expect((await axcess("doctor")).stdout).toMatch(/in 3 parts/u);
    await expect(scene.read(".axcess/ledger.shard-2.jsonl")).resolves.toContain(RESEARCH);
    await expect(scene.read(".axcess/ledger.shard-1.jsonl")).resolves.not.toContain(RESEARCH);
  });

  test("reads inside of its own organizations alone, and says what it left to others", async () => {
    const { account, axcess } = await openDivided();
    const before = account.sandbox.log.length;
    const planned = await axcess("plan", "--shard", "1/2");
    expect(planned.stdout).toContain("Shard 1 of 2, by organization; 1 organizations left to other parts.");
    const since = account.sandbox.log.slice(before).filter(({ path }) => path === "/v2/spaces");
    expect(since).toHaveLength(1);
  });

  test("excludes a second run of one shard, and a run of the whole, but not of another shard", async () => {
    const scene = await openDivided();
    const lock = await scene.lock(".axcess/ledger.shard-1.jsonl");
    onTestFinished(() => lock.release());
    const [own, whole] = [await scene.applyPart("1"), await scene.axcess("apply", "--auto-approve")];
    expect([own.exit, own.stderr]).toEqual([1, expect.stringContaining("AX505")]);
    expect([whole.exit, whole.stderr]).toEqual([1, expect.stringContaining("AX505")]);
    const anew = await scene.axcess("apply", "--shard", "account/3", "--auto-approve", "--no-summary");
    expect([anew.exit, anew.stderr]).toEqual([1, expect.stringContaining("AX505")]);
    expect((await scene.axcess("apply", "--shard", "2/2", "--auto-approve", "--no-summary")).exit).toBe(0);
    expect((await scene.axcess("apply", "--shard", "account/2", "--auto-approve", "--no-summary")).exit).toBe(0);
  });

  test("does nothing in a shard that rests on what the account part has not done", async () => {
    const scene = await openDivided();
    const people = { "ana@acme.io": PERSON, "ben@acme.io": PERSON, "cy@acme.io": PERSON, "dee@acme.io": PERSON };
    const members = { ...ALL, "dee@acme.io": "member" };
    scene.write("access.yaml", company({ [RESEARCH]: withMembers(members), [SALES]: withMembers(ALL) }, { people }));
    await scene.planParts(2);
    const early = await scene.applyPart("2");
    expect([early.exit, early.stderr]).toEqual([1, expect.stringContaining("AX423")]);
    expect(early.stderr).toContain("create org-member:Research/dee@acme.io");
    expect((await scene.applyPart("1")).exit).toBe(0);
    expect((await scene.applyPart("account")).exit).toBe(0);
    expect((await scene.applyPart("2")).exit).toBe(0);
  });
});

describe("the summary of all parts", () => {
  test("is needed to apply one of them", async () => {
    const scene = await openScene(BOTH);
    await scene.planParts(2);
    const bare = await scene.axcess("apply", "plan-account.json");
    expect([bare.exit, bare.stderr]).toEqual([1, expect.stringContaining("AX425")]);
    const fresh = await scene.axcess("apply", "--shard", "account/2", "--auto-approve");
    expect([fresh.exit, fresh.stderr]).toEqual([1, expect.stringContaining("AX425")]);
    await scene.axcess("plan", "--shard", "account/2", "--allow", "locks-out", "--out", "plan-account.json");
    const other = await scene.applyPart("account");
    expect([other.exit, other.stderr]).toEqual([1, expect.stringContaining("does not name this plan")]);
    const meant = await scene.axcess("apply", "plan-account.json", "--no-summary");
    expect(meant.exit).toBe(0);
    expect((await scene.axcess("ledger", "show")).stdout).toContain("--no-summary");
  });

  test("stops what is too much for the whole and not for a part", async () => {
    const scene = await openDivided();
    const left = { "ana@acme.io": "member" };
    const fewer = { manage: { members: "authoritative" }, members: left, spaces: { prod: { members: left } } };
    scene.write("access.yaml", company({ [RESEARCH]: fewer, [SALES]: fewer }));
    const stopped = await scene.planParts(2);
    expect([stopped.exit, stopped.stdout]).toEqual([3, expect.stringContaining("All parts together remove 4 objects")]);
    const refused = await scene.applyPart("1");
    expect([refused.exit, refused.stderr]).toEqual([1, expect.stringContaining("The summary is blocked.")]);
    const plans = ["plan-account.json", "plan-1.json", "plan-2.json"];
    const let4 = await scene.axcess("summary", ...plans, "--max-removals", "4", "--out", "summary.json");
    expect(let4.exit).toBe(0);
    expect((await scene.applyPart("1")).exit).toBe(3);
    const by = ["--by", "eve@acme.io", "--reason", "left", "--output", "approvals/left.yaml"];
    expect((await scene.axcess("approve", "plan-1.json", "--all", ...by)).exit).toBe(0);
    const older = await scene.read(".axcess/ledger.shard-1.jsonl");
    expect((await scene.applyPart("1")).exit).toBe(0);
    const page = await scene.axcess("summary", ...plans, "--format", "markdown");
    expect(page.stdout).toContain("| shard 1 | 2 to delete, 2 held |");
    const json = JSON.parse((await scene.axcess("summary", ...plans, "--json")).stdout);
    expect(json).toMatchObject({ exit: 3, summary: { of: 2 }, plan: { steps: { length: 4 } } });
    // The approvals are of the shard's own part: in an older copy of that, nobody could know that they were used.
    scene.write(".axcess/ledger.shard-1.jsonl", older.split("\n").slice(0, 1).concat("").join("\n"));
    scene.write("access.yaml", BOTH);
    expect((await scene.axcess("apply", "--shard", "1/2", "--auto-approve", "--no-summary")).exit).toBe(0);
    scene.write("access.yaml", company({ [RESEARCH]: fewer, [SALES]: fewer }));
    const again = await scene.axcess("apply", "--shard", "1/2", "--auto-approve", "--no-summary");
    expect([again.exit, again.stderr]).toEqual([3, expect.stringContaining("AX404")]);
  });

  test("stops the account part where an assertion in a shard would no longer hold by it", async () => {
    const roles = (permissions: readonly string[]) => ({
      roles: { Maker: { permissions } },
      assertions: [{ who: ["ana@acme.io"], can: ["DATASET_CREATE"], on: ["space:Research/prod"] }],
    });
    const maker = { members: ALL, spaces: { prod: { members: { "ana@acme.io": "Maker" } } } };
    const scene = await openScene(company({ [RESEARCH]: maker }, roles(["DATASET_CREATE", "DATASET_READ"])));
    expect((await scene.axcess("apply", "--auto-approve")).exit).toBe(0);
    scene.write("access.yaml", company({ [RESEARCH]: maker }, roles(["DATASET_READ"])));
    const stopped = await scene.planParts(2);
    expect([stopped.exit, stopped.stdout]).toEqual([3, expect.stringContaining("blocked assertion")]);
    const meant = ["--allow", "assertion", "--out", "summary.json"];
    const passed = await scene.axcess("summary", "plan-1.json", "plan-2.json", "plan-account.json", ...meant);
    expect(passed.stdout).toContain("the parts may be applied");
  });

  test("wants every part of one division, account and manifest, once", async () => {
    const scene = await openScene(BOTH);
    await scene.planParts(2);
    const refusal = async (...plans: readonly string[]): Promise<string> => {
      const ran = await scene.axcess("summary", ...plans);
      expect(ran.exit).toBe(1);
      return ran.stderr;
    };
    expect(await refusal("plan-account.json", "plan-1.json")).toContain("The plan of shard 2 is missing.");
    const twice = await refusal("plan-account.json", "plan-1.json", "plan-1.json", "plan-2.json");
    expect(twice).toContain("There are 2 plans of shard 1.");
    await scene.axcess("plan", "--out", "whole.json");
    expect(await refusal("whole.json")).toContain("None of the plans is of a part");
    expect(await refusal("whole.json", "plan-1.json")).toContain("At least one of the plans is of the whole account.");
    await scene.axcess("plan", "--shard", "2/3", "--max-removals", "9", "--out", "other.json");
    const other = await refusal("plan-1.json", "other.json");
    expect(other).toContain("That of shard 2 is a plan of another division than that of shard 1.");
    expect(other).toContain("made with other flags");
    scene.write("access.yaml", company({ [RESEARCH]: withMembers(ALL) }));
    await scene.axcess("plan", "--shard", "2/2", "--out", "other.json");
    expect(await refusal("plan-account.json", "plan-1.json", "other.json")).toContain("made from another manifest");
    scene.write("changed.json", (await scene.read("plan-1.json")).replace('"elsewhere"', '"elsewhere "'));
    expect(await refusal("changed.json")).toContain("AX330");
  });
});

describe("the ledger of a divided account", () => {
  test("is copied with all its parts, and remembers what it did", async () => {
    const scene = await openDivided();
    const copied = await scene.axcess("ledger", "copy", "moved/ledger.jsonl");
    expect([copied.exit, copied.stdout]).toEqual([0, expect.stringContaining("in 3 parts")]);
    for (const part of ["", ".shard-1", ".shard-2"])
      expect(await scene.read(`moved/ledger${part}.jsonl`)).toBe(await scene.read(`.axcess/ledger${part}.jsonl`));
    const history = await scene.axcess("ledger", "show", "--ledger", "moved/ledger.jsonl");
    expect(history.stdout).toBe((await scene.axcess("ledger", "show")).stdout);
    scene.write("access.yaml", company({ [RESEARCH]: withMembers({ "ana@acme.io": "member" }) }));
    const planned = await scene.axcess("plan", "--ledger", "moved/ledger.jsonl", "--out", "plan.json");
    expect([planned.exit, planned.stderr]).toEqual([0, ""]);
    // What shard 2 managed is not managed for the first time.
    expect(await scene.read("plan.json")).not.toContain("first-managed");
  });

  test("is not copied while a shard is at work, nor over one that is there: then nothing is", async () => {
    const scene = await openDivided();
    const lock = await scene.lock(".axcess/ledger.shard-2.jsonl");
    const refused = await scene.axcess("ledger", "copy", "moved/ledger.jsonl");
    expect([refused.exit, refused.stderr]).toEqual([1, expect.stringContaining("AX505")]);
    await lock.release();
    mkdirSync(join(scene.folder, "moved"), { recursive: true });
    scene.write("moved/ledger.shard-2.jsonl", "mine");
    const kept = await scene.axcess("ledger", "copy", "moved/ledger.jsonl");
    expect([kept.exit, kept.stderr]).toEqual([64, expect.stringContaining("nothing was copied")]);
    await expect(scene.read("moved/ledger.shard-1.jsonl")).rejects.toThrow("ENOENT");
  });
});

describe("another number of shards", () => {
  test("is begun by the account part, and what a shard wrote before is remembered by whoever has it now", async () => {
    const scene = await openDivided();
    const members = { "ana@acme.io": "member", "ben@acme.io": "member" };
    const fewer = { manage: { members: "authoritative" }, members, spaces: { prod: { members } } };
    scene.write("access.yaml", company({ [RESEARCH]: fewer, [SALES]: withMembers(ALL) }));
    expect((await scene.planParts(3)).exit).toBe(0);
    const early = await scene.applyPart("3");
    expect([early.exit, early.stderr]).toEqual([1, expect.stringContaining("AX422")]);
    expect((await scene.applyPart("account")).exit).toBe(0);
    const plan = await scene.read("plan-3.json");
    expect(plan).toContain('"delete"');
    // Shard 2 of 2 managed the members: shard 3 of 3 does not do so for the first time.
    expect(plan).not.toContain("first-managed");
    expect((await scene.applyPart("3")).exit).toBe(3);
    const old = await scene.axcess("apply", "--shard", "2/2", "--auto-approve", "--no-summary");
    expect([old.exit, old.stderr]).toEqual([1, expect.stringContaining("divided into 3 by organization")]);
  });
});

describe("the flags", () => {
  test("name a part that there is, and go with what they are for", async () => {
    const scene = await openScene(BOTH);
    const refusal = async (...words: readonly string[]): Promise<string> => {
      const ran = await scene.axcess(...words);
      expect(ran.exit).toBe(64);
      return ran.stderr;
    };
    for (const word of ["3/2", "0/2", "x", "account/0", "1/1001", "1"])
      expect(await refusal("plan", "--shard", word)).toContain("--shard wants one of several parts");
    expect(await refusal("plan", "--shard-by", "space")).toContain("--shard-by needs --shard");
    expect(await refusal("plan", "--shard", "1/2", "--shard-by", "project")).toContain("organization and space");
    expect(await refusal("plan", "--shard", "1/2", "--base", "access.yaml")).toContain("exclude each other");
    expect(await refusal("apply", "--auto-approve", "--no-summary")).toContain("for a part of the account");
    await scene.planParts(1);
    expect(await refusal("apply", "plan-1.json", "--shard", "1/1")).toContain("applied as it is");
    expect(await refusal("apply", "plan-1.json", "--summary", "none.json")).toContain("There is no summary");
    expect(await refusal("apply", "plan-1.json", "--summary", "plan-1.json")).toContain("is not a summary");
    expect(await refusal("summary", "plan-1.json", "--allow", "last-admin")).toContain("for the plan of a part");
    expect(await refusal("summary", "plan-1.json", "--format", "html")).toContain("no --format html");
  });
});

describe("drift of one part", () => {
  test("is what others changed in it, and nothing of another part is read or told", async () => {
    const scene = await openDivided();
    const { account, axcess } = scene;
    expect(
      (await Promise.all(["account/2", "1/2", "2/2"].map((part) => axcess("drift", "--shard", part)))).map(
        ({ exit }) => exit,
      ),
    ).toEqual([0, 0, 0]);
    const first = async (path: string, list: string): Promise<string> =>
      (await account.rest("GET", path)).body[list][0].id;
    const organization = await first(`/v2/organizations?name=${SALES}`, "organizations");
    const space = await first(`/v2/spaces?org_id=${organization}`, "spaces");
    const person = await first("/v2/users?email=ana@acme.io", "users");
    expect((await account.rest("DELETE", `/v2/spaces/${space}/users/${person}`)).status).toBe(204);
    const before = account.sandbox.log.length;
    const [other, own] = [await axcess("drift", "--shard", "2/2"), await axcess("drift", "--shard", "1/2", "--json")];
    expect([other.exit, other.stdout]).toEqual([0, expect.not.stringContaining("ana@acme.io")]);
    expect(own.exit).toBe(2);
    expect((JSON.parse(own.stdout) as { drift: unknown[] }).drift).toEqual([
      expect.objectContaining({ sort: "missing", address: "space-member:Sales/prod/ana@acme.io" }),
    ]);
    const asked = account.sandbox.log
      .slice(before)
      .filter(({ path, query }) => path === "/v2/spaces" && new URLSearchParams(query).get("org_id") === organization);
    expect(asked).toHaveLength(1);
  });

  test("is not written into the manifest", async () => {
    const { axcess } = await openScene(BOTH);
    const ran = await axcess("drift", "--shard", "1/2", "--write");
    expect([ran.exit, ran.stderr]).toEqual([64, expect.stringContaining("--write is for the whole account")]);
  });
});
