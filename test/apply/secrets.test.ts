import { describe, expect, test } from "vitest";
import { type ApplyOptions, applyPlan, type SecretKeeper } from "../../src/apply/apply-plan.ts";
import type { ApplyKind } from "../../src/apply/look-at-step.ts";
import type { ApplyReport } from "../../src/apply/report.ts";
import { retractUndelivered } from "../../src/apply/retract-undelivered.ts";
import { NO_KEEPER, settleSecret } from "../../src/apply/settle-secret.ts";
import type { KindName } from "../../src/model/address.ts";
import type { Step } from "../../src/model/change.ts";
import type { SecretCare, ShownSecret } from "../../src/model/kind.ts";
import type { IntentEntry, LedgerEntry, LedgerLine } from "../../src/model/ledger.ts";
import type { PlatformReader, PlatformWriter } from "../../src/model/platform.ts";
import type { RemoteRef } from "../../src/model/resource.ts";
import { openLedger } from "../../src/state/ledger.ts";
import { openStore } from "../../src/state/open-store.ts";
import { readLedger } from "../../src/state/read-ledger.ts";
import { makeHandClock } from "../support/hand-clock.ts";
import { makeDisk } from "../support/ledger-disk.ts";
import { approveAll, makePlanOf, makeStep, SOME_DIGEST } from "../support/toy-plan.ts";
import { makeToyPlatform, observeToys, toyKind } from "../support/toy-platform.ts";

const SECRET = "ak-very-secret";

/** A kind of toys that show a secret when they are made or changed. */
function makeSecretKind(retracted: string[], retract: () => Promise<void> = async () => undefined): ApplyKind {
  const show = (remote: RemoteRef): ShownSecret => ({
    text: () => SECRET,
    retract: async () => {
      await retract();
      retracted.push(remote["id"] ?? "");
    },
  });
  return {
    ...toyKind,
    create: async (context) => {
      const written = await toyKind.create(context);
      return { ...written, secret: show(written.remote) };
    },
    update: async (context) => {
      const written = await toyKind.update(context);
      return { ...written, secret: show(written.remote) };
    },
    secrets: { findUndelivered: async () => [], retract: async () => undefined },
  };
}

interface Played {
  readonly report: ApplyReport;
  readonly effects: readonly string[];
  readonly retracted: readonly string[];
  readonly entries: readonly LedgerEntry[];
}

async function play(
  steps: readonly Step[],
  keeper: Partial<SecretKeeper> | undefined,
  given: { readonly retract?: () => Promise<void>; readonly kind?: ApplyKind } = {},
): Promise<Played> {
  const platform = makeToyPlatform({ toys: [{ id: "t1", name: "old", value: "old" }] });
  const files = makeDisk(new Map());
  const clock = makeHandClock();
  const ledger = await openLedger({ store: await openStore({ location: "l", files }), clock });
  const retracted: string[] = [];
  const secrets: Pick<ApplyOptions, "secrets"> =
    keeper === undefined
      ? {}
      : { secrets: { whyNotReady: async () => undefined, deliver: async () => undefined, ...keeper } };
  const report = await applyPlan({
    plan: makePlanOf(steps),
    kinds: new Map<KindName, ApplyKind>([["space", given.kind ?? makeSecretKind(retracted, given.retract)]]),
    observed: observeToys(platform.toys),
    reader: platform.reader,
    writer: platform.writer,
    ledger,
    approvals: approveAll(steps),
    clock,
    parallelism: () => 1,
    signal: new AbortController().signal,
    run: "r1",
    onProgress: () => undefined,
    ...secrets,
  });
  await ledger.close();
  const { lines } = await readLedger({ location: "l", files });
  return { report, effects: platform.effects, retracted, entries: lines.map(({ entry }) => entry) };
}

const outcomeIn = ({ entries }: Played): LedgerEntry | undefined => entries.find(({ type }) => type === "outcome");

