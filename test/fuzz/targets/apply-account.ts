import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { applyManifest } from "../../../src/engine/apply-manifest.ts";
import { countApprovals } from "../../../src/engine/chosen-approvals.ts";
import { openRun } from "../../../src/engine/open-run.ts";
import { systemFiles } from "../../../src/host/system-files.ts";
import { systemHost } from "../../../src/host/system-host.ts";
import { NO_LIMITS } from "../../../src/model/policy.ts";
import { recallMemory } from "../../../src/state/memory.ts";
import { loadGood } from "../../manifest/load-text.ts";
import { makeVirtualClock } from "../../support/virtual-clock.ts";
import { unlessRefused } from "../judge.ts";
import { planWith } from "../plan-recorded.ts";
import { recordAccount, WANTED } from "../recorded-account.ts";
import { makeTrial, type Target } from "../target.ts";
import { anyGarbage, spoil } from "./read-account.ts";

/** An apply without any approval, of an account that answers garbage: nothing is deleted, whatever comes back. */
export const applyAccount: Target = {
  runs: 15,
  open: async () => {
    const manifest = await loadGood(WANTED);
    const account = await recordAccount(({ reader }) => planWith(reader, manifest, recallMemory([])));
    const folder = mkdtempSync(join(tmpdir(), "axcess-fuzz-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const ledger = join(folder, "ledger.jsonl");
    return makeTrial(anyGarbage, async (garbage) => {
      rmSync(ledger, { force: true });
      const clock = makeVirtualClock();
      // Looks and writes come after the reads of the plan, and are spoilt as well.
      const side = account.connect(spoil(garbage, account.answers * 2), clock);
      const random = { fraction: () => 0, id: () => "id" };
      const programs = { run: async () => 0 };
      const outside = {
        files: systemFiles,
        programs,
        clock,
        host: systemHost,
        random,
        temporary: folder,
        home: folder,
      };
      await unlessRefused(() =>
        openRun(
          { location: ledger, files: systemFiles, clock, host: systemHost, random },
          () => undefined,
          (run) =>
            applyManifest({
              ...{ manifest, saved: undefined, rotate: undefined, limits: NO_LIMITS, approvals: [], authors: [], run },
              account: { ...side, accountUrl: "http://recorded", parallelism: 2 },
              outside: { ...outside, keyVariables: [] },
              ...{ signal: new AbortController().signal, hear: () => undefined },
              agree: async ({ plan, approvals, rules }) =>
                countApprovals({ plan, rules, authors: [], now: clock.now() }, approvals),
            }),
        ),
      );
      const taken = side.writes().find(({ method, url }) => {
        // A key whose secret reached nobody is revoked by the run that made it.
        return (method === "DELETE" && !url.includes("/v2/api-keys/")) || url.endsWith("/graphql");
      });
      if (taken !== undefined) throw new Error(`nobody approved ${taken.method} ${taken.url} ${taken.body ?? ""}`);
    });
  },
};
