import { describe, expect, test } from "vitest";
import { judge } from "../../simulation/invariants/judge.ts";
import { type Evidence, type Happening, LEDGER } from "../../simulation/story/evidence.ts";
import { runScenario } from "../../simulation/story/run-scenario.ts";
import type { Company, Scenario, Stage } from "../../simulation/story/scenario.ts";
import { FIXED_SCENARIOS } from "../../simulation/worlds/fixed-scenarios.ts";
import { IDENTITY_PROVIDER, SYNCED } from "../../simulation/worlds/identity-provider.ts";
import type { PartName } from "../../src/model/shard.ts";
import { assignShard } from "../../src/plan/shards.ts";
import { locatePart } from "../../src/state/ledger-parts.ts";

const [bootstrap, offboarding] = FIXED_SCENARIOS.map(({ scenario }) => scenario) as [Scenario, Scenario];

/** The shard of two that has Beta, and its part of the ledger. */
const OWNER = assignShard("Beta", 2);
const SHARD = locatePart(LEDGER, OWNER);

function withLast(scenario: Scenario, change: (company: Company) => Company, more: Partial<Stage> = {}): Scenario {
  const last = scenario.stages.at(-1) as Stage;
  return { ...scenario, stages: scenario.stages.with(-1, { ...last, company: change(last.company), ...more }) };
}

function findBroken(evidence: Evidence): readonly string[] {
  return [...new Set(judge(evidence).map(({ invariant }) => invariant))];
}

function rewrite(evidence: Evidence, change: (happening: Happening) => readonly Happening[]): Evidence {
  return { ...evidence, happenings: evidence.happenings.flatMap(change) };
}

/** Ben's role in the space two of Beta, with an end. */
function endIn(expires: string): (company: Company) => Company {
  return (company) => {
    const changed = structuredClone(company) as Company & {
      organizations: { Beta: { spaces: { two: { members: Record<string, unknown> } } } };
      policy: Record<string, unknown>;
    };
    changed.organizations.Beta.spaces.two.members["ben@acme.io"] = { role: "member", expires };
    changed.policy["expire"] = "automatic";
    return changed;
  };
}

