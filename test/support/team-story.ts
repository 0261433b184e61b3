import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished } from "vitest";
import { systemFiles } from "../../src/host/system-files.ts";
import { listRuns } from "../../src/state/history.ts";
import { type LedgerReading, readLedger } from "../../src/state/read-ledger.ts";
import { connectStore } from "../../src/stores/connect-store.ts";
import { startCuttingProxy } from "./cutting-proxy.ts";
import { makeWorkplace, type Ran, type Workplace } from "./run-axcess.ts";
import { startTestAccount, type TestAccount } from "./sandbox-account.ts";

const MAIN = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const SPACES = 12;

/** A team that applies one manifest to one served account, with the ledger in a store. */
export interface Team {
  readonly place: Workplace;
  readonly account: TestAccount;
  /** Runs a command line in this process; with another port of the store, through that. */
  readonly run: (words: readonly string[], port?: number) => Promise<Ran>;
  /** Starts a command line as a process of its own; with another port of the account, through that. */
  readonly start: (
    words: readonly string[],
    port?: number,
  ) => { readonly child: ChildProcess; readonly ended: Promise<Ran> };
  readonly read: () => Promise<LedgerReading>;
  /** How many spaces there are on the account. */
  readonly countSpaces: () => Promise<number>;
}

/** Founds the team, whose manifest wants a dozen spaces. `locationOf` names the store by port. */
export async function foundTeam(
  locationOf: (port?: number) => string,
  more: Readonly<Record<string, string>> = {},
): Promise<Team> {
  const account = await startTestAccount();
  onTestFinished(account.close);
  const { url, adminKey } = account.sandbox;
  const env = { ARIZE_API_KEY: adminKey, ARIZE_BASE_URL: url, ARIZE_APP_URL: url, ...more };
  const place = makeWorkplace();
  const spaces = Array.from({ length: SPACES }, (_, at) => `      "Space ${at}": {}`).join("\n");
  place.write(
    "access.yaml",
    `version: 1\norganizations:\n  Acme:\n    spaces:\n${spaces}\npolicy: { min_admins: 0 }\n`,
  );
  return {
    ...{ place, account },
    run: (words, port) => place.run([...words, "--ledger", locationOf(port)], { env }),
    start: (words, port) => {
      const through = port === undefined ? {} : { ARIZE_BASE_URL: at(port), ARIZE_APP_URL: at(port) };
      const all = { PATH: process.env["PATH"] ?? "", HOME: join(place.folder, "home"), ...env, ...through };
      const child = spawn(process.execPath, ["--no-warnings", MAIN, ...words], {
        cwd: place.folder,
        env: { ...all, AXCESS_LEDGER: locationOf() },
      });
      return { child, ended: listen(child) };
    },
    read: () => readLedger({ location: locationOf(), files: systemFiles, connect: connectStore }),
    countSpaces: async () => (await account.rest("GET", "/v2/spaces?limit=100")).body.spaces.length,
  };
}

function at(port: number): string {
  return `http://127.0.0.1:${port}`;
}

function listen(child: ChildProcess): Promise<Ran> {
  const texts = { stdout: "", stderr: "" };
  child.stdout?.on("data", (chunk) => {
    texts.stdout += chunk;
  });
  child.stderr?.on("data", (chunk) => {
    texts.stderr += chunk;
  });
  return new Promise((resolve) => child.once("close", (code) => resolve({ exit: code ?? -1, ...texts })));
}

const APPLY = ["apply", "--auto-approve"] as const;

/** Two processes at once: one applies, the other is sent away or finds nothing left to do. */
export async function playTwoAtOnce(team: Team): Promise<void> {
  const ran = await Promise.all([team.start(APPLY).ended, team.start(APPLY).ended]);
  const told = ran.map(({ exit, stderr }) => (exit === 0 ? "done" : (/AX50[56]/u.exec(stderr)?.[0] ?? stderr)));
  expect(told).toContain("done");
  expect(told.every((each) => ["done", "AX505", "AX506"].includes(each))).toBe(true);
  const { lines } = await team.read();
  expect(listRuns(lines).filter(({ changes }) => changes.length > 0)).toHaveLength(1);
  expect(await team.countSpaces()).toBe(SPACES);
}

