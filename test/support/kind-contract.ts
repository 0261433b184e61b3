import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { KINDS } from "../../src/kinds/registry.ts";
import { type Address, kindOf, pathOf } from "../../src/model/address.ts";
import type { Kind, WriteContext } from "../../src/model/kind.ts";
import type { Manifest } from "../../src/model/manifest.ts";
import type { Observation } from "../../src/model/plan.ts";
import type { WriteAnswer, WriteRequest } from "../../src/model/platform.ts";
import { remoteOf, type Spec } from "../../src/model/resource.ts";
import type { SandboxSwitches } from "../../src/sandbox/start-sandbox.ts";
import { makeDesired, selectReads } from "../../src/state/desired.ts";
import { observeAccount } from "../../src/state/observe.ts";
import { describeSeen, idIn, lookAt, type OpenAccount, openAccount, seenAt, writeContext } from "./open-account.ts";
import { START } from "./sandbox-account.ts";

/** A change that a kind must be able to make, one after the other on the same resource. */
export interface SampleUpdate {
  readonly title: string;
  readonly to: Spec;
  /** The address it has afterwards, if its name changes. */
  readonly renamedTo?: Address;
  /** True where the platform gives it another id by this. */
  readonly newId?: true;
  /** What must hold beside; the ids are those before the change. */
  readonly check?: (open: OpenAccount, after: Observation) => Promise<void>;
}

/** What the contract needs to know of a kind. */
export interface KindSample {
  readonly kind: Kind;
  /** Declares the resource; nothing of the kind with its address exists before. */
  readonly manifest: Manifest;
  readonly address: Address;
  readonly updates: readonly SampleUpdate[];
  readonly switches?: Partial<SandboxSwitches>;
  /** True for what is there from the beginning, and which no call makes or removes. */
  readonly isGiven?: boolean;
  /** What removing it once more answers: the platform may hide that it is gone already. */
  readonly removedAgain?: "deleted" | "absent";
}

/** The switches that samples may turn, as they are by default. */
const USUAL: Partial<SandboxSwitches> = {
  customSwitchLeavesRow: true,
  predefinedSwitchLeavesBinding: true,
  botUserOnListedKeys: false,
  revokeRemovesBotUser: false,
};

/** Everything there is, read by every kind. */
export function observeWhole(open: Pick<OpenAccount, "reader">): Promise<Observation> {
  return observeAccount({ reader: open.reader, kinds: KINDS, selection: { classes: new Set(), under: [""] } });
}

/** Fills an account with one of everything, so that every sample finds what it needs. */
export async function furnish(open: OpenAccount): Promise<void> {
  const { account } = open;
  const [organization, ana, ben, reviewer] = await Promise.all([
    account.organization("Platform"),
    account.person("ana"),
    account.person("ben"),
    account.role("reviewer", ["PROJECT_READ", "SPACE_READ"]),
  ]);
  await account.role("auditor", ["SPACE_READ"]);
  await account.joinOrganization(organization, ana, "MEMBER");
  const space = await account.space(organization, "alpha");
  await account.project(space, "chatbot");
  // Neighbours that look alike: a reading that mixes them up shows.
  const other = await account.organization("Platform 2");
  await account.joinOrganization(other, ben, "ADMIN");
  const otherSpace = await account.space(other, "alpha");
  await account.joinSpace(otherSpace, ben, "ADMIN");
  await account.bind(reviewer, ben, "SPACE", otherSpace);
  const otherProject = await account.project(otherSpace, "chatbot");
  await account.bind(reviewer, ben, "PROJECT", otherProject);
}

/** What every kind must do against a platform: write what it reads, see the same twice, remove what it made. */
export function describeKindContract(samples: readonly KindSample[]): void {
  describe("the contract of kinds", () => {
    let open: OpenAccount;
    let whole: Observation;

    // One account for all: every sample leaves it as it was.
    beforeAll(async () => {
      open = await openAccount();
      await furnish(open);
      const { world } = await observeWhole(open);
      await open.account.serviceKey(
        "ci",
        idIn(world, "organization:Platform 2"),
        idIn(world, "space:Platform 2/alpha"),
      );
      await open.account.identityProvider("example.com", [{ attributesMap: [["team", "neighbour"]] }]);
      whole = await observeWhole(open);
    });
    afterAll(() => open.close());

    it("holds for every kind", () => {
      expect(new Set(samples.map(({ kind }) => kind))).toEqual(new Set(KINDS));
    });

    it.each(samples.map((sample) => ({ sample, title: sample.kind.title, address: sample.address })))(
      "a $title is made, seen, changed and removed: $address",
      async ({ sample }) => {
        open.account.sandbox.setSwitches({ ...USUAL, ...sample.switches });
        expectDeclaredWell(sample, whole);
        const made = sample.isGiven ? { at: sample.address, seen: whole } : await makeSample(open, sample, whole);
        const changed = await changeSample(open, sample, made);
        if (!sample.isGiven) await removeSample(open, sample, changed);
        const after = await observeWhole(open);
        expect([...after.world.keys()]).toEqual([...whole.world.keys()]);
      },
    );

    it("every kind is read alike through empty pages and in any order", async () => {
      open.account.sandbox.setSwitches({ emptyPages: "all", shuffle: true });
      const odd = await observeWhole(open);
      expect([...odd.world.values()]).toEqual([...whole.world.values()]);
      expect([...odd.coverage]).toEqual([...whole.coverage]);
      expect(new Set(odd.coverage.values())).toEqual(new Set(["complete"]));
      expect(odd.covered).toEqual(whole.covered);
      expect(odd.notes).toEqual([]);
      expect(new Set([...odd.world.values()].map(({ kind }) => kind)).size).toBe(KINDS.length - 1);
    });
  });
}

