import { afterEach, describe, expect, test } from "vitest";
import { KINDS } from "../../src/kinds/registry.ts";
import type { Address, ClassKey } from "../../src/model/address.ts";
import type { DraftChange, Kind } from "../../src/model/kind.ts";
import type { IntentEntry } from "../../src/model/ledger.ts";
import type { Memory, Observation } from "../../src/model/plan.ts";
import type { MemberReading, PlatformReader, Row } from "../../src/model/platform.ts";
import type { RemoteRef } from "../../src/model/resource.ts";
import { forgetClasses } from "../../src/state/forget-classes.ts";
import { observeAccount } from "../../src/state/observe.ts";
import { type OpenAccount, openAccount, writeContext } from "../support/open-account.ts";
import { makeRowsReader } from "../support/rows-reader.ts";
import { buildDeclared, buildLive, buildManifest, buildWorld } from "../support/world-builder.ts";

const KEY = KINDS.find(({ name }) => name === "service-key") as Kind;
const CI: Address = "service-key:Acme/prod/ci";

let opened: OpenAccount | undefined;
let open: OpenAccount;
afterEach(async () => {
  await opened?.close();
  opened = undefined;
});

interface Scene {
  readonly organization: string;
  readonly prod: string;
  readonly dev: string;
  readonly make: (body?: Record<string, unknown>) => Promise<string>;
}

async function furnish(switches: Parameters<typeof openAccount>[0] = {}): Promise<Scene> {
  open = await openAccount(switches);
  opened = open;
  const { account } = open;
  const organization = await account.organization("Acme");
  const [prod, dev] = [await account.space(organization, "prod"), await account.space(organization, "dev")];
  return {
    organization,
    prod,
    dev,
    make: async (body = {}) => {
      const organizations = [{ org_id: organization, spaces: [{ space_id: prod }] }];
      const made = await account.rest("POST", "/v2/api-keys", {
        key_type: "SERVICE",
        name: "ci",
        organizations,
        ...body,
      });
      expect(made.status).toBe(201);
      return made.body.id;
    },
  };
}

/** The same members, none of whom is told to be a bot. */
function withoutTypes<R extends object>(
  readings: ReadonlyMap<string, MemberReading<R>>,
): ReadonlyMap<string, MemberReading<R>> {
  return new Map(
    [...readings].map(([id, reading]) => [
      id,
      reading.state === "complete"
        ? { ...reading, rows: reading.rows.map((row) => ({ ...row, userType: undefined })) }
        : reading,
    ]),
  );
}

const memoryOf = (...known: readonly (readonly [Address, RemoteRef])[]): Pick<Memory, "owned" | "lastWritten"> => ({
  owned: new Map(known),
  lastWritten: new Map(),
});

function observe(memory?: Pick<Memory, "owned" | "lastWritten">, base?: Observation): Promise<Observation> {
  const selection = { classes: new Set<ClassKey>(), under: ["" as const] };
  const known = { ...(memory && { memory }), ...(base && { base }) };
  return observeAccount({ reader: open.reader, kinds: KINDS, selection, ...known });
}

const keysIn = ({ world }: Observation) =>
  [...world.values()]
    .filter(({ kind }) => kind === "service-key")
    .map(({ address, builtin }) => `${JSON.stringify(address)}${builtin === true ? " builtin" : ""}`);

