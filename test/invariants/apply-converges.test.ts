import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ApplyReport } from "../../src/apply/report.ts";
import type { SandboxSwitches } from "../../src/sandbox/start-sandbox.ts";
import { applyIn, openOffice, planFor } from "../support/office.ts";
import type { OpenAccount } from "../support/open-account.ts";
import { anyCompany } from "../support/random-companies.ts";
import { anyServer } from "../support/random-servers.ts";

const RUNS = { numRuns: 12, seed: 20_261_121, endOnFailure: true };

/**
 * True for what must not happen to an approved step. What was planned unseen may turn out otherwise once it can be seen; and
 * where the platform drops the roles on projects with a membership of their space, a switch between its stores takes them along.
 */
function isAmiss({ step, state }: ApplyReport["results"][number], switches: Partial<SandboxSwitches>): boolean {
  const mayBeGone = switches.spaceRemovalDropsProjectBindings === true && step.kind === "binding";
  if (state === "stale") return step.reason !== "ensure" && !mayBeGone;
  return state === "failed" || state === "held" || state === "blocked";
}

function countSent(account: OpenAccount, method: string): number {
  return account.requests().filter((request) => request.startsWith(`${method} `)).length;
}

describe("from any company to any other", () => {
  test("nothing is deleted unapproved, nothing fails, and once approved the account is as declared", async () => {
    await fc.assert(
      fc.asyncProperty(anyCompany, anyCompany, anyServer, async (before, after, switches) => {
        const office = await openOffice(switches);
        try {
          const first = await applyIn(office, before, { approves: false });
          expect(first.report.results.filter(({ state }) => state !== "done" && state !== "already")).toEqual([]);
          expect((await planFor(before, office)).plan.steps).toEqual([]);

          office.account.forget();
          const open = await applyIn(office, after, { approves: false });
          expect(countSent(office.account, "DELETE")).toBe(0);
          const unwanted = open.report.results.filter((result) => isAmiss(result, switches) && result.state !== "held");
          expect(unwanted).toEqual([]);

          const rest = await applyIn(office, after, { approves: true });
          expect(rest.report.results.filter((result) => isAmiss(result, switches))).toEqual([]);
          // What an inherited admin right hid may only now be seen: it then takes another approved run.
          for (let more = 0; more < 2 && (await planFor(after, office)).plan.steps.length > 0; more += 1)
            await applyIn(office, after, { approves: true });
          const left = (await planFor(after, office)).plan;
          expect(left.steps.map(({ op, address, fields }) => ({ op, address, fields }))).toEqual([]);
          expect(left.withheld).toEqual([]);
        } finally {
          await office.close();
        }
      }),
      RUNS,
    );
  });

  test("where members cannot be read, all that is new is made all the same, and nothing of it is written twice", async () => {
    await fc.assert(
      fc.asyncProperty(anyCompany, async (company) => {
        const office = await openOffice({ graphqlEnabled: false });
        try {
          const { report } = await applyIn(office, company, { approves: false });
          expect(report.results.filter(({ state }) => state !== "done")).toEqual([]);
          expect((await planFor(company, office)).plan.steps).toEqual([]);
        } finally {
          await office.close();
        }
      }),
      RUNS,
    );
  });
});
