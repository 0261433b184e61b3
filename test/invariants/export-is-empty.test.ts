import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type DescribedAccount, describeAccount } from "../../src/export/describe-account.ts";
import { splitManifest } from "../../src/export/split-manifest.ts";
import { KINDS } from "../../src/kinds/registry.ts";
import { formatManifest } from "../../src/manifest/format-manifest.ts";
import { type WrittenEntry, writeManifest } from "../../src/manifest/write-manifest.ts";
import type { Address } from "../../src/model/address.ts";
import type { Desired, Observation, Plan } from "../../src/model/plan.ts";
import { NO_LIMITS } from "../../src/model/policy.ts";
import { makePlan } from "../../src/plan/make-plan.ts";
import { makeDesired } from "../../src/state/desired.ts";
import { observeAccount } from "../../src/state/observe.ts";
import { loadFiles } from "../manifest/load-text.ts";
import { foundCompany } from "../support/found-company.ts";
import { openAccount } from "../support/open-account.ts";
import { anyCompany } from "../support/random-companies.ts";
import { anyRowsAccount } from "../support/random-rows.ts";
import { makeRowsReader } from "../support/rows-reader.ts";

const SEED = { seed: 20_261_121, endOnFailure: true };
const MEMORY = { owned: new Map(), lastWritten: new Map(), managed: new Set<never>() };
const NOW = new Date("2026-08-10T12:00:00Z");

type Texts = Readonly<Record<string, string>>;

function writeAll({ entries, remarks }: DescribedAccount, split: "none" | "org" | "space"): Texts {
  const write = (own: readonly WrittenEntry[]): string => writeManifest({ head: ["schema", ...remarks], entries: own });
  if (split === "none") return { "access.yaml": write(entries) };
  return Object.fromEntries(splitManifest(entries, split).map((part) => [part.path, write(part.entries)]));
}

async function planTexts(
  texts: Texts,
  observation: Observation,
): Promise<{ readonly desired: Desired; readonly plan: Plan }> {
  const { manifest, diagnostics } = await loadFiles(texts);
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  if (manifest === undefined) throw new Error("not loaded");
  const desired = makeDesired({ manifest, kinds: KINDS, now: NOW });
  const account = { url: "rows" };
  return {
    desired,
    plan: makePlan({ desired, observation, memory: MEMORY, kinds: KINDS, account, limits: NO_LIMITS }),
  };
}

function specsOf({ world }: Desired): ReadonlyMap<Address, unknown> {
  return new Map([...world].map(([address, { spec }]) => [address, spec]).sort() as [Address, unknown][]);
}

/** Everything that is there is either declared or told as left out, with what hangs on it, or stands where nothing could be read. */
function listForgotten(
  described: DescribedAccount,
  desired: Desired,
  { world, coverage }: Observation,
): readonly Address[] {
  const omitted = described.omissions.map(({ address }) => address.slice(address.indexOf(":") + 1));
  return [...world.values()].flatMap(({ address, kind, builtin }) => {
    const path = address.slice(address.indexOf(":") + 1);
    const isOmitted = omitted.some((other) => path === other || path.startsWith(`${other}/`));
    const isUnread = coverage.get(`${kind}@space:${path.slice(0, path.lastIndexOf("/"))}`) === "unreadable";
    const isPredefined = kind === "role" && builtin === true;
    return desired.world.has(address) || isOmitted || isUnread || isPredefined ? [] : [address];
  });
}

async function checkExport(observation: Observation): Promise<void> {
  const wish = { scopes: [], hasGroups: true };
  const described = describeAccount(observation, wish);
  const texts = writeAll(described, "none");
  expect(writeAll(describeAccount(observation, wish), "none")).toEqual(texts);
  const whole = await planTexts(texts, observation);
  expect(whole.plan.steps).toEqual([]);
  expect([...whole.plan.withheld, ...whole.plan.incomplete]).toEqual([]);
  expect(listForgotten(described, whole.desired, observation)).toEqual([]);
  for (const [file, text] of Object.entries(texts)) expect(formatManifest(text, file)).toMatchObject({ text });
  for (const split of ["org", "space"] as const) {
    const parts = writeAll(described, split);
    expect(specsOf((await planTexts(parts, observation)).desired)).toEqual(specsOf(whole.desired));
    for (const [file, text] of Object.entries(parts)) expect(formatManifest(text, file)).toMatchObject({ text });
  }
  const bare = writeAll(describeAccount(observation, { scopes: [], hasGroups: false }), "none");
  expect(specsOf((await planTexts(bare, observation)).desired)).toEqual(specsOf(whole.desired));
  const places = [...observation.world.keys()].filter((address) => /^(organization|space):/u.test(address));
  // The first organization and the last space: with one of each kind no account takes long.
  for (const scope of new Set([places.at(0), places.at(-1)])) {
    if (scope === undefined) continue;
    const part = await planTexts(
      writeAll(describeAccount(observation, { ...wish, scopes: [scope] }), "none"),
      observation,
    );
    expect(part.plan.steps).toEqual([]);
  }
}

const WHOLE = { classes: new Set<never>(), under: ["" as const] };

describe("an exported manifest changes nothing, whole or split, and stands as fmt leaves it", () => {
  test("for accounts with the strangest names and memberships", async () => {
    await fc.assert(
      fc.asyncProperty(anyRowsAccount, async (account) => {
        await checkExport(await observeAccount({ reader: makeRowsReader(account), kinds: KINDS, selection: WHOLE }));
      }),
      { ...SEED, numRuns: 80 },
    );
  });

  test("for companies on servers of every sort", async () => {
    const anyServer = fc.record({
      orgUserRole: fc.boolean(),
      spacePrivacyField: fc.boolean(),
      graphqlEnabled: fc.constantFrom(true, true, true, false),
      adminsHideExplicitMembership: fc.boolean(),
      accountAdminsInOrgRoster: fc.boolean(),
      shuffle: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(anyCompany, anyServer, async (company, switches) => {
        const account = await openAccount();
        try {
          await foundCompany(company, account);
          account.account.sandbox.setSwitches(switches);
          await checkExport(await observeAccount({ reader: account.reader, kinds: KINDS, selection: WHOLE }));
        } finally {
          await account.close();
        }
      }),
      { ...SEED, numRuns: 5 },
    );
  });
});
