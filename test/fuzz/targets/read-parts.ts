import fc from "fast-check";
import type { PartName } from "../../../src/model/shard.ts";
import { locatePart } from "../../../src/state/ledger-parts.ts";
import { recallMemory } from "../../../src/state/memory.ts";
import { readLedger } from "../../../src/state/read-ledger.ts";
import { readMemory } from "../../../src/state/recall-parts.ts";
import { verifyLedger } from "../../../src/state/verify-ledger.ts";
import { makeDisk } from "../../support/ledger-disk.ts";
import { adopt, ENDS, inRun, LEDGER, openMachines, runOf, shardOf } from "../../support/shard-machines.ts";
import { unlessRefused } from "../judge.ts";
import { someEdits } from "../mutate.ts";
import { spellRecalled, spoilLedger, WAYS } from "../spoil-ledger.ts";
import { makeTrial, type Target } from "../target.ts";

const anyCase = fc.record({
  part: fc.constantFrom<PartName>("account", 1, 2),
  how: fc.constantFrom(...WAYS),
  edits: someEdits,
});

/** A part of a ledger that something happened to: refused, or what all parts remember is what their lines say. */
export const readLedgerParts: Target = {
  runs: 200,
  open: async () => {
    const { files: good } = await foundParts();
    return makeTrial(anyCase, async ({ part, how, edits }) => {
      const files = makeDisk();
      for (const path of good.paths()) files.put(path, await good.read(path));
      const path = locatePart(LEDGER, part);
      files.put(path, spoilLedger(good.text(path), how, edits));
      const machines = openMachines(files);
      const known = await unlessRefused(async () => recallMemory((await readLedger(machines.place)).lines));
      const recalled = await unlessRefused(async () => (await readMemory(machines.place)).memory);
      if (how !== "sealed" && spellRecalled(recalled) !== spellRecalled(known)) {
        throw new Error("what is remembered by a checkpoint is not what the lines of all parts say");
      }
      const isSound = (await unlessRefused(() => verifyLedger(machines.place))) !== undefined;
      for (const shard of [shardOf("account"), shardOf(1), undefined]) {
        const place = { ...machines.place, shard, checkpointAfter: 0 };
        await unlessRefused(() => inRun(place, ({ ledger }) => ledger.append(ENDS)));
      }
      if (isSound) await verifyLedger(machines.place);
    });
  },
};

/** Two shards with lines before a checkpoint, and lines after it. */
async function foundParts(): Promise<ReturnType<typeof openMachines>> {
  const machines = openMachines();
  await runOf(machines, shardOf("account"), [adopt("a", "1")]);
  await runOf(machines, shardOf(1), [adopt("b", "2"), ...ENDS.slice(0, 2)]);
  await runOf(machines, shardOf(2), [adopt("c", "3"), adopt("d", "4")]);
  await runOf(machines, shardOf("account"), []);
  await runOf(machines, shardOf(2), [adopt("d", "5")]);
  await runOf(machines, shardOf(1), [adopt("e", "6")]);
  return machines;
}