describe("what is rare in a company is judged", () => {
  test("a grant that has ended goes by itself, and one that has not does not", async () => {
    const founded = bootstrap.stages[0] as Stage;
    const first = { ...founded, company: endIn("2026-08-30")(founded.company) };
    const later = { ...founded, days: 40 };
    const lapsing = withLast({ ...bootstrap, stages: [first, later] }, endIn("2026-08-30"));
    const evidence = await runScenario(lapsing);
    expect(findBroken(evidence)).toEqual([]);
    const early = withLast(lapsing, endIn("2026-12-30"));
    expect(findBroken({ ...evidence, scenario: early })).toEqual(
      expect.arrayContaining(["converges", "removals-approved"]),
    );
  });

  test("nothing is left of somebody who is to be gone for good", async () => {
    const leave = (email: string): Scenario =>
      withLast(offboarding, (company) => {
        const { [email]: _, ...people } = company["people"] as Company;
        return { ...company, people, offboard: [email] };
      });
    const evidence = await runScenario(leave("ben@acme.io"));
    expect(findBroken(evidence)).toEqual([]);
    expect(findBroken({ ...evidence, scenario: leave("ana@acme.io") })).toContain("converges");
  });

  test("role mappings are as declared, go by an approval alone, and what they gave is left alone", async () => {
    const mappings = [{ when: { Team: "ml" }, organization: { name: "Beta", role: "member" } }];
    const map = (company: Company): Company => ({
      ...company,
      manage: { ...(company["manage"] as Company), saml: "authoritative" },
      saml: { [SYNCED]: { sync: true, mappings } },
    });
    const scenario = withLast({ ...bootstrap, furniture: [...bootstrap.furniture, ...IDENTITY_PROVIDER] }, map);
    const evidence = await runScenario(scenario);
    expect(findBroken(evidence)).toEqual([]);
    expect(
      findBroken({
        ...evidence,
        scenario: withLast(scenario, (one) => ({ ...one, saml: { [SYNCED]: { mappings: [] } } })),
      }),
    ).toContain("converges");
    expect(findBroken(rewrite(evidence, (one) => (one.type === "approved" ? [] : [one])))).toContain(
      "removals-approved",
    );
    const robbing = await runScenario(scenario, {
      account: (account, { sandbox }) => ({
        ...account,
        writer: {
          ...account.writer,
          write: async (request) => {
            const { tables } = sandbox.account.store;
            const [sam] = tables.users.find("email", `sam@${SYNCED}`);
            const [member] = tables.space_members.find("user", sam?.id ?? "");
            const [space, user] = [member?.space_id ?? "", sam?.id ?? ""].map(encodeURIComponent);
            if (member !== undefined) await account.writer.remove(`/v2/spaces/${space}/users/${user}`);
            return account.writer.write(request);
          },
        },
      }),
    });
    expect(findBroken(robbing)).toContain("hands-off");
  });

  test.each([
    ["machine", 0],
    ["elsewhere", 0],
    ["elsewhere", 600],
  ] as const)("the lock of a dead run on %s, renewed %i minutes ago, falls by itself", async (hostname, minutes) => {
    const evidence = await runScenario(withLast(bootstrap, (company) => company, { leftLock: { hostname, minutes } }));
    expect(findBroken(evidence)).toEqual([]);
  });

  test("two that write at once are told", async () => {
    const evidence = await runScenario(bootstrap);
    const other: Happening = { type: "write", pid: 999, change: "append", path: LEDGER, text: "" };
    const isAppend = (one: Happening): boolean =>
      one.type === "write" && one.path === LEDGER && one.change === "append";
    expect(findBroken(rewrite(evidence, (one) => (isAppend(one) ? [one, other] : [one])))).toContain("one-writer");
  });

  test("of a divided account two that write to one part are told, or one for the whole beside a part, and not two parts", async () => {
    const divided = withLast(bootstrap, (company) => company, { shards: { of: 2, by: "organization" } });
    const evidence = await runScenario(divided);
    expect(findBroken(evidence)).toEqual([]);
    const parts = evidence.happenings.flatMap((one) => (one.type === "started" ? [one.part] : []));
    expect(new Set(parts)).toEqual(new Set(["account", 1, 2]));
    const isAppend = (one: Happening): boolean => one.type === "write" && one.path === SHARD && one.change === "append";
    expect(evidence.happenings.some(isAppend)).toBe(true);
    const brokenBeside = (part: PartName | undefined): readonly string[] => {
      const started: Happening = { type: "started", pid: 999, command: "apply", ...(part !== undefined && { part }) };
      const other: Happening = { type: "write", pid: 999, change: "append", path: LEDGER, text: "" };
      const beside = rewrite(evidence, (one) => (isAppend(one) ? [one, other] : [one]));
      return findBroken({ ...beside, happenings: [started, ...beside.happenings] });
    };
    expect(brokenBeside(OWNER)).toContain("one-writer");
    expect(brokenBeside(undefined)).toContain("one-writer");
    expect(brokenBeside(3 - OWNER)).toEqual([]);
    expect(brokenBeside("account")).toEqual([]);
    // What a shard's own part of the ledger does not tell was not meant.
    const silent = rewrite(evidence, (one) => (isAppend(one) ? [] : [one]));
    expect(findBroken(silent)).toContain("ledger-tells-truth");
  });

  test("of a divided account nothing goes where the summary does not allow it, and no plan runs that it does not name", async () => {
    const half = { shards: { of: 2, by: "organization" } } as const;
    const stages = offboarding.stages.map((stage, index) => ({
      ...{ ...stage, ...half },
      troubled: index === 0 ? [] : [{ approves: "all", isSaved: true } as const],
    }));
    // By the number of the visit who judges the whole allows one removal, or as many as there are.
    const play = (seed: number): Promise<Evidence> => runScenario({ ...offboarding, seed, stages });
    const allowing = await play(1);
    expect(findBroken(allowing)).toEqual([]);
    const judged = allowing.happenings.flatMap((one) => (one.type === "judged" ? [one] : []));
    const removed = (evidence: Evidence): number =>
      evidence.happenings
        .slice(
          0,
          evidence.happenings.findLastIndex(({ type }) => type === "calm"),
        )
        .filter((one) => one.type === "request" && one.method === "DELETE").length;
    expect(judged.map(({ plans, mostRemovals }) => [plans.length, mostRemovals])).toEqual([[3, 10_000]]);
    expect(removed(allowing)).toBeGreaterThan(1);
    const refusing = await play(3);
    expect(findBroken(refusing)).toEqual([]);
    expect(removed(refusing)).toBe(0);

    const changed = (change: (one: Extract<Happening, { type: "judged" }>) => readonly Happening[]): Evidence =>
      rewrite(allowing, (one) => (one.type === "judged" ? change(one) : [one]));
    expect(findBroken(changed((one) => [{ ...one, mostRemovals: 1 }]))).toEqual(["as-reviewed"]);
    expect(findBroken(changed((one) => [{ ...one, plans: one.plans.slice(0, 1) }]))).toEqual(["as-reviewed"]);
    expect(findBroken(changed(() => []))).toEqual(["as-reviewed"]);
    const empty = rewrite(allowing, (one) =>
      one.type === "started" && one.saved !== undefined ? [{ ...one, saved: { ...one.saved, steps: [] } }] : [one],
    );
    expect(findBroken(empty)).toEqual(["as-reviewed"]);
  });

  test("an approval counts only for a ledger that holds the line its plan was made with", async () => {
    const evidence = await runScenario(offboarding);
    const forgotten = rewrite(evidence, (one) =>
      one.type === "approved" ? [one, { type: "put-back", text: "" }] : [one],
    );
    expect(findBroken(forgotten)).toContain("removals-approved");
    const again = withLast(offboarding, (company) => company, {
      ...{
        putBack: 0.9,
        troubled: [
          { approves: "all", isSaved: true },
          { approves: "none", isSaved: false },
        ],
      },
    });
    expect(findBroken(await runScenario({ ...again, keepsApprovals: true }))).toEqual([]);
  });
});