describe("reading", () => {
  test("two live keys of one name prove nothing without the ledger, which tells them apart", async () => {
    const { make, prod } = await furnish();
    const [first, second] = [await make(), await make()];
    const blind = await observe();
    expect(blind.coverage.get("service-key@space:Acme/prod")).toBe("partial");
    expect(blind.notes.map(({ code }) => code)).toEqual(["AX304"]);
    const memory = {
      owned: new Map([[CI, { id: first, space: prod }]]),
      lastWritten: new Map([[CI, { spec: {}, remote: { id: second, space: prod } }]]),
    };
    const seen = await observe(memory);
    expect(seen.coverage.get("service-key@space:Acme/prod")).toBe("complete");
    expect(seen.world.get(CI)?.origin).toMatchObject({ remote: { id: second } });
    expect(keysIn(seen)).toEqual([`"service-key:Acme/prod/%00${first}" builtin`, `"${CI}"`]);
    expect(seen.notes.map(({ code, detail }) => [code, detail.includes("without an end")])).toEqual([["AX312", true]]);
    // Read once more, it is told once.
    const forgotten = forgetClasses(seen, new Set<ClassKey>(["service-key@space:Acme/prod"]), KINDS);
    expect(await observe(memory, forgotten)).toEqual(seen);
  });

  test("where nothing will be written, two of one name and one in two spaces are only two and one", async () => {
    const { make, organization, prod, dev } = await furnish();
    const first = await make();
    open.account.advance(1000);
    await make();
    await make({
      name: "both",
      organizations: [{ org_id: organization, spaces: [{ space_id: prod }, { space_id: dev }] }],
    });
    const selection = { classes: new Set<ClassKey>(), under: ["" as const] };
    const told = await observeAccount({ reader: open.reader, kinds: KINDS, selection, onlyToTell: true });
    expect([...told.coverage].filter(([, state]) => state !== "complete")).toEqual([]);
    expect(told.notes).toEqual([]);
    expect(keysIn(told)).toEqual([
      '"service-key:Acme/dev/both"',
      `"service-key:Acme/prod/%00${first}" builtin`,
      '"service-key:Acme/prod/both"',
      `"${CI}"`,
    ]);
  });

  test("what a rotation leaves behind until its end is not worth a word", async () => {
    const { make, prod } = await furnish();
    const old = await make({ expires_at: "2026-09-01T00:00:00Z" });
    open.account.advance(1000);
    const now = await make({ expires_at: "2026-10-01T00:00:00Z" });
    const seen = await observe(memoryOf([CI, { id: now, space: prod }]));
    expect([keysIn(seen).length, seen.notes]).toEqual([2, []]);
    const other = await observe(memoryOf([CI, { id: old, space: prod }]));
    expect(other.notes[0]?.detail).toContain("which ends at 2026-10-01T00:00:00Z");
  });

  test("a key of several spaces stands where the ledger says, else everywhere, and then nothing goes", async () => {
    const { make, organization, prod, dev } = await furnish();
    const spaces = [{ space_id: prod }, { space_id: dev }];
    const id = await make({ organizations: [{ org_id: organization, spaces }] });
    const blind = await observe();
    expect(keysIn(blind)).toEqual(['"service-key:Acme/dev/ci"', `"${CI}"`]);
    expect(["dev", "prod"].map((name) => blind.coverage.get(`service-key@space:Acme/${name}`))).toEqual([
      "partial",
      "partial",
    ]);
    expect(blind.notes.map(({ code }) => code)).toEqual(["AX313", "AX313"]);
    const seen = await observe(memoryOf([CI, { id, space: prod }]));
    expect([keysIn(seen), seen.notes]).toEqual([[`"${CI}"`], []]);
    // A space that is not there any more says nothing.
    const moved = await observe(memoryOf(["service-key:Acme/gone/ci", { id, space: "x" }]));
    expect(keysIn(moved)).toHaveLength(2);
  });

  test("the bot's roles are read where the account shows them", async () => {
    const { make, organization, prod, dev } = await furnish({ botUserOnListedKeys: true });
    const role = await open.account.role("reviewer", ["SPACE_READ"]);
    const spaces = [
      { space_id: prod, role: { type: "CUSTOM", id: role } },
      { space_id: dev, role: { type: "PREDEFINED", name: "READ_ONLY" } },
    ];
    const id = await make({ organizations: [{ org_id: organization, spaces }], description: "d" });
    const seen = await observe(memoryOf([CI, { id, space: prod }]));
    expect(seen.world.get(CI)).toMatchObject({
      spec: {
        account_role: "member",
        organization_role: "read-only",
        role: "role:reviewer",
        also_in: { "space:Acme/dev": "read-only" },
        description: "d",
        expires: null,
      },
      unknown: ["rotation", "secret"],
      facts: { last_used: null, bot: expect.any(String) },
    });
  });

  test("a bot that its key names is nobody's membership, also where the server does not say who is a bot", async () => {
    const { make } = await furnish({ botUserOnListedKeys: true });
    await make();
    const silent: PlatformReader = {
      ...open.reader,
      readSpaceMembers: async (ids) => withoutTypes(await open.reader.readSpaceMembers(ids)),
      readOrganizationMembers: async (ids) => withoutTypes(await open.reader.readOrganizationMembers(ids)),
    };
    const membersSeenBy = async (reader: PlatformReader) => {
      const selection = { classes: new Set<ClassKey>(), under: ["" as const] };
      const { world } = await observeAccount({ reader, kinds: KINDS, selection });
      return [...world.values()].filter(({ kind }) => kind.endsWith("-member")).map(({ builtin }) => builtin);
    };
    expect(await membersSeenBy(silent)).toEqual([true, true]);
    open.account.sandbox.setSwitches({ botUserOnListedKeys: false });
    expect(await membersSeenBy(silent)).toEqual([undefined, undefined]);
  });

  test("a space that may not be looked into is not read", async () => {
    await furnish();
    open.account.sandbox.setFaults([
      { operation: "list_api_keys", times: 99, effect: { kind: "status", status: 403 } },
    ]);
    const seen = await observe();
    expect(seen.coverage.get("service-key@space:Acme/prod")).toBe("unreadable");
    expect(seen.notes.map(({ code }) => code)).toEqual(["AX305", "AX305"]);
  });
});