describe("a secret that is shown", () => {
  const create = [makeStep("a")];
  const update = [makeStep("old", { op: "update", remote: { id: "t1" }, from: { value: "old" } })];

  test.each([
    ["by a creation", create],
    ["by a change", update],
  ])("%s goes to its keeper and nowhere else", async (_, steps) => {
    const kept: string[] = [];
    const played = await play(steps, {
      deliver: async ({ address }, secret) => void kept.push(`${address} ${secret()}`),
    });
    expect(kept).toEqual([`${steps[0]?.address} ${SECRET}`]);
    expect(outcomeIn(played)).toMatchObject({ result: "done", secret: "delivered" });
    expect(JSON.stringify([played.report, played.entries])).not.toContain(SECRET);
  });

  test("is not asked for where its place would not take it", async () => {
    const refused = await play(create, { whyNotReady: async () => "No." });
    expect(refused.report.results[0]).toMatchObject({ state: "failed", because: "Nothing was changed. No." });
    const broken = await play(create, { whyNotReady: () => Promise.reject(new Error("disk")) });
    expect(broken.report.results[0]).toMatchObject({ state: "failed", because: "Nothing was changed. disk" });
    const homeless = await play(create, undefined);
    expect(homeless.report.results[0]?.because).toBe("Nothing was changed. There is no place for its secret.");
    for (const { effects, entries } of [refused, broken, homeless]) expect([effects, entries]).toEqual([[], []]);
  });

  test("needs no place where something goes", async () => {
    const removal = [makeStep("old", { op: "delete", remote: { id: "t1" }, from: { value: "old" } })];
    expect((await play(removal, undefined)).effects).toEqual(["delete old"]);
  });

  test.each([
    ["an error", new Error("full")],
    ["anything else", "full"],
  ])("makes what was made worthless where its keeper rejects with %s", async (_, cause) => {
    const played = await play(create, { deliver: () => Promise.reject(cause) });
    expect(played.retracted).toEqual(["t2"]);
    expect(played.report.results[0]).toMatchObject({
      state: "failed",
      because: "Its secret reached nobody, so what was made was revoked. full",
    });
    expect(outcomeIn(played)).toMatchObject({ result: "failed", secret: "revoked", error: "SecretLost" });
  });

  test("leaves the step in doubt where even that fails", async () => {
    const deliver = () => Promise.reject(new Error("full"));
    const played = await play(create, { deliver }, { retract: () => Promise.reject(new Error("forbidden")) });
    expect(played.report.results[0]?.state).toBe("failed");
    expect(played.report.results[0]?.notes).toEqual(["Its secret reached nobody, and it could not be revoked. full"]);
    expect(outcomeIn(played)).toMatchObject({ result: "unknown" });
    expect(outcomeIn(played)).not.toHaveProperty("secret");
  });

  test("that was lost with the answer is never handed on", async () => {
    const retracted: string[] = [];
    const retract = async (): Promise<void> => void retracted.push("t9");
    const written = { remote: { id: "t9" }, notes: [], secret: { text: undefined, retract } };
    const deed = await settleSecret(makeStep("a"), written, NO_KEEPER);
    expect(deed).toMatchObject({ result: "failed", secret: "revoked" });
    expect(String(deed.cause)).toBe(
      "SecretLost: Its secret reached nobody, so what was made was revoked. The answer was lost.",
    );
    expect(retracted).toEqual(["t9"]);
  });

  test("of what lives on without it leaves that in place and recorded, and fails the step with the remedy", async () => {
    const written = { remote: { id: "t9" }, notes: ["n"], secret: { text: () => SECRET, remedy: "Ask anew." } };
    const deed = await settleSecret(makeStep("a"), written, NO_KEEPER);
    expect(deed).toMatchObject({ result: "done", remote: { id: "t9" }, notes: ["n"], secret: "lost" });
    const kind: ApplyKind = {
      ...toyKind,
      create: async (context) => ({
        ...(await toyKind.create(context)),
        secret: { text: () => SECRET, remedy: "Ask anew." },
      }),
      showsSecret: () => true,
    };
    const played = await play(create, { deliver: () => Promise.reject(new Error("full")) }, { kind });
    expect(played.report.results[0]).toMatchObject({
      state: "failed",
      because: "It was made, but its secret reached nobody. full Ask anew.",
    });
    expect(outcomeIn(played)).toMatchObject({
      ...{ result: "done", remote: { id: "t2" }, secret: "lost", error: "SecretLost" },
    });
    expect(played.effects).toEqual(["create a"]);
    expect((await play(create, { whyNotReady: async () => "No." }, { kind })).effects).toEqual([]);
    const silent = { ...toyKind, showsSecret: () => false };
    expect((await play(create, { whyNotReady: async () => "No." }, { kind: silent })).effects).toEqual(["create a"]);
  });

  test("has no place without a keeper", async () => {
    await expect(NO_KEEPER.deliver(makeStep("a"), () => SECRET)).rejects.toThrow("no place");
  });
});

