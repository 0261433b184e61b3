import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { systemFiles } from "../../../src/host/system-files.ts";
import { openLedger } from "../../../src/state/ledger.ts";
import { parseLedger } from "../../../src/state/ledger-text.ts";
import { recallMemory } from "../../../src/state/memory.ts";
import { openStore } from "../../../src/state/open-store.ts";
import { readMemory } from "../../../src/state/recall-parts.ts";
import { loadGood } from "../../manifest/load-text.ts";
import { savePlanOfHeld } from "../../support/held-plan.ts";
import { makeWorkplace } from "../../support/run-axcess.ts";
import { makeVirtualClock } from "../../support/virtual-clock.ts";
import { requireTold, unlessRefused } from "../judge.ts";
import { someEdits } from "../mutate.ts";
import { planWith, showPlan } from "../plan-recorded.ts";
import { AS_RECORDED, recordAccount, WANTED } from "../recorded-account.ts";
import { spellRecalled, spoilLedger, WAYS } from "../spoil-ledger.ts";
import { makeTrial, type Target } from "../target.ts";

const anyCase = fc.record({
  how: fc.constantFrom(...WAYS),
  edits: someEdits,
  command: fc.constantFrom(["show"], ["show", "--json"], ["who", "**"], ["verify"]),
});

/** A ledger that something happened to: refused, or what is left of it is as it was; one that was chained anew gets errors in words. */
export const readLedgerFile: Target = {
  runs: 100,
  open: async () => {
    const place = makeWorkplace();
    await savePlanOfHeld(place);
    const path = ".axcess/sandbox-ledger.jsonl";
    const good = await loadGood(WANTED);
    const account = await recordAccount(({ reader }) => planWith(reader, good, recallMemory([])));
    await addCheckpoint(join(place.folder, path));
    const text = await place.read(path);
    const lines = text.trim().split("\n");
    return makeTrial(anyCase, async ({ how, edits, command }) => {
      const bytes = spoilLedger(text, how, edits);
      const read = await unlessRefused(() => parseLedger(bytes, "ledger.jsonl"));
      if (how !== "sealed") {
        const known = read?.lines.every(
          (line, index) => JSON.stringify(line) === JSON.stringify(JSON.parse(lines[index] ?? "")),
        );
        if (known === false) throw new Error("a ledger that was changed is taken for one that was not");
      }
      writeFileSync(join(place.folder, "spoilt.jsonl"), bytes);
      requireTold(await place.run(["ledger", ...command, "--ledger", "spoilt.jsonl"]));
      const spoiltPlace = { location: join(place.folder, "spoilt.jsonl"), files: systemFiles };
      const recalled = await unlessRefused(async () => (await readMemory(spoiltPlace)).memory);
      if (how !== "sealed" && spellRecalled(recalled) !== spellRecalled(read && recallMemory(read.lines))) {
        throw new Error("what is remembered by a checkpoint is not what the lines say");
      }
      if (read === undefined) return;
      const { reader } = account.connect(AS_RECORDED, makeVirtualClock());
      const plan = await unlessRefused(() => planWith(reader, good, recallMemory(read.lines)));
      if (plan !== undefined) showPlan(plan);
    });
  },
};

/** As a run leaves it that had much to write, and another one that had little. */
async function addCheckpoint(path: string): Promise<void> {
  const store = await openStore({ location: path, files: systemFiles });
  const ledger = await openLedger({ store, clock: makeVirtualClock() });
  await ledger.append([{ type: "end", run: "r1", exit: 0 }]);
  await ledger.checkpoint("r1", 1);
  await ledger.append([{ type: "end", run: "r2", exit: 0 }]);
  await ledger.close();
}
