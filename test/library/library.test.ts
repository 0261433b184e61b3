import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import {
  access,
  apply,
  approve,
  DiagnosedError,
  drift,
  type EngineEvent,
  explain,
  exportManifest,
  loadManifest,
  type PartName,
  type PartOption,
  type Plan,
  plan,
  type ReconcileOptions,
  readLedger,
  review,
  type Sandbox,
  startSandbox,
  summarize,
  UsageError,
  validate,
  verifyLedger,
  whoCan,
} from "../../src/axcess.ts";

const NOW = new Date("2027-01-15T09:00:00Z");
const LATER = new Date("2027-01-16T09:00:00Z");

const TRIAL = `version: 1
people:
  ana@acme.example: { name: Ana, role: member, invite: none }
organizations:
  Acme:
    members: { ana@acme.example: member }
    spaces:
      lab:
        members: { ana@acme.example: member }
`;

describe("the library", () => {
  test("makes a manifest true, and tells it, the ledger and the questions as values", async () => {
    const { options, sandbox } = await openTrial();
    const events: EngineEvent[] = [];
    const planned = await plan(options);
    expect(deeds(planned)).toEqual([
      "create organization:Acme",
      "create space:Acme/lab",
      "create user:ana@acme.example",
      "create org-member:Acme/ana@acme.example",
      "create space-member:Acme/lab/ana@acme.example",
    ]);
    const applied = await apply({ ...options, plan: planned, onEvent: (event) => events.push(event) });
    expect([applied.exit, applied.remaining?.steps]).toEqual([0, []]);
    expect(applied.report.results.map(({ state }) => state)).toEqual(Array.from({ length: 5 }, () => "done"));
    const types = new Set(events.map(({ type }) => type));
    expect([...types].sort()).toEqual([
      "ended",
      "looking",
      "noted",
      "reading",
      "reported",
      "settled",
      "started",
      "verified",
    ]);

    const connection = { sandbox };
    const place = "space:Acme/lab";
    const { person, access: held } = await explain({ connection, person: "Ana@acme.example", place });
    expect([person, held.paths.map(({ grant }) => grant)]).toEqual([
      "user:ana@acme.example",
      ["space-member:Acme/lab/ana@acme.example"],
    ]);
    const holders = await whoCan({ connection, permission: "PROJECT_SPAN_READ", place });
    expect(holders.map((entry) => entry.person)).toContain("user:ana@acme.example");
    expect((await access({ connection, person: "ana@acme.example" })).map((entry) => entry.place)).toEqual([
      "organization:Acme",
      place,
    ]);
    const exported = await exportManifest({ connection, scopes: ["organization:Acme"] });
    expect(exported.files.map(({ path }) => path)).toEqual(["access.yaml"]);
    expect(exported.files[0]?.text).toContain("lab:");

    const { runs, lines } = await readLedger(options);
    expect(runs.map(({ command, exit }) => [command, exit])).toEqual([["apply", 0]]);
    expect(await verifyLedger(options)).toEqual({ lines: lines.length, last: lines.at(-1)?.digest });
    expect((await drift(options)).items).toEqual([]);
  });

  test("what is held waits for an approval, which is a value", async () => {
    const { options } = await openTrial();
    await apply({ ...options, autoApprove: true });
    const text = `version: 1\nabsent: ["space:Acme/lab"]\norganizations:\n  Acme: {}\n`;
    const removing = { ...options, manifest: { text } };
    const planned = await plan(removing);
    const waiting = await apply({ ...removing, plan: planned });
    expect([waiting.exit, waiting.report.results.map(({ state }) => state)]).toEqual([3, ["held"]]);

    const approval = approve({ plan: planned, by: "vera@acme.example", reason: "closed", expires: LATER, now: NOW });
    const late = { ...removing, plan: planned, approvals: [approval], now: new Date("2027-02-01T00:00:00Z") };
    expect((await apply(late)).exit).toBe(3);
    const done = await apply({ ...removing, plan: planned, approvals: [approval] });
    expect([done.exit, done.report.results.map(({ approvedBy }) => approvedBy)]).toEqual([0, [["vera@acme.example"]]]);
    const asApproved = { now: NOW, by: "vera@acme.example", reason: "closed", expires: LATER };
    expect(() => approve({ plan: { ...planned, steps: [] }, ...asApproved })).toThrow(UsageError);
  });

  test("a plan that no longer fits, or was edited, is refused before anything is changed", async () => {
    const { options } = await openTrial();
    const planned = await plan(options);
    const edited = { ...planned, steps: planned.steps.slice(1) };
    expect(await codesOf(apply({ ...options, plan: edited }))).toEqual(["AX332"]);
    await apply({ ...options, manifest: { text: "version: 1\norganizations:\n  Acme: {}\n" }, autoApprove: true });
    const moved = { ...options, manifest: { text: TRIAL.replace("lab", "workshop") }, plan: planned };
    expect(await codesOf(apply(moved))).toEqual(["AX392"]);
  });

  test("what is approved without naming changes is all that waits, a weakening of the rules too", async () => {
    const { options } = await openTrial();
    const ruled = (rules: string, more = ""): ReconcileOptions => {
      const text = `${TRIAL}policy: { approvals: { ${rules} } }\n${more}`;
      return { ...options, manifest: { text } };
    };
    await apply({ ...ruled("default: 2"), autoApprove: true });
    const weaker = ruled("default: 1", 'absent: ["project:Acme/lab/p"]\n');
    const planned = await plan(weaker);
    const change = planned.approvals?.change?.id ?? "chg_none";
    const said = { plan: planned, reason: "fewer of us", expires: LATER, now: NOW };
    const approvals = ["vera@acme.example", "otto@acme.example"].map((by) => approve({ ...said, by }));
    expect(approvals.map(({ changes }) => changes)).toEqual([[change], [change]]);
    const before = await apply({ ...weaker, plan: planned, approvals: approvals.slice(1) });
    expect(before.plan.approvals?.change?.id).toBe(change);
    expect((await plan(weaker)).approvals?.change?.id).toBe(change);
    await apply({ ...weaker, plan: planned, approvals });
    expect((await plan(weaker)).approvals?.change).toBeUndefined();
  });

  test("who has access to what is told owner by owner, as the texts of the files, and nothing is written", async () => {
    const { options } = await openTrial();
    await apply({ ...options, autoApprove: true });
    const before = readdirSync(options.folder);
    const owned = { ...options, manifest: { text: `${TRIAL}owners: { "space:Acme/lab": [ana@acme.example] }\n` } };
    const all = await review(owned);
    expect(all.packets.map(({ owner, places }) => [owner, places.map(({ place }) => place)])).toEqual([
      ["ana@acme.example", ["space:Acme/lab"]],
      [undefined, ["organization:Acme"]],
    ]);
    expect([all.asOf, all.unread, all.files.length]).toEqual([NOW.toISOString(), [], 10]);
    const { files } = await review({ ...owned, formats: ["csv"] });
    const names = ["index.csv", "ana@acme.example.csv", "without-an-owner.csv", "index.sha256"];
    expect(files.map(({ name }) => name)).toEqual(names);
    expect(files[1]?.text).toContain("space-member:Acme/lab/ana@acme.example");
    expect(files.slice(0, 3).every((file) => all.files.some(({ text }) => text === file.text))).toBe(true);
    const { now: _, ...undated } = owned;
    expect((await review(undated)).asOf).toBe((await readLedger(options)).lines.at(-1)?.at);
    expect(readdirSync(options.folder)).toEqual(before);
  });

  test("drift names who is recorded to have made it", async () => {
    const { options } = await openTrial();
    const described = (words: string): string => TRIAL.replace("  Acme:\n", `  Acme:\n    description: ${words}\n`);
    const mine = { ...options, manifest: { text: described("ours") } };
    await apply({ ...mine, autoApprove: true });
    const theirs = { ...options, manifest: { text: described("theirs") }, ledger: "theirs.jsonl" };
    await apply({ ...theirs, autoApprove: true });
    const { items, because } = await drift(mine);
    expect([because, items.map(({ sort, address }) => `${sort} ${address}`)]).toEqual([
      undefined,
      ["changed organization:Acme"],
    ]);
    expect(items[0]?.lastRecorded).toMatchObject({ by: "admin@sandbox.example", operation: "update_organization" });
  });

  test("a signal keeps new steps from starting", async () => {
    const { options } = await openTrial();
    const controller = new AbortController();
    const onEvent = ({ type }: EngineEvent): void => {
      if (type === "settled") controller.abort();
    };
    const { exit, report } = await apply({ ...options, autoApprove: true, signal: controller.signal, onEvent });
    expect([exit, report.interrupted]).toEqual([130, true]);
    expect(report.results.some(({ state }) => state === "skipped")).toBe(true);
  });

  test("a question can be asked of the manifest, and of a plan", async () => {
    const { options } = await openTrial();
    const question = { ...options, person: "ana@acme.example", place: "space:Acme/lab" };
    const declared = await explain({ ...question, of: "declared" });
    expect(declared.access.paths).toHaveLength(1);
    const planned = await explain({ ...question, of: await plan(options) });
    expect(planned.access.paths).toHaveLength(1);
    await expect(explain(question)).rejects.toThrow(UsageError);
  });

  test("what is wrong with a manifest is told as diagnostics", async () => {
    const broken = { manifest: { text: "version: 1\norganisations: {}\n", name: "mine.yaml" } };
    const { manifest, diagnostics } = await validate(broken);
    expect([manifest, diagnostics.map(({ code, at }) => [code, at?.file])]).toEqual([
      undefined,
      [["AX120", "mine.yaml"]],
    ]);
    expect(await codesOf(loadManifest(broken))).toEqual(["AX120"]);
    expect((await loadManifest({ manifest: { text: "version: 1\n" } })).assertions).toEqual([]);
  });

  test("what is asked for must be said", async () => {
    const { options, sandbox } = await openTrial();
    const { ledger: _, ...homeless } = options;
    await expect(apply(options)).rejects.toThrow("There is no plan to apply.");
    await expect(apply({ ...homeless, autoApprove: true })).rejects.toThrow("has no ledger of its own");
    for (const authors of [["eve"], [""], "eve@acme.example" as unknown as string[], [7 as unknown as string]]) {
      const wanted = { ...options, autoApprove: true as const, authors };
      await expect(apply(wanted)).rejects.toThrow("The authors are no list of e-mails.");
    }
    const real = { ...options, connection: { apiKey: () => sandbox.adminKey, baseUrl: sandbox.url } };
    await expect(apply({ ...real, autoApprove: true })).rejects.toThrow("`now` cannot be applied");
    await expect(plan({ ...real, connection: { ...real.connection, region: "eu" } })).rejects.toThrow("exclude");
    await expect(plan({ ...real, connection: { apiKey: "k", baseUrl: "https://x.example" } })).rejects.toThrow(
      "appUrl",
    );
    await expect(plan({ ...real, connection: { ...real.connection, apiKey: "no key" } })).rejects.toThrow("`apiKey`");
    await expect(verifyLedger({ ledger: "none.jsonl", folder: options.folder })).rejects.toThrow("no ledger at");
    expect((await readLedger({ ledger: "none.jsonl", folder: options.folder })).lines).toEqual([]);
    expect(deeds(await plan(real))).toHaveLength(5);
  });

  describe("an account that is divided", () => {
    // Sales is of the first of two shards, Research of the second.
    const DIVIDED = {
      text: TRIAL.replace("Acme", "Research") + TRIAL.slice(TRIAL.indexOf("  Acme")).replace("Acme", "Sales"),
    };
    const PARTS = ["account", 1, 2] as const;

    test("is planned part by part, judged as a whole, and applied, each part with its own ledger", async () => {
      const { options } = await openTrial();
      const whole = { ...options, manifest: DIVIDED };
      const inPart = (part: PartName): typeof whole & { shard: PartOption } => ({ ...whole, shard: { part, of: 2 } });
      const plans = await Promise.all(PARTS.map((part) => plan(inPart(part))));
      expect(plans.map(({ shard, steps }) => [shard?.part, steps.length])).toEqual([
        ["account", 3],
        [1, 3],
        [2, 3],
      ]);
      const [account, ...shards] = plans as [Plan, Plan, Plan];
      expect(await codesOf(apply({ ...whole, plan: account }))).toEqual(["AX425"]);
      expect(await codesOf(summarize({ plans: shards }))).toEqual(["AX424"]);
      const summary = await summarize({ plans: plans.toReversed() });
      expect([summary.blocks, summary.parts.map(({ part }) => part)]).toEqual([[], PARTS]);
      const edited = apply({ ...whole, plan: account, summary: { ...summary, blocks: [], whole: "sha256:0" } });
      await expect(edited).rejects.toThrow("The summary was changed");
      expect(await codesOf(apply({ ...whole, plan: shards[0], summary }))).toEqual(["AX422"]);
      expect((await apply({ ...whole, plan: account, summary })).exit).toBe(0);
      const both = await Promise.all(shards.map((each) => apply({ ...whole, plan: each, summary })));
      expect(both.map(({ exit }) => exit)).toEqual([0, 0]);
      expect(deeds(await plan(whole))).toEqual([]);
      expect(
        readdirSync(options.folder)
          .filter((name) => name.startsWith("ledger"))
          .sort(),
      ).toEqual(["ledger.jsonl", "ledger.shard-1.jsonl", "ledger.shard-2.jsonl"]);
      expect((await drift(inPart(1))).items).toEqual([]);
      expect((await readLedger(options)).runs).toHaveLength(3);
    });

    test("holds what is removed in a shard until that is approved there, and judges removals over all", async () => {
      const { options } = await openTrial();
      const whole = { ...options, manifest: DIVIDED };
      await apply({ ...whole, autoApprove: true });
      const absent = '["space:Research/lab", "space:Sales/lab"]';
      const text = `version: 1\nabsent: ${absent}\norganizations:\n  Research: {}\n  Sales: {}\npolicy: { max_removals: 1 }\n`;
      const removing = { ...whole, manifest: { text } };
      const inPart = (part: PartName): Parameters<typeof plan>[0] => ({ ...removing, shard: { part, of: 2 } });
      const plans = await Promise.all(PARTS.map((part) => plan(inPart(part))));
      const blocked = await summarize({ plans });
      expect(blocked.blocks.map(({ code }) => code)).toEqual(["mass-removal"]);
      const summary = await summarize({ plans, limits: { maxRemovals: 2 } });
      expect(summary.blocks).toEqual([]);
      expect((await summarize({ plans, limits: { allow: ["mass-removal"] } })).blocks).toEqual([]);
      await expect(summarize({ plans, limits: { allow: ["last-admin"] } })).rejects.toThrow("for the plan of a part");
      const [account, , second] = plans as [Plan, Plan, Plan];
      await apply({ ...removing, plan: account, summary });
      expect(await codesOf(apply({ ...removing, plan: second, summary: blocked }))).toEqual(["AX425"]);
      expect((await apply({ ...removing, plan: second, summary })).exit).toBe(3);
      const approval = approve({ plan: second, by: "vera@acme.example", reason: "closed", expires: LATER, now: NOW });
      const done = await apply({ ...removing, plan: second, summary, approvals: [approval] });
      expect(done.report.results.map(({ state, step }) => `${state} ${step.address}`)).toEqual([
        "done space:Research/lab",
      ]);
    });

    test("has no part that is not one of its parts, and is taken back as a whole", async () => {
      const { options } = await openTrial();
      const wanted = { ...options, manifest: DIVIDED };
      await expect(plan({ ...wanted, shard: { part: 3, of: 2 } })).rejects.toThrow("There is no part 3 of 2.");
      await expect(plan({ ...wanted, shard: { part: "account", of: 1001 } })).rejects.toThrow(
        "There is no part account of 1001.",
      );
      await expect(plan({ ...wanted, shard: { part: 1, of: 2 }, undo: "run_" })).rejects.toThrow(
        "for the whole account",
      );
      await expect(apply({ ...wanted, autoApprove: true, summary: "none" })).rejects.toThrow("A summary is for a part");
      const planned = apply({ ...wanted, autoApprove: true, shard: { part: "account", of: 2 } });
      expect(await codesOf(planned)).toEqual(["AX425"]);
      const meant = { ...wanted, autoApprove: true, summary: "none" } as const;
      expect((await apply({ ...meant, shard: { part: "account", of: 2, by: "space" } })).exit).toBe(0);
    });
  });

  test("a sandbox in a folder is started for the call, under the name that the command line gives it", async () => {
    const { options } = await openTrial();
    const { ledger: _, ...own } = { ...options, connection: { sandbox: "account" } };
    await apply({ ...own, autoApprove: true });
    const planned = await plan(own);
    expect([deeds(planned), planned.account.url]).toEqual([[], "sandbox:account"]);
    expect((await readLedger({ ledger: "account-ledger.jsonl", folder: own.folder })).runs).toHaveLength(1);
    const undone = await plan({ ...own, undo: "run_" });
    expect(undone.steps.every(({ op }) => op === "delete")).toBe(true);
    expect(undone.basis.undo).toMatch(/^run_/u);
  });
});

interface Trial {
  readonly sandbox: Sandbox;
  readonly options: ReconcileOptions & { readonly ledger: string; readonly folder: string };
}

async function openTrial(): Promise<Trial> {
  const folder = mkdtempSync(join(tmpdir(), "axcess-library-"));
  const sandbox = await startSandbox({ seed: 7, now: () => NOW });
  onTestFinished(async () => {
    await sandbox.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const manifest = { text: TRIAL };
  return { sandbox, options: { manifest, connection: { sandbox }, ledger: "ledger.jsonl", folder, now: NOW } };
}

function deeds({ steps }: Plan): readonly string[] {
  return steps.map(({ op, address }) => `${op} ${address}`);
}

async function codesOf(work: Promise<unknown>): Promise<readonly string[]> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(DiagnosedError);
  return error instanceof DiagnosedError ? error.diagnostics.map(({ code }) => code) : [];
}