describe("a bot", () => {
  const decode = async (bot_user: unknown) => {
    const row = { id: "k", name: "ci", bot_user, expires_at: "never", last_used_at: "2026-08-01T00:00:00Z" };
    const reader = makeRowsReader({ lists: { "/v2/api-keys": [row as Row] } });
    const found = await KEY.look({
      ...{ reader, address: CI, believed: { id: "k", space: "s" }, mayBeBlind: false },
      ...{ idOf: () => "", addressOf: () => undefined },
    });
    return found;
  };

  test("of an unexpected shape, or with what nobody lists, is read as far as it goes", async () => {
    const custom = { type: "CUSTOM", id: "r" };
    const spaces = [
      { space_id: "s", role: custom },
      { space_id: "t", role: null },
    ];
    const shown = await decode({
      id: "b",
      account_role: "x",
      organizations: [{ org_id: "o", role: [], spaces }, null],
    });
    expect(shown?.spec).toEqual({
      ...{
        description: "",
        expires: null,
        role: "role:%00r",
        account_role: "null",
        organization_role: "null",
      },
      also_in: { "space:%00t": "null" },
    });
    expect(shown?.facts).toMatchObject({ last_used: "2026-08-01T00:00:00Z", bot: "b" });
    expect((await decode({ organizations: "none" }))?.spec["role"]).toBeUndefined();
    for (const odd of [null, [], "bot"]) expect((await decode(odd))?.unknown).toContain("role");
  });
});

