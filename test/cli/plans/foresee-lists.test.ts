import { describe, expect, test } from "vitest";
import { readLimits } from "../../../src/cli/flags/limit-flags.ts";
import { type PlanRequest, runPlan } from "../../../src/cli/flows/run-plan.ts";
import { foreseeLists } from "../../../src/cli/plans/foresee-lists.ts";
import type { Session } from "../../../src/cli/session.ts";
import type { Foretold } from "../../../src/manifest/foretell.ts";
import type { KindName } from "../../../src/model/address.ts";
import { memoryFiles } from "../../manifest/load-text.ts";
import { openWrittenSession } from "../../support/open-written-session.ts";

const LEDGER = "/m/ledger.jsonl";

async function openSession(ledger: string, files: Readonly<Record<string, string>>): Promise<Session> {
  const session = await openWrittenSession([]);
  return { ...session, files: memoryFiles(files), globals: { ...session.globals, ledger } };
}

function part(kinds: readonly KindName[], namesAccount = false): Foretold {
  return { kinds: new Set(kinds), namesAccount };
}

/** What is told of some parts, one after the other. */
async function foresee(session: Session, parts: readonly Foretold[]): Promise<readonly string[]> {
  const told: string[] = [];
  const hear = foreseeLists(session, (lists) => {
    told.push(...lists.map(({ path, query }) => [path, ...Object.values(query)].join(" ")));
  });
  for (const each of parts) hear(each);
  await new Promise(setImmediate);
  return told;
}

const EVERYTHING = [part(["user"]), part(["organization", "space-member", "binding"])];
const ROOTS = ["/v2/users", "/v2/organizations"];
const PLACED = ["/v2/role-bindings SPACE", "/v2/role-bindings PROJECT"];

describe("lists that will be asked for", () => {
  test("are told part by part where there is a ledger", async () => {
    const session = await openSession(LEDGER, { [LEDGER]: "" });
    expect((await foresee(session, EVERYTHING)).toSorted()).toEqual([...ROOTS, ...PLACED].toSorted());
    expect(await foresee(session, [part([]), part(["user"])])).toEqual(["/v2/users"]);
  });

  test("are told where nobody knows yet whether there is a ledger", async () => {
    const session = await openSession("postgres://ledgers.example/axcess", {});
    expect((await foresee(session, EVERYTHING)).toSorted()).toEqual([...ROOTS, ...PLACED].toSorted());
  });

  test("are those alone of what an account always has where there is none, or it cannot be looked for", async () => {
    expect(await foresee(await openSession(LEDGER, {}), EVERYTHING)).toEqual(ROOTS);
    const session = await openSession(LEDGER, { [LEDGER]: "" });
    const kind = () => Promise.reject(new Error("no such disk"));
    expect(await foresee({ ...session, files: { ...session.files, kind } }, EVERYTHING)).toEqual(ROOTS);
  });

  test("are none once a part names the account", async () => {
    const session = await openSession(LEDGER, { [LEDGER]: "" });
    expect(await foresee(session, [part(["user"], true), ...EVERYTHING])).toEqual([]);
    expect(await foresee(session, [part(["user"]), part([], true), ...EVERYTHING])).toEqual(["/v2/users"]);
  });
});

describe("a plan foresees what its manifest has asked for", () => {
  const MANIFEST = "version: 1\npeople: {}\norganizations: { A: { spaces: { s: { members: {} } } } }\n";

  async function plan(manifest: string, flags: Partial<PlanRequest>): Promise<readonly string[]> {
    const session = await openSession(LEDGER, { [LEDGER]: "", "/m/access.yaml": manifest });
    const told: string[] = [];
    const request: PlanRequest = {
      ...{ out: undefined, formats: [], detailedExitcode: false, limits: readLimits({}), base: [] },
      ...flags,
    };
    const planning = runPlan(
      { ...session, globals: { ...session.globals, files: ["/m/access.yaml"] } },
      request,
      // Whoever takes the account is told that there is none.
      {
        open: () => Promise.reject(new Error("not now")),
        foresee: (lists) => told.push(...lists.map(({ path, query: { email = "" } }) => `${path} ${email}`.trim())),
      },
    );
    await expect(planning).rejects.toThrow();
    return told.toSorted();
  }

  test("before it is checked", async () => {
    expect(await plan(MANIFEST, {})).toEqual(["/v2/organizations", "/v2/role-bindings", "/v2/users"]);
    expect(await plan(MANIFEST.replace("members:", "membres:"), {})).toEqual(["/v2/organizations", "/v2/users"]);
  });

  const aimAt = (...target: readonly string[]): Partial<PlanRequest> => ({ limits: readLimits({ target }) });

  test("also for a few people, of whom it asks by their names", async () => {
    const ana = ["/v2/organizations", "/v2/users ana@acme.io"];
    expect(await plan(MANIFEST, aimAt("user:ana@acme.io"))).toEqual(ana);
    expect(await plan(MANIFEST, aimAt("space-member:A/s/ana@acme.io", "org-member:A/ana@acme.io"))).toEqual(ana);
    expect(await plan(`account: Acme\n${MANIFEST}`, aimAt("user:ana@acme.io"))).toEqual([]);
  });

  test("but not of another part of the account, of which it asks less", async () => {
    expect(await plan(MANIFEST, aimAt("user:*@acme.io"))).toEqual([]);
    expect(await plan(MANIFEST, aimAt("space:A/s"))).toEqual([]);
    expect(await plan(MANIFEST, aimAt("user:ana@acme.io", "space:A/s"))).toEqual([]);
    expect(await plan(MANIFEST, aimAt(...[1, 2, 3, 4, 5, 6].map((at) => `user:${at}@acme.io`)))).toEqual([]);
    expect(await plan(MANIFEST, { shard: { part: 1, of: 2, by: "space" } })).toEqual([]);
  });
});
