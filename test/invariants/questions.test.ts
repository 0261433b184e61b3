import fc from "fast-check";
import { expect, test } from "vitest";
import { evaluateAccess } from "../../src/access/effective-access.ts";
import { listAccess, listPeople, listPlaces } from "../../src/access/questions.ts";
import { readAround, type Scope } from "../../src/engine/read-around.ts";
import { formatAddress } from "../../src/model/address.ts";
import type { Observation } from "../../src/model/plan.ts";
import { anyEdits, editCompany } from "../support/edited-companies.ts";
import { applyIn, type Office, openOffice } from "../support/office.ts";
import { anyCompany } from "../support/random-companies.ts";

const RUNS = { numRuns: Number(process.env["QUESTION_RUNS"] ?? 12), seed: 20_261_123, endOnFailure: true };

const look = ({ account }: Office, scope: Scope): Promise<Observation> =>
  readAround({ reader: account.reader }, scope, () => {});

test("a question about one person has the answer of a reading of everybody", async () => {
  let ways = 0;
  await fc.assert(
    fc.asyncProperty(anyCompany, anyEdits, fc.infiniteStream(fc.nat()), async (company, edits, picks) => {
      const office = await openOffice();
      const pick = <T>(all: readonly T[]): T => all[picks.next().value % all.length] as T;
      try {
        await applyIn(office, company, { approves: true });
        await applyIn(office, editCompany(company, edits), { approves: true });
        const { world, covered } = await look(office, {});
        const nobody = formatAddress("user", ["nobody@acme.io"]);
        for (const person of [nobody, pick(listPeople(world)), pick(listPeople(world))]) {
          const everywhere = await look(office, { person });
          const entries = listAccess(world, person);
          ways += entries.length;
          expect(listAccess(everywhere.world, person)).toEqual(entries);
          expect(listPlaces(everywhere.world)).toEqual(listPlaces(world));
          const places = listPlaces(world);
          if (places.length === 0) continue;
          const place = pick(places);
          const there = await look(office, { person, places: [place] });
          expect(evaluateAccess(there.world, person, place)).toEqual(evaluateAccess(world, person, place));
          const isTheirs = (grant: string): boolean => grant.endsWith(person.slice("user:".length));
          expect([...everywhere.covered].filter(isTheirs)).toEqual([...covered].filter(isTheirs));
          for (const grant of there.covered) expect(covered).toContain(grant);
        }
      } finally {
        await office.close();
      }
    }),
    RUNS,
  );
  expect(ways).toBeGreaterThan(20);
}, 120_000);

test.each([
  { botsInUserList: true, bothStoresShown: "predefined" },
  { botsInUserList: false, bothStoresShown: "both" },
  { botsInUserList: false, bothStoresShown: "predefined" },
  { botsInUserList: false, bothStoresShown: "custom" },
] as const)("so has one about the bot of a key, with %j", async (switches) => {
  const office = await openOffice(switches);
  try {
    const { account } = office.account;
    const organization = await account.organization("Acme");
    const space = await account.space(organization, "alpha", true);
    const project = await account.project(space, "web");
    const organizations = [{ org_id: organization, spaces: [{ space_id: space }] }];
    const key = { key_type: "SERVICE", name: "ci", organizations };
    const bot = (await account.rest("POST", "/v2/api-keys", key)).body.bot_user.id;
    for (const [type, id] of [
      ["SPACE", space],
      ["PROJECT", project],
    ] as const) {
      const role = await account.role(`Eval ${type}`, ["DATASET_READ", "PROJECT_READ"]);
      expect(await account.bind(role, bot, type, id)).toMatchObject({ status: 201 });
    }
    const { world } = await look(office, {});
    const bots = listPeople(world).filter((person) => person.includes("bot"));
    expect(bots).toHaveLength(1);
    for (const person of bots)
      for (const place of listPlaces(world)) {
        const { world: there } = await look(office, { person, places: [place] });
        const { world: everybody } = await look(office, { places: [place] });
        expect(evaluateAccess(there, person, place)).toEqual(evaluateAccess(everybody, person, place));
        const { world: everywhere } = await look(office, { person });
        expect(listAccess(everywhere, person)).toEqual(listAccess(world, person));
      }
  } finally {
    await office.close();
  }
});