describe("what an intent in doubt may have made", () => {
  const intentOf = (said: Partial<IntentEntry> = {}): IntentEntry => ({
    ...{ type: "intent", run: "r", change: "chg_1", op: "create", kind: "service-key", address: CI },
    ...said,
  });
  const find = async (intent: IntentEntry, said: { at?: string; known?: string } = {}) => {
    const found = await KEY.secrets?.findUndelivered({
      reader: open.reader,
      intent,
      at: said.at ?? "2026-08-10T12:00:00Z",
      isKnown: (id) => id === said.known,
    });
    return found?.map(({ id }) => id);
  };

  test("is every live key of its name in its space that the ledger does not know and that came about with the intent", async () => {
    const { make, prod } = await furnish();
    const [first, second] = [await make(), await make()];
    await make({ name: "other" });
    expect((await find(intentOf()))?.sort()).toEqual([first, second].sort());
    expect(await find(intentOf(), { known: first })).toEqual([second]);
    expect(await find(intentOf(), { at: "2026-08-10T11:49:59Z" })).toEqual([]);
    // Made by hand long after the run broke off, by whoever's key it was: it has users.
    expect(await find(intentOf(), { at: "2026-08-01T12:00:00Z" })).toEqual([]);
    expect(await find(intentOf({ op: "delete" }))).toEqual([]);
    expect(await find(intentOf({ address: "service-key:Acme/gone/ci" }))).toEqual([]);
    expect(await find(intentOf({ address: "service-key:Gone/prod/ci" }))).toEqual([]);
    const update = intentOf({ op: "update", remote: { id: first, space: prod } });
    expect(await find(update, { known: first })).toEqual([second]);
    // What was there long before a refresh was meant is not what it made.
    expect(await find(update, { known: first, at: "2026-08-10T12:11:00Z" })).toEqual([]);
  });

  test("is retracted by revoking it", async () => {
    const { make, prod } = await furnish();
    const id = await make();
    await KEY.secrets?.retract(open.writer, { id, space: prod });
    expect(keysIn(await observe())).toEqual([]);
  });
});

describe("writing", () => {
  test("a key that takes another's place has the roles that are there: no later end makes an admin", async () => {
    await furnish({ botUserOnListedKeys: true });
    const { world } = await observe();
    const roles = (role: string) => ({ role, organization_role: role, account_role: role });
    const from = { ...roles("member"), expires: "2027-01-01T00:00:00Z" };
    const to = { ...roles("admin"), expires: "2028-01-01T00:00:00Z" };
    const fields = [{ field: "expires", from: from.expires, to: to.expires }];
    const made = await KEY.update({ ...writeContext(open, { world, address: CI, to }), from, fields });
    const seen = await observe(memoryOf([CI, made.remote]));
    expect(seen.world.get(CI)?.spec).toMatchObject(roles("member"));
  });

  test("a key of several spaces and organizations is made in one call", async () => {
    await furnish({ botUserOnListedKeys: true });
    const { account } = open;
    const other = await account.organization("Other");
    await account.space(other, "there");
    await account.role("reviewer", ["SPACE_READ"]);
    const { world } = await observe();
    const to = {
      role: "admin",
      organization_role: "member",
      account_role: "member",
      also_in: { "space:Acme/dev": "role:reviewer", "space:Other/there": "read-only" },
      expires: "2027-01-01T00:00:00Z",
      description: "",
    };
    const made = await KEY.create(writeContext(open, { world, address: CI, to }));
    expect(made.secret?.text?.()).toMatch(/^ak-/u);
    const { description, ...rest } = to;
    const seen = await observe(memoryOf([CI, made.remote]));
    expect(seen.world.get(CI)?.spec).toMatchObject({ ...rest, description });
  });

  test("what was there before a call is never taken for what it made", async () => {
    const { make, prod } = await furnish();
    const id = await make();
    open.account.advance(1000);
    await make();
    const { world } = await observe();
    const to = { expires: "2027-01-01T00:00:00Z" };
    const context = writeContext(open, { world, address: CI, remote: { id, space: prod }, to });
    for (const operation of ["create_api_key", "refresh_api_key"])
      open.account.sandbox.setFaults([{ operation, effect: { kind: "reset" } }]);
    await expect(KEY.update(context)).rejects.toMatchObject({ ambiguous: true });
    expect(keysIn(await observe())).toHaveLength(2);
    expect((await open.account.rest("GET", `/v2/api-keys?space_id=${prod}`)).body.api_keys).toHaveLength(2);
  });

  test("a grace that nobody named is none", async () => {
    const { make, prod } = await furnish();
    const id = await make();
    const { world } = await observe();
    const to = { expires: "2027-01-01T00:00:00Z" };
    const renewed = await KEY.update(
      writeContext(open, {
        world,
        address: CI,
        remote: { id, space: prod },
        to,
        fields: [{ field: "rotation", to: "x" }],
      }),
    );
    const seen = await observe();
    expect(seen.world.get(CI)?.origin).toMatchObject({ remote: renewed.remote });
    expect(keysIn(seen)).toHaveLength(1);
  });

  test("a refresh that keeps the id cannot be told from none when its answer is lost", async () => {
    const { make, prod } = await furnish({ refreshKeepsId: true });
    const id = await make();
    open.account.sandbox.setFaults([{ operation: "refresh_api_key", stage: "after", effect: { kind: "reset" } }]);
    const { world } = await observe();
    const context = writeContext(open, {
      world,
      address: CI,
      remote: { id, space: prod },
      to: { expires: "2027-01-01T00:00:00Z" },
    });
    await expect(KEY.update(context)).rejects.toMatchObject({ ambiguous: true });
  });
});

