import fc from "fast-check";
import type { Address } from "../../src/model/address.ts";
import type { LedgerEntry } from "../../src/model/ledger.ts";
import type { Recollection } from "../../src/state/memory.ts";

const RULES = { needed: { default: 2 }, notBy: [], signed: false };

/** What is remembered, in the order in which it is told. */
export const spellMemory = ({ owned, lastWritten, managed, ...rest }: Recollection): unknown => ({
  ...rest,
  owned: [...owned],
  managed: [...managed],
  // Where something is owned as well, its place is that among what is owned.
  lastWritten: [...lastWritten].sort(([a], [b]) => (a < b ? -1 : 1)),
});

const ADDRESSES: readonly Address[] = ["space:O/a", "space:O/b", "project:O/a/p", "project:O/b/p", "role:ü%2F"];
const address = fc.constantFrom(...ADDRESSES);
const remote = fc.constantFrom({ id: "1" }, { id: "2" }, { id: "3", user: "ü" });
const spec = fc.constantFrom({ a: 1 }, { a: { b: "\u2028" } }, {});

/** Any line that changes what is remembered, about few things, so that lines meet. */
export const anyEntry: fc.Arbitrary<LedgerEntry> = fc.oneof(
  fc.record(
    {
      ...{
        type: fc.constant("intent" as const),
        run: fc.constantFrom("r1", "r2"),
        change: fc.constant("chg_a" as const),
      },
      ...{ op: fc.constantFrom("create", "update", "delete"), kind: fc.constant("space" as const), address },
      ...{ renamedFrom: address, remote, cascade: fc.array(address, { maxLength: 2 }) },
    },
    { requiredKeys: ["type", "run", "change", "op", "kind", "address"] },
  ),
  fc.record(
    {
      ...{
        type: fc.constant("outcome" as const),
        run: fc.constantFrom("r1", "r2"),
        change: fc.constant("chg_a" as const),
      },
      ...{ op: fc.constantFrom("create", "update", "delete"), address },
      result: fc.constantFrom("done", "done", "absent", "failed", "unknown", "settled-done", "settled-not-done"),
      ...{ remote, to: spec },
    },
    { requiredKeys: ["type", "run", "change", "op", "address", "result"] },
  ),
  fc.record({ type: fc.constant("adoption" as const), run: fc.constant("r1"), address, remote, spec }),
  fc.constantFrom<LedgerEntry>(
    { type: "managed", run: "r1", classes: ["space@organization:O"] },
    { type: "managed", run: "r1", classes: ["role@"] },
    { type: "rules", run: "r1", rules: RULES },
    { type: "run", run: "r1", command: "apply", by: "ana", flags: [], account: { url: "https://a", name: "A" } },
    { type: "end", run: "r1", exit: 0, paces: { reads: { perMinute: 60 } } },
    { type: "end", run: "r1", exit: 0 },
  ),
);
