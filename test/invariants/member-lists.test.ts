import fc from "fast-check";
import { expect, test } from "vitest";
import { organizationOf } from "../../src/kinds/organization.ts";
import { KINDS } from "../../src/kinds/registry.ts";
import { type Address, type ClassKey, classKey } from "../../src/model/address.ts";
import { resourcesOfKind } from "../../src/model/classed-world.ts";
import type { Observation, ReadSelection } from "../../src/model/plan.ts";
import type { PlatformReader } from "../../src/model/platform.ts";
import { remoteOf } from "../../src/model/resource.ts";
import { observeAccount } from "../../src/state/observe.ts";
import { applyIn, openOffice } from "../support/office.ts";
import { anyCompany } from "../support/random-companies.ts";
import { anyServer } from "../support/random-servers.ts";

const RUNS = { numRuns: Number(process.env["MEMBER_LIST_RUNS"] ?? 25), seed: 20_261_123, endOnFailure: true };

const anyBots = fc.record({
  keys: fc.array(fc.record({ place: fc.nat(), accountRole: fc.constantFrom("ADMIN", "MEMBER") }), {
    minLength: 1,
    maxLength: 4,
  }),
  botsInUserList: fc.boolean(),
  botUserOnListedKeys: fc.boolean(),
});

const PARTS = ["everything", "spaces", "spaces and one organization"] as const;

/** Whatever there is; or only members of spaces: then no roster of an organization tells who is a bot, or one tells of some. */
function select({ world }: Observation, part: (typeof PARTS)[number]): ReadSelection {
  if (part === "everything") return { classes: new Set(), under: [""] };
  const classes: ClassKey[] = ["organization@", "user@"];
  for (const { address } of resourcesOfKind(world, "organization")) classes.push(classKey("space", address));
  for (const { address } of resourcesOfKind(world, "space")) classes.push(classKey("space-member", address));
  const [first] = part === "spaces" ? [] : resourcesOfKind(world, "organization");
  return { classes: new Set([...classes, ...(first ? [classKey("org-member", first.address)] : [])]), under: [] };
}

/** What was seen, whatever it is held as. */
function spell(observation: Observation) {
  return { ...observation, world: [...observation.world.values()] };
}

test("the account is the same, whether the server tells of people by their ids or each entry of a member list has to", async () => {
  let bots = 0;
  await fc.assert(
    fc.asyncProperty(anyCompany, anyServer, anyBots, async (company, server, { keys, ...switches }) => {
      const office = await openOffice({ ...server, ...switches, introspection: true });
      const { account, connectAs } = office.account;
      const observe = (reader: PlatformReader, selection: ReadSelection): Promise<Observation> =>
        observeAccount({ reader, kinds: KINDS, selection });
      const connect = (): PlatformReader => connectAs(account.sandbox.adminKey).reader;
      try {
        await applyIn(office, company, { approves: true });
        const all = await observe(connect(), { classes: new Set(), under: [""] });
        const spaces = [...resourcesOfKind(all.world, "space")];
        for (const { place, accountRole } of spaces.length === 0 ? [] : keys) {
          const space = spaces[place % spaces.length];
          const organization = all.world.get(organizationOf(space?.address as Address));
          const grants = [{ space_id: remoteOf(space)?.["id"] }];
          const organizations = [{ org_id: remoteOf(organization)?.["id"], spaces: grants }];
          const key = { key_type: "SERVICE", name: "ci", account_role: { type: "PREDEFINED", name: accountRole } };
          const { status } = await account.rest("POST", "/v2/api-keys", { ...key, organizations });
          expect(status).toBe(201);
        }
        for (const part of PARTS) {
          account.sandbox.setSwitches({ introspection: true });
          const again = connect();
          const lean = spell(await observe(again, select(all, part)));
          // By now it is known who is a bot.
          expect(spell(await observe(again, select(all, part)))).toEqual(lean);
          account.sandbox.setSwitches({ introspection: false });
          expect(spell(await observe(connect(), select(all, part)))).toEqual(lean);
          bots += lean.world.filter(({ facts }) => facts?.["bot"] === true).length;
        }
      } finally {
        await office.close();
      }
    }),
    RUNS,
  );
  expect(bots).toBeGreaterThan(20);
}, 120_000);