describe("what a run that broke off may have made", () => {
  const intent = (address: IntentEntry["address"], kind: KindName = "space"): IntentEntry => ({
    type: "intent",
    run: "r1",
    change: "chg_1",
    op: "create",
    kind,
    address,
  });
  const lineOf = (entry: LedgerEntry, seq: number): LedgerLine => ({
    format: 1,
    seq,
    at: `2026-06-0${seq}T00:00:00Z`,
    prev: SOME_DIGEST,
    digest: SOME_DIGEST,
    entry,
  });

  async function retract(inDoubt: readonly IntentEntry[], entries: readonly LedgerEntry[], found: readonly string[]) {
    const gone: string[] = [];
    const asked: unknown[] = [];
    const care: SecretCare = {
      findUndelivered: async ({ at, isKnown, intent: { address } }) => {
        asked.push([address, at]);
        return found.filter((id) => !isKnown(id)).map((id) => ({ id }));
      },
      retract: async (_, { id = "" }) => void gone.push(id),
    };
    const outcomes = await retractUndelivered({
      inDoubt,
      history: async () => entries.map((entry, index) => lineOf(entry, index + 1)),
      kinds: new Map([
        ["space", { secrets: care }],
        ["role", {}],
      ]),
      reader: {} as PlatformReader,
      writer: {} as PlatformWriter,
      run: "r2",
    });
    return { outcomes, gone, asked };
  }

  test("is made worthless, but for what the ledger knows, and that settles the intent", async () => {
    const doubt = intent("space:a");
    const before: readonly LedgerEntry[] = [
      {
        type: "outcome",
        run: "r0",
        change: "chg_0",
        op: "create",
        address: "space:b",
        result: "done",
        remote: { id: "k1" },
      },
      { type: "outcome", run: "r0", change: "chg_0", op: "delete", address: "space:c", result: "absent", remote: {} },
      { ...intent("space:d"), type: "intent" },
    ];
    const { outcomes, gone, asked } = await retract([doubt], [...before, doubt], ["k1", "k2", "k3"]);
    expect(gone).toEqual(["k2", "k3"]);
    expect(asked).toEqual([["space:a", "2026-06-04T00:00:00Z"]]);
    expect(outcomes).toEqual([
      {
        ...{ type: "outcome", run: "r2", change: "chg_1", op: "create", address: "space:a" },
        ...{ result: "settled-not-done", secret: "revoked" },
      },
    ]);
  });

  test("is left in doubt where nothing is found, or where there are no secrets", async () => {
    expect(await retract([intent("space:a")], [], [])).toMatchObject({ outcomes: [], asked: [["space:a", ""]] });
    expect(await retract([intent("role:a", "role"), intent("user:a", "user")], [], ["k"])).toEqual({
      outcomes: [],
      gone: [],
      asked: [],
    });
  });
});
