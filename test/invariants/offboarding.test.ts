import fc from "fast-check";
import { expect, test } from "vitest";
import { KINDS } from "../../src/kinds/registry.ts";
import { offboardPerson } from "../../src/manifest/offboard-person.ts";
import { type Address, pathPart } from "../../src/model/address.ts";
import type { Manifest } from "../../src/model/manifest.ts";
import { makePlan } from "../../src/plan/make-plan.ts";
import { makeDesired } from "../../src/state/desired.ts";
import { anyCommentedManifest, LEAVER } from "../manifest/commented-manifest.ts";
import { loadFiles, memoryFiles } from "../manifest/load-text.ts";
import { live, planInput } from "../support/plan-input.ts";

const NOW = new Date("2027-01-15T00:00:00Z");

function desiredOf(manifest: Manifest | undefined) {
  if (manifest === undefined) throw new Error("the manifest has errors");
  return makeDesired({ manifest, kinds: KINDS, now: NOW });
}

test("once a person is offboarded, the plan deletes them and leaves no grant of theirs behind, and nobody else's goes", async () => {
  await fc.assert(
    fc.asyncProperty(anyCommentedManifest, async ({ before }) => {
      const there = desiredOf((await loadFiles({ "a.yaml": before })).manifest);
      const people = new Set(
        [...there.world.keys()].map((address) => pathPart(address, -1)).filter((name) => name.includes("@")),
      );
      people.add(LEAVER);
      const account = [
        ...[...people].map((email) => live(`user:${email}`)),
        ...[...there.world.values()].map(({ address, spec }) => live(address, spec)),
      ];
      const edited = await offboardPerson({
        files: memoryFiles({ "a.yaml": before }),
        paths: ["a.yaml"],
        email: LEAVER,
      });
      const plan = makePlan({ ...planInput({ live: account }), desired: desiredOf(edited.manifest) });
      const gone = plan.steps.flatMap(({ op, address, cascade }) => (op === "delete" ? [address, ...cascade] : []));
      const theirs = account.map(({ address }) => address).filter((address) => pathPart(address, -1) === LEAVER);
      expect(new Set<Address>(gone)).toEqual(new Set<Address>(theirs));
      expect(plan.steps.map(({ op, address }) => `${op} ${address}`)).toEqual([`delete user:${LEAVER}`]);
      expect(plan.steps[0]?.gate.state).not.toBe("open");
    }),
    { seed: 20_261_121, numRuns: 50 },
  );
});
