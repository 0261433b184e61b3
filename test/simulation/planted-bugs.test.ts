import { describe, expect, test } from "vitest";
import { judge } from "../../simulation/invariants/judge.ts";
import { runScenario } from "../../simulation/story/run-scenario.ts";
import type { Sabotage } from "../../simulation/story/sabotage.ts";
import type { Scenario, Stage } from "../../simulation/story/scenario.ts";
import { FIXED_SCENARIOS } from "../../simulation/worlds/fixed-scenarios.ts";
import type { PlatformWriter, WriteAnswer, WriteRequest } from "../../src/model/platform.ts";

function fixed(wanted: string): Scenario {
  const found = FIXED_SCENARIOS.find(({ name }) => name === wanted)?.scenario;
  if (found === undefined) throw new Error(`no scenario ${wanted}`);
  return found;
}

/** The names of the invariants that a planted fault breaks. */
async function findBroken(scenario: Scenario, sabotage: Sabotage): Promise<readonly string[]> {
  const breaches = judge(await runScenario(scenario, sabotage));
  return [...new Set(breaches.map(({ invariant }) => invariant))];
}

type FindId = (table: "organizations" | "projects", name: string) => string;
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
          const id = (table: "organizations" | "projects", name: string): string =>
            [...tables[table].all()].find((row) => row.name === name)?.id ?? "";
          return act(account.writer, request, id);
        },
      },
    }),
  };
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

  test("a right that somebody has for a moment", async () => {
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
    expect(await findBroken(scenario, exposing)).toContain("access-moments");
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
});