/** A resource under the address it has for now, and the account as it is for now. */
interface Present {
  readonly at: Address;
  readonly seen: Observation;
}

function expectDeclaredWell({ kind, manifest }: KindSample, { world }: Observation): void {
  const declared = kind.declare(manifest).map(({ resource }) => resource);
  expect(new Set(declared.map((resource) => resource.address)).size).toBe(declared.length);
  for (const resource of declared) {
    expect(resource.kind).toBe(kind.name);
    for (const needed of kind.needs(resource, world)) expect(world.has(needed), needed).toBe(true);
    const parent = kind.parentOf(resource.address);
    expect(parent === undefined ? undefined : kindOf(parent)).toBe(kind.parentKind);
    if (parent !== undefined) expect(kind.attachedTo(resource.address)).toContain(parent);
  }
}

async function makeSample(open: OpenAccount, sample: KindSample, before: Observation): Promise<Present> {
  const { kind, address, manifest } = sample;
  const { world } = before;
  const declared = kind.declare(manifest).find(({ resource }) => resource.address === address)?.resource;
  if (declared === undefined) throw new Error(`the sample does not declare ${address}`);
  expect(kind.whyNotCreatable(declared)).toBeUndefined();
  expect(world.has(address)).toBe(false);
  expect(await lookAt(open, kind, { world, address })).toBeUndefined();
  const { spec: to, creation = {} } = declared;
  const made = await kind.create(writeContext(open, { world, address, to, creation }));
  const seen = await expectSeen(open, sample, { address, to });
  expect(seenAt(seen, address)?.remote).toMatchObject(made.remote);
  if (kind.refusesDuplicates === true) await expectRefused(kind, writeContext(open, { world, address, to, creation }));
  return { at: address, seen };
}

/** What is made without a look is refused the second time, and its call says so; that nothing changed, reading shows. */
async function expectRefused(kind: Kind, context: WriteContext): Promise<void> {
  const write = (request: WriteRequest): Promise<WriteAnswer> => context.writer.write({ ...request, tellsTaken: true });
  const again = kind.create({ ...context, writer: { ...context.writer, write } });
  await expect(again).rejects.toMatchObject({ failure: "conflict", status: 409, ambiguous: false });
}

async function changeSample(open: OpenAccount, sample: KindSample, made: Present): Promise<Present> {
  let present = made;
  for (const update of sample.updates) present = await makeUpdate(open, sample, { ...present, update });
  return present;
}

async function removeSample(open: OpenAccount, { kind, removedAgain }: KindSample, present: Present): Promise<void> {
  const { at: address, seen } = present;
  const { world } = seen;
  const remote = seenAt(seen, address)?.remote;
  const removal = writeContext(open, { world, address, ...(remote && { remote }) });
  expect(await kind.remove(removal)).toBe("deleted");
  expect(await kind.remove(removal)).toBe(removedAgain ?? "absent");
  expect(await lookAt(open, kind, { world, address, believed: remote })).toBeUndefined();
  expect(await lookAt(open, kind, { world, address, believed: undefined })).toBeUndefined();
}

async function makeUpdate(
  open: OpenAccount,
  { kind, manifest }: KindSample,
  { at, seen, update }: Present & { readonly update: SampleUpdate },
): Promise<Present> {
  const { spec: from, remote } = seenAt(seen, at) ?? { spec: {}, remote: {} };
  const address = update.renamedTo ?? at;
  const context = writeContext(open, { world: seen.world, address, remote, from, to: { ...from, ...update.to } });
  const rename = address === at ? [] : [{ field: "name", to: pathOf(address).at(-1) ?? "" }];
  await kind.update({ ...context, fields: [...rename, ...context.fields] });
  const after = await expectSeen(open, { kind, manifest }, { address, to: update.to }, update.title);
  // A change is a change of the same thing, but for parts that come and go.
  if (update.newId !== true) expect(seenAt(after, address)?.remote["id"], update.title).toBe(remote["id"]);
  if (address !== at) expect(after.world.has(at)).toBe(false);
  await update.check?.(open, after);
  return { at: address, seen: after };
}

/** The account once the resource is there as wanted, seen alike by reading and by looking, with and without its ids. */
async function expectSeen(
  open: OpenAccount,
  { kind, manifest }: Pick<KindSample, "kind" | "manifest">,
  { address, to }: { readonly address: Address; readonly to: Spec },
  title = "creation",
): Promise<Observation> {
  const desired = makeDesired({ manifest, kinds: KINDS, now: new Date(START) });
  const selection = selectReads(desired, KINDS);
  const seen = await observeAccount({ reader: open.reader, kinds: KINDS, selection });
  const live = seen.world.get(address);
  const hidden = live?.unknown ?? [];
  const readable = Object.fromEntries(Object.entries(to).filter(([field]) => !hidden.includes(field)));
  expect(live?.spec, title).toMatchObject(readable);
  const known = { world: seen.world, address };
  const believed = remoteOf(live);
  expect(describeSeen(await lookAt(open, kind, { ...known, believed })), title).toEqual(describeSeen(live));
  expect(describeSeen(await lookAt(open, kind, { ...known, believed: undefined })), title).toEqual(describeSeen(live));
  return seen;
}