/** Two shards are applied by two processes at once, and then one shard by two: those that may not wait are sent away. */
export async function playShards(team: Team): Promise<void> {
  const write = (spaces: readonly number[]): void => {
    const body = spaces.map((at) => `      "Space ${at}": {}`).join("\n");
    const organizations = SHARDED.map((name) => `  ${name}:\n    spaces:\n${body}`).join("\n");
    team.place.write("access.yaml", `version: 1\norganizations:\n${organizations}\npolicy: { min_admins: 0 }\n`);
  };
  const planAll = async (): Promise<void> => {
    for (const part of PARTS)
      expect((await team.run(["plan", "--shard", `${part}/2`, "--out", `plan-${part}.json`])).exit).toBe(0);
    const files = PARTS.map((part) => `plan-${part}.json`);
    expect((await team.run(["summary", ...files, "--out", "summary.json"])).exit).toBe(0);
  };
  const applyOf = (part: string): readonly string[] => ["apply", `plan-${part}.json`, "--summary", "summary.json"];
  write([1, 2, 3, 4]);
  await planAll();
  expect((await team.run(applyOf("account"))).exit).toBe(0);
  const both = await Promise.all(["1", "2"].map((part) => team.start(applyOf(part)).ended));
  expect(both.map(({ exit, stderr }) => (exit === 0 ? "done" : stderr))).toEqual(["done", "done"]);
  expect(await team.countSpaces()).toBe(8);
  write([1, 2, 3, 4, 5, 6]);
  await planAll();
  const twice = await Promise.all(["1", "1", "2"].map((part) => team.start(applyOf(part)).ended));
  const told = twice.map(({ exit, stderr }) => (exit === 0 ? "done" : (/AX50[56]/u.exec(stderr)?.[0] ?? stderr)));
  expect(told[2]).toBe("done");
  expect(told.slice(0, 2)).toContain("done");
  expect(told.every((each) => ["done", "AX505", "AX506"].includes(each))).toBe(true);
  expect(await team.countSpaces()).toBe(12);
  const { lines } = await team.read();
  expect(listRuns(lines).filter(({ changes }) => changes.length > 0)).toHaveLength(5);
  const left = await team.run(["plan", "--detailed-exitcode"]);
  expect([left.exit, left.stdout]).toEqual([0, expect.stringContaining("No changes.")]);
  expect((await team.run(["ledger", "verify"])).exit).toBe(0);
}

/** Of two shards these organizations are one each. */
const SHARDED = ["Research", "Sales"];
const PARTS = ["account", "1", "2"];

/** A process that is killed in the middle: its lock holds until its time is over, or it is released, and the next apply settles. */
export async function playKilled(team: Team, free: () => Promise<void>): Promise<void> {
  // The account never hears of the spaces, and so never answers.
  const proxy = await startCuttingProxy(Number(new URL(team.account.sandbox.url).port), /^POST \/v2\/spaces/u);
  const { child, ended } = team.start(APPLY, proxy.port);
  const announced = async (): Promise<number> =>
    (await team.read()).lines.filter(({ entry }) => entry.type === "intent").length;
  while ((await announced()) < 2) expect(child.exitCode).toBeNull();
  child.kill("SIGKILL");
  await ended;
  await proxy.close();
  const refused = await team.run(APPLY);
  expect([refused.exit, refused.stderr]).toEqual([1, expect.stringContaining("AX505")]);
  await free();
  const next = await team.run(APPLY);
  expect([next.exit, next.stderr + next.stdout]).toEqual([0, expect.stringContaining("now matches the manifest")]);
  await expectPeace(team);
}

/** An apply whose way to the store is cut at a request: it sends nothing that is not announced, and the next one settles. */
export async function playCutApply(
  makeTeam: () => Promise<{ readonly team: Team; readonly port: number; readonly bury: () => Promise<void> }>,
  parts: number,
): Promise<readonly number[]> {
  const whole = await makeTeam();
  const counter = await startCuttingProxy(whole.port);
  expect((await whole.team.run(APPLY, counter.port)).exit).toBe(0);
  const total = counter.requests();
  await counter.close();
  const exits: number[] = [];
  for (let part = 1; part < parts; part += 1) {
    const { team, port, bury } = await makeTeam();
    const proxy = await startCuttingProxy(port);
    proxy.cutAt(Math.ceil((total * part) / parts), part % 2 === 0 ? "before the request" : "before the answer", false);
    const ran = await team.run(APPLY, proxy.port);
    await proxy.close();
    exits.push(ran.exit);
    // Where only the lock could not be given back any more, all was done.
    expect(ran.exit === 0 ? await team.countSpaces() : SPACES).toBe(SPACES);
    expect([0, 1, 5], ran.stderr + ran.stdout).toContain(ran.exit);
    const announced = (await team.read()).lines.filter(({ entry }) => entry.type === "intent").length;
    // The organization is announced as well as its spaces.
    expect(await team.countSpaces()).toBeLessThanOrEqual(Math.max(0, announced - 1));
    await bury().catch(() => undefined);
    const next = await team.run(APPLY);
    expect([next.exit, next.stderr]).toEqual([0, expect.anything()]);
    await expectPeace(team);
  }
  return exits;
}

/** A store that was emptied makes axcess ask: what it would remove is held, and stays. */
export async function playEmptied(team: Team, empty: () => Promise<void>): Promise<void> {
  expect((await team.run(APPLY)).exit).toBe(0);
  await empty();
  await expectSame(team);
  team.place.write(
    "access.yaml",
    "version: 1\norganizations:\n  Acme: { manage: { spaces: authoritative }, spaces: {} }\npolicy: { min_admins: 0 }\n",
  );
  const limits = ["--max-removals", "100", "--max-removal-percent", "100"];
  expect((await team.run(["plan", ...limits])).stdout).toContain(`${SPACES} held`);
  expect((await team.run([...APPLY, ...limits])).exit).toBe(3);
  expect(await team.countSpaces()).toBe(SPACES);
}

async function expectSame(team: Team): Promise<void> {
  const planned = await team.run(["plan", "--detailed-exitcode"]);
  expect([planned.exit, planned.stdout]).toEqual([0, expect.stringContaining("No changes.")]);
}

async function expectPeace(team: Team): Promise<void> {
  expect(await team.countSpaces()).toBe(SPACES);
  await expectSame(team);
  expect((await team.run(["ledger", "verify"])).exit).toBe(0);
}
