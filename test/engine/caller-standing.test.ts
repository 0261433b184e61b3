import { expect, test } from "vitest";
import { type CallerStanding, readStanding } from "../../src/engine/caller-standing.ts";
import { PlatformError } from "../../src/model/errors.ts";
import type { Caller, PlatformReader, Row, SpaceMemberRow } from "../../src/model/platform.ts";

const ME = "usr_me";
const CALLER: Caller = {
  userId: ME,
  email: "me@acme.io",
  accountName: undefined,
  accountAdmin: "no",
  graphql: "available",
};
const PLACES = { organizations: ["org"], spaces: ["spc"] };
const REFUSED = new PlatformError("forbidden", "GET /v2", "not for you", { status: 403 });

interface Account {
  readonly person?: Row | PlatformError;
  readonly organization?: string | "not read";
  readonly space?: Partial<SpaceMemberRow> | "not read" | "nobody";
  readonly bindings?: readonly Row[] | PlatformError;
  readonly role?: Row | PlatformError;
}

/** An account as one key sees it, one answer for each thing that is asked. */
function readerOf({ person = { is_developer: true }, ...account }: Account): PlatformReader {
  const answer = <T>(value: T | PlatformError): Promise<T> =>
    value instanceof PlatformError ? Promise.reject(value) : Promise.resolve(value);
  const nobody = { email: undefined, customRoleId: undefined, userType: undefined };
  const own: SpaceMemberRow = { ...nobody, userId: ME, membership: "EXPLICIT_MEMBERSHIP", role: "read-only" };
  const { organization, space = {} } = account;
  return {
    get: (path) => answer<Row | undefined>(path.startsWith("/v2/users/") ? person : account.role),
    list: ({ query }) => answer(query?.["resource_type"] === "SPACE" ? (account.bindings ?? []) : []),
    readOrganizationMembers: async () =>
      new Map([
        [
          "org",
          organization === "not read"
            ? { state: "unreadable", because: "x" }
            : {
                state: "complete",
                rows: organization === undefined ? [] : [{ ...nobody, userId: ME, role: organization }],
              },
        ],
      ]),
    readSpaceMembers: async () =>
      new Map([
        [
          "spc",
          space === "not read"
            ? { state: "unreadable", because: "x" }
            : { state: "complete", rows: space === "nobody" ? [] : [{ ...own, ...space }] },
        ],
      ]),
  } as Partial<PlatformReader> as PlatformReader;
}

const read = (account: Account, caller: Partial<Caller> = {}): Promise<CallerStanding> =>
  readStanding(readerOf(account), { ...CALLER, ...caller }, PLACES);

test("of whom the key is nobody knows: nothing is told", async () => {
  const { isDeveloper, organizations, anywhere } = await read({}, { userId: undefined });
  expect([isDeveloper, organizations.size, anywhere]).toEqual([undefined, 0, undefined]);
});

test("an account admin holds everything, and no more is asked", async () => {
  const standing = await read({ bindings: REFUSED }, { accountAdmin: "yes" });
  expect([standing.accountAdmin, standing.isDeveloper, standing.spaces.size]).toEqual(["yes", true, 0]);
  expect((await read({ person: {} })).isDeveloper).toBeUndefined();
});

test("the role in an organization is told where its members could be read, and that it is none only of people", async () => {
  const roleIn = async (account: Account) => (await read(account)).organizations.get("org");
  expect(await roleIn({ organization: "member" })).toBe("member");
  expect(await roleIn({})).toBe("none");
  expect(await roleIn({ person: REFUSED })).toBeUndefined();
  expect(await roleIn({ organization: "not read" })).toBeUndefined();
});

test("what a space gives is told by its entry, and with the custom roles that are bound there", async () => {
  const heldIn = async (account: Account) => (await read(account)).spaces.get("spc");
  expect(await heldIn({ space: { role: "admin" } })).toBe("all");
  expect(await heldIn({ space: { membership: "ORGANIZATION_ADMIN" } })).toBe("all");
  expect(await heldIn({ space: { membership: "PUBLIC_MEMBERSHIP" } })).toBe("public");
  expect(await heldIn({ space: "nobody" })).toEqual(new Set());
  expect(await heldIn({ space: "nobody", person: REFUSED })).toBeUndefined();
  expect(await heldIn({ space: "not read" })).toBeUndefined();
  expect(await heldIn({ space: { role: undefined } })).toBeUndefined();
  const bound = { bindings: [{ role_id: "rol", resource_id: "spc" }], role: { permissions: ["SPACE_UPDATE"] } };
  expect(await heldIn({ ...bound, space: { role: undefined } })).toEqual(new Set(["SPACE_UPDATE"]));
  expect(await heldIn({ ...bound, bindings: REFUSED })).toBeUndefined();
});

test("custom roles that cannot be read whole are not known at all", async () => {
  const bindings = [{ role_id: "rol", resource_id: "spc" }];
  const anywhere = async (account: Account) => (await read({ bindings, ...account })).anywhere;
  expect(await anywhere({ role: { permissions: ["USER_CREATE"] } })).toEqual(new Set(["USER_CREATE"]));
  expect(await anywhere({ role: REFUSED })).toBeUndefined();
  expect(await anywhere({ role: {} })).toBeUndefined();
});

test("an interruption is none of the key's rights", async () => {
  const stopped = new PlatformError("interrupted", "GET /v2", "stopped");
  await expect(read({ bindings: stopped })).rejects.toBe(stopped);
});
