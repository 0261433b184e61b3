import { describe, expect, test } from "vitest";
import { judge } from "../../simulation/invariants/judge.ts";
import type { Evidence, Happening, LeftStep } from "../../simulation/story/evidence.ts";
import { runScenario } from "../../simulation/story/run-scenario.ts";
import type { Sabotage } from "../../simulation/story/sabotage.ts";
import type { Scenario, Stage } from "../../simulation/story/scenario.ts";
import { FIXED_SCENARIOS } from "../../simulation/worlds/fixed-scenarios.ts";
import type { CheckpointEntry, LedgerLine } from "../../src/model/ledger.ts";
import type { Plan } from "../../src/model/plan.ts";
import type { PlatformWriter, WriteAnswer, WriteRequest } from "../../src/model/platform.ts";
import { sealLine } from "../../src/state/chain.ts";
import { formatLines } from "../../src/state/ledger-text.ts";

function fixed(wanted: string): Scenario {
  const found = FIXED_SCENARIOS.find(({ name }) => name === wanted)?.scenario;
  if (found === undefined) throw new Error(`no scenario ${wanted}`);
  return found;
}

/** The same, of an account that is divided into two shards from the first stage on. */
function inTwoShards(scenario: Scenario): Scenario {
  const shards = { of: 2, by: "organization" } as const;
  return { ...scenario, stages: scenario.stages.map((stage) => ({ ...stage, shards })) };
}

/** The names of the invariants that a planted fault breaks. */
async function findBroken(scenario: Scenario, sabotage: Sabotage): Promise<readonly string[]> {
  const breaches = judge(await runScenario(scenario, sabotage));
  return [...new Set(breaches.map(({ invariant }) => invariant))];
}

type Named = "organizations" | "spaces" | "projects" | "users";
/** The id of what has a name; without one, of the newest. */
type FindId = (table: Named, name: string) => string;
type Act = (writer: PlatformWriter, request: WriteRequest, id: FindId) => Promise<WriteAnswer>;

/** A writer that does something of its own at some writes. */
function atWrites(fits: (request: WriteRequest) => boolean, act: Act): Sabotage {
  return {
    account: (account, { sandbox }) => ({
      ...account,
      writer: {
        ...account.writer,
        write: (request) => {
          if (!fits(request)) return account.writer.write(request);
          const { tables } = sandbox.account.store;
          const id: FindId = (table, name) =>
            [...tables[table].all()].findLast((row) => name === "" || row.name === name)?.id ?? "";
          return act(account.writer, request, id);
        },
      },
    }),
  };
}

/** The same evidence, in which every plan tells of a moment in which somebody has too much somewhere. */
function tellMoment(evidence: Evidence, person: string, place: string): Evidence {
  const detail = `No order avoids that for a moment ${person} has everything in ${place}, which is so neither before nor after.`;
  const tell = (plan: Plan): Plan => ({
    ...plan,
    steps: plan.steps.map((step) => ({ ...step, hazards: [...step.hazards, { code: "exposes", detail }] })),
  });
  const happenings = evidence.happenings.map((happening): Happening => {
    if (happening.type !== "ended" || happening.ending.applied === undefined) return happening;
    const { ending } = happening;
    const applied = { ...happening.ending.applied, plan: tell(happening.ending.applied.plan) };
    return { ...happening, ending: { ...ending, applied } };
  });
  return { ...evidence, happenings };
}

/** The same evidence, at whose end a step is left that is blocked for a reason. */
function blockBy(evidence: Evidence, detail: string): Evidence {
  const step: LeftStep = {
    ...{ op: "delete", address: "organization:Acme", dependsOn: [], hazards: [{ code: "protected", detail }] },
    gate: { state: "blocked", by: ["protected"], release: "" },
  };
  const left = { state: "blocked", steps: [step], unknown: [] } as const;
  const happenings = evidence.happenings.map((one) => (one.type === "settled" ? { ...one, left } : one));
  return { ...evidence, happenings };
}

const isPost =
  (form: RegExp) =>
  ({ method, path }: WriteRequest): boolean =>
    method === "POST" && form.test(path);

