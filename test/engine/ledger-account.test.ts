import { expect, test } from "vitest";
import type { AccountReading } from "../../src/engine/account-reading.ts";
import { judgeLedgerAccount, requireOwnDoubts } from "../../src/engine/ledger-account.ts";
import { systemFiles } from "../../src/host/system-files.ts";
import { DiagnosedError } from "../../src/model/errors.ts";
import type { AccountIdentity, IntentEntry, LedgerEntry } from "../../src/model/ledger.ts";
import type { PlatformReader } from "../../src/model/platform.ts";
import { openLedger } from "../../src/state/ledger.ts";
import { recallMemory } from "../../src/state/memory.ts";
import { openStore } from "../../src/state/open-store.ts";
import { makeHandClock } from "../support/hand-clock.ts";
import { makeWorkplace } from "../support/run-axcess.ts";

const CLOUD = "https://api.acme.example";

function isTold(before: AccountIdentity | undefined, now: AccountIdentity): boolean {
  return judgeLedgerAccount(before === undefined ? {} : { account: before }, now, "error").length > 0;
}

test("a ledger is of another account where the URL or a known name is another", () => {
  expect(isTold({ url: CLOUD, name: "A" }, { url: CLOUD, name: "B" })).toBe(true);
  expect(isTold({ url: CLOUD, name: "A" }, { url: "https://api.moved.example", name: "A" })).toBe(true);
  expect(isTold({ url: "sandbox:.axcess/sandbox" }, { url: CLOUD })).toBe(true);
  expect(isTold({ url: CLOUD, name: "A" }, { url: `${CLOUD.replace("api", "API")}/`, name: "A" })).toBe(false);
  expect(isTold({ url: CLOUD }, { url: CLOUD, name: "B" })).toBe(false);
  expect(isTold({ url: CLOUD, name: "A" }, { url: CLOUD })).toBe(false);
  expect(isTold({ url: "sandbox:a" }, { url: "sandbox:./a" })).toBe(false);
  expect(isTold({ url: "http://127.0.0.1:1" }, { url: "http://127.0.0.1:2" })).toBe(false);
  expect(isTold(undefined, { url: CLOUD })).toBe(false);
});

test("with something in doubt, the name is asked before anything is settled", async () => {
  const doubt: IntentEntry = {
    ...{ type: "intent", run: "r", change: "chg_1", op: "create", kind: "service-key", address: "service-key:A/x" },
  };
  const ask = async (identify: () => Promise<{ accountName: string }>, inDoubt: readonly IntentEntry[]) => {
    const reader = { identify } as unknown as PlatformReader;
    const memory = { ...recallMemory([]), inDoubt, account: { url: CLOUD, name: "A" } };
    return requireOwnDoubts(memory, { reader, accountUrl: CLOUD } as AccountReading);
  };
  const refuse = (error: Error) => () => Promise.reject(error);
  const asB = async () => ({ accountName: "B" });
  await expect(ask(asB, [doubt])).rejects.toThrow(DiagnosedError);
  await expect(ask(asB, [])).resolves.toBeUndefined();
  await expect(ask(async () => ({ accountName: "A" }), [doubt])).resolves.toBeUndefined();
  await expect(ask(refuse(new Error("broken")), [doubt])).rejects.toThrow("broken");
});

const LEDGER = ".axcess/sandbox-ledger.jsonl";

async function entriesOf(text: Promise<string>): Promise<readonly LedgerEntry[]> {
  return (await text)
    .trimEnd()
    .split("\n")
    .map((line) => (JSON.parse(line) as { entry: LedgerEntry }).entry);
}

test.each([
  ["another URL", { url: CLOUD }],
  ["another name", { url: "sandbox:x", name: "Production" }],
])("the ledger of %s is refused by apply and adopt, and a plan warns", async (_, account) => {
  const place = makeWorkplace();
  place.write("access.yaml", 'version: 1\norganizations: { "Acme": {} }\npolicy: { min_admins: 0 }\n');
  expect((await place.run(["apply", "--sandbox", "--auto-approve"])).exit).toBe(0);
  expect(await entriesOf(place.read(LEDGER))).toContainEqual(
    expect.objectContaining({ type: "run", account: { url: "sandbox:.axcess/sandbox", name: "sandbox" } }),
  );
  expect((await place.run(["plan", "--sandbox"])).stderr).not.toContain("AX515");
  const files = systemFiles;
  const store = await openStore({ location: `${place.folder}/${LEDGER}`, files });
  const ledger = await openLedger({ store, clock: makeHandClock() });
  await ledger.append([{ type: "run", run: "run_x", command: "apply", by: "ana", flags: [], account }]);
  await ledger.close();
  const before = await place.read(LEDGER);
  place.write("access.yaml", 'version: 1\norganizations: { "Acme": {}, "New": {} }\npolicy: { min_admins: 0 }\n');
  for (const words of [
    ["apply", "--auto-approve"],
    ["adopt", "organization:*"],
  ]) {
    const { exit, stderr } = await place.run([...words, "--sandbox"]);
    expect([exit, stderr]).toEqual([1, expect.stringContaining("AX515")]);
  }
  expect(await place.read(LEDGER)).toBe(before);
  expect((await place.run(["export", "--sandbox"])).stdout).not.toContain("New");
  const planned = await place.run(["plan", "--sandbox"]);
  expect([planned.exit, planned.stderr]).toEqual([0, expect.stringContaining("AX515")]);
});