describe("judging", () => {
  const judge = (change: Partial<DraftChange>) => {
    const whole: DraftChange = {
      op: "update",
      address: CI,
      before: undefined,
      after: undefined,
      fields: [],
      ...change,
    };
    const codes = KEY.hazardsOf(whole, { live: buildWorld(), planned: buildWorld() }).map(({ code }) => code);
    return { codes, notes: KEY.notesOn(whole).join(" ") };
  };

  test("a bot that becomes an admin anywhere is told", () => {
    const made = (spec: Record<string, string | Record<string, string>>) =>
      judge({ op: "create", after: buildDeclared(CI, { role: "member", ...spec }) }).codes;
    expect(made({})).toEqual(["widens-access"]);
    expect(made({ account_role: "admin" })).toEqual(["widens-access", "gains-admin"]);
    expect(made({ organization_role: "admin" })).toEqual(["widens-access", "gains-admin"]);
    expect(made({ also_in: { "space:A/b": "admin" } })).toEqual(["widens-access", "gains-admin"]);
  });

  test("a removal names the last use", () => {
    const gone = (last_used: string | null) =>
      judge({ op: "delete", before: buildLive(CI, {}, { facts: { last_used } }) });
    expect(gone("2026-08-01T00:00:00Z").notes).toContain("It was last used at 2026-08-01T00:00:00Z.");
    expect(gone(null).notes).toContain("The platform tells no use of it.");
    expect(gone(null).codes).toEqual(["irreversible", "removes-access"]);
  });

  test("an earlier end takes access, a later one gives it, no grace interrupts, and grace does nothing", () => {
    const [before, after] = [buildLive(CI), { ...buildDeclared(CI), renewal: { grace_seconds: "0" } }];
    const end = (from: string | null, to: string) =>
      judge({ before, after, fields: [{ field: "expires", from, to }] }).codes;
    expect(end("2027-01-01T00:00:00Z", "2026-12-01T00:00:00Z")).toEqual(["removes-access"]);
    expect(end(null, "2026-12-01T00:00:00Z")).toEqual(["removes-access"]);
    expect(end("2027-01-01T00:00:00Z", "2027-02-01T00:00:00Z")).toEqual(["widens-access"]);
    const fields = [{ field: "rotation", to: "x" }];
    expect(judge({ before, after, fields }).codes).toEqual(["interrupts"]);
    expect(judge({ before, after: { ...after, renewal: { grace_seconds: "60" } }, fields }).codes).toEqual([]);
  });

  test("what is declared names its further spaces as needed, and has them read", () => {
    const manifest = buildManifest({
      organizations: {
        Acme: {
          spaces: {
            prod: { serviceKeys: { ci: { role: "member", alsoIn: [{ space: "space:Other/there", role: "role:r" }] } } },
          },
        },
      },
    });
    expect(KEY.managedClasses(manifest)).toEqual([
      { key: "service-key@space:Acme/prod", mode: "additive" },
      { key: "space@organization:Other", mode: "additive" },
    ]);
    const [declared] = KEY.declare(manifest);
    expect(declared && KEY.needs(declared.resource, buildWorld())).toEqual([
      "space:Acme/prod",
      "space:Other/there",
      "role:r",
    ]);
  });
});