describe("a planted fault is caught", () => {
  test("nothing is broken where nothing is planted", async () => {
    for (const { scenario } of FIXED_SCENARIOS) expect(await findBroken(scenario, {})).toEqual([]);
  });

  test("a write that is told to be done, and is not", async () => {
    const lying = atWrites(isPost(/role-bindings/u), async () => ({
      status: 201,
      row: { id: "nothing" },
      found: false,
    }));
    expect(await findBroken(fixed("bootstrap"), lying)).toEqual(
      expect.arrayContaining(["converges", "ledger-tells-truth"]),
    );
  });

  test("a deletion that nobody approved", async () => {
    const deleting = atWrites(isPost(/resource-restrictions/u), async (writer, request, id) => {
      await writer.remove(`/v2/projects/${encodeURIComponent(id("projects", "web"))}`);
      return writer.write(request);
    });
    expect(await findBroken(fixed("service keys"), deleting)).toContain("removals-approved");
  });

  test("a write to what no manifest speaks of", async () => {
    const touching = atWrites(isPost(/resource-restrictions/u), async (writer, request, id) => {
      const path = `/v2/organizations/${encodeURIComponent(id("organizations", "Reserve"))}`;
      await writer.write({ method: "PATCH", path, body: { description: "touched" }, settle: "repeat" });
      return writer.write(request);
    });
    expect(await findBroken(fixed("service keys"), touching)).toContain("hands-off");
  });

  test("a key that is made twice", async () => {
    const doubling = atWrites(isPost(/api-keys$/u), async (writer, request) => {
      await writer.write(request);
      return writer.write(request);
    });
    expect(await findBroken(fixed("service keys"), doubling)).toContain("nothing-twice");
  });

  test("a right that somebody has for a moment, unless the plan said so of this very person and place", async () => {
    const before = fixed("offboarding").stages[0] as Stage;
    const grown = JSON.parse(JSON.stringify(before.company)) as typeof before.company & {
      organizations: { Beta: { spaces: { two: { members: Record<string, string> } } } };
    };
    grown.organizations.Beta.spaces.two.members["ben@acme.io"] = "member";
    const scenario = { ...fixed("offboarding"), stages: [before, { ...before, company: grown }] };
    const isPredefined = (request: WriteRequest): boolean =>
      isPost(/spaces\/[^/]+\/users/u)(request) && JSON.stringify(request.body).includes("PREDEFINED");
    const exposing = atWrites(isPredefined, async (writer, request) => {
      await writer.write({ ...request, body: { ...request.body, role: { type: "PREDEFINED", name: "ADMIN" } } });
      return writer.write(request);
    });
    const evidence = await runScenario(scenario, exposing);
    const brokenWhere = (person: string, place: string): readonly string[] =>
      judge(tellMoment(evidence, person, place)).map(({ invariant }) => invariant);
    expect(brokenWhere("ana@acme.io", "space:Beta/two")).toContain("access-moments");
    expect(brokenWhere("ben@acme.io", "space:Beta/one")).toContain("access-moments");
    expect(brokenWhere("ben@acme.io", "space:Beta/two")).not.toContain("access-moments");
  });

  test("a right that a new key's bot has for a moment beyond what its key gives", async () => {
    const lifting = atWrites(isPost(/api-keys$/u), async (writer, request, id) => {
      const answer = await writer.write(request);
      const give = (name: string): Promise<WriteAnswer> => {
        const path = `/v2/spaces/${encodeURIComponent(id("spaces", "one"))}/users`;
        const body = { user_id: id("users", ""), role: { type: "PREDEFINED", name } };
        return writer.write({ method: "POST", path, body, settle: "repeat" });
      };
      await give("ADMIN");
      await give("MEMBER");
      return answer;
    });
    expect(await findBroken(fixed("service keys"), lifting)).toContain("access-moments");
  });

  test("a block for which there is no reason", async () => {
    const evidence = await runScenario(fixed("bootstrap"));
    const brokenBy = (detail: string): readonly string[] =>
      judge(blockBy(evidence, detail)).flatMap(({ invariant }) => (invariant === "converges" ? [invariant] : []));
    expect(brokenBy("space-member:Acme/alpha/pia@acme.io is protected.")).toEqual([]);
    expect(brokenBy("space-member:Beta/one/pia@acme.io is protected.")).toEqual(["converges"]);
    expect(brokenBy("space-member:Acme/alpha/keep@acme.io is protected.")).toEqual(["converges"]);
    expect(brokenBy("organization:Acme is protected.")).toEqual(["converges"]);
  });

  test("a ledger that is not written", async () => {
    const forgetting: Sabotage = {
      files: (files) => ({
        ...files,
        openAppender: async (path) => ({ ...(await files.openAppender(path)), append: async () => undefined }),
      }),
    };
    expect(await findBroken(fixed("bootstrap"), forgetting)).toContain("ledger-tells-truth");
  });

  test("a secret that is written somewhere else as well", async () => {
    const leaking: Sabotage = {
      files: (files) => ({
        ...files,
        replace: async (path, text, mode) => {
          await files.replace(path, text, mode);
          if (path.includes(".secrets")) await files.replace("/home/ana/notes.txt", `key: ${text}`);
        },
      }),
    };
    expect(await findBroken(fixed("service keys"), leaking)).toContain("no-secret-shown");
  });

  test("an exit code that says less than the report", async () => {
    const denying: Sabotage = { ending: (ending) => ({ ...ending, exit: 0 }) };
    expect(await findBroken(fixed("offboarding"), denying)).toContain("exit-tells-truth");
  });

  test.each([
    ["one ledger", fixed("bootstrap"), '"type":"checkpoint"'],
    ["several parts", inTwoShards(fixed("bootstrap")), '"division":{"by"'],
  ])("runs on %s end with checkpoints, and one that says what no line does is found", async (_, scenario, mark) => {
    const honest = await runScenario(scenario);
    const isOne = (one: Happening): boolean => one.type === "write" && one.text.includes(mark);
    expect(honest.happenings.filter(isOne).length).toBeGreaterThan(0);
    const lying: Sabotage = {
      files: (files) => ({
        ...files,
        openAppender: async (path) => {
          const { append, close } = await files.openAppender(path);
          return { append: (text) => append(text.split("\n").map(addClass).join("\n")), close };
        },
      }),
    };
    expect(await findBroken(scenario, lying)).toContain("ledger-tells-truth");
  });
});

/** A checkpoint with a class that nobody manages, chained as it should be. */
function addClass(text: string): string {
  if (!text.includes('"type":"checkpoint"')) return text;
  const { digest: _, ...line } = JSON.parse(text) as LedgerLine & { readonly entry: CheckpointEntry };
  const managed: CheckpointEntry["managed"] = [...line.entry.managed, "space@organization:Nowhere"];
  return formatLines([sealLine({ ...line, entry: { ...line.entry, managed } })]).trimEnd();
}
