import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { startSandbox } from "../../../src/sandbox/start-sandbox.ts";
import { makeWorkplace, type Workplace } from "../../support/run-axcess.ts";

const EXAMPLE = fileURLToPath(new URL("../../../examples/access.yaml", import.meta.url));

const ACCESS = `version: 1
people:
  ana@acme.io: { name: Ana, role: member }
  ben@acme.io: { name: Ben, role: member }
roles: { Maker: { permissions: [DATASET_CREATE] }, Eraser: { permissions: [DATASET_DELETE] }, Gone: {} }
organizations:
  Acme:
    members: { ana@acme.io: admin, ben@acme.io: member }
    spaces:
      alpha:
        private: true
        members: { ben@acme.io: Maker }
        projects: { web: { bindings: { ben@acme.io: Eraser } } }
`;

function placeWith(rules: string): Workplace {
  const place = makeWorkplace();
  place.write("access.yaml", `${ACCESS}${rules}`);
  return place;
}

const NEVER = 'assertions:\n  - { who: ben@acme.io, on: "project:Acme/**", never: [DATASET_DELETE, DATASET_READ] }\n';
const HOLDS = 'assertions: [{ who: admins, on: "project:Acme/**", only: ROLE_READ }]\n';
const SEPARATE = "policy: { separate: [[DATASET_CREATE, DATASET_DELETE]] }\n";

describe("validate", () => {
  test("an assertion that does not hold is an error at its place, with person, place, grant and line; the exit says so", async () => {
    const { exit, stdout, stderr } = await placeWith(NEVER).run(["validate"]);
    expect(exit).toBe(3);
    expect(stdout).toBe(`error AX230  Assertion does not hold
  access.yaml:15:5
     15 |   - { who: ben@acme.io, on: "project:Acme/**", never: [DATASET_DELETE, DATASET_READ…
        |     ${"^".repeat(80)}
  None of ben@acme.io has any of DATASET_DELETE, DATASET_READ on project:Acme/**. In project:Acme/alpha/web: ben@acme.io has DATASET_DELETE. Through binding:Acme/alpha/web/ben@acme.io: Eraser (role on the project) · access.yaml:13:40.
  Take the access away, or change the assertion.
`);
    expect(stderr).toBe("The manifest is not valid (1 file): 1 error, 0 warnings.\n");
  });

  test("permissions that are kept apart and meet are an error at the grant", async () => {
    const { exit, stdout } = await placeWith(SEPARATE).run(["validate"]);
    expect(exit).toBe(3);
    expect(stdout).toContain("error AX231  Separated permissions meet\n  access.yaml:12:20\n");
    expect(stdout).toContain(
      "Nobody but admins has both DATASET_CREATE and DATASET_DELETE in one place. In project:Acme/alpha/web, ben@acme.io has both. Through space-member:",
    );
  });

  test("in every format", async () => {
    const place = placeWith(NEVER + SEPARATE);
    const run = async (format: string): Promise<string> => {
      const { exit, stdout } = await place.run(["validate", "--format", format]);
      expect(exit).toBe(3);
      return stdout;
    };
    expect(JSON.parse(await run("json")).map(({ code }: { code: string }) => code)).toEqual(["AX231", "AX230"]);
    const [log] = JSON.parse(await run("sarif")).runs;
    expect(log.results.map(({ ruleId }: { ruleId: string }) => ruleId)).toEqual(["AX231", "AX230"]);
    expect(await run("github")).toMatch(/^::error file=access\.yaml,line=12,.*\n::error file=access\.yaml,line=15,/u);
    const document = JSON.parse((await place.run(["validate", "--json"])).stdout);
    expect(document).toMatchObject({ exit: 3, diagnostics: [{ code: "AX231" }, { code: "AX230" }] });
  });

  test("what lacks something is told without a grant", async () => {
    const { stdout } = await placeWith(
      'assertions: [{ who: ben@acme.io, on: "space:Acme/*", can: DATASET_READ }, { who: "*", on: "space:Acme/*", can: DATASET_READ, at_least: 2 }]\n',
    ).run(["validate"]);
    expect(stdout).toContain("In space:Acme/alpha: ben@acme.io does not have DATASET_READ.\n  Give the access,");
    expect(stdout).toContain("In space:Acme/alpha: Only 1 of 2: ana@acme.io.\n  Give the access,");
  });

  test("an assertion that fits no place is a warning, and no reason to refuse", async () => {
    const { exit, stdout } = await placeWith('assertions: [{ who: "*", on: "space:Other/*", never: ROLE_READ }]\n').run(
      ["validate"],
    );
    expect(exit).toBe(0);
    expect(stdout).toContain("warning AX232  Assertion says nothing\n  access.yaml:14:14\n");
  });

  test("an assertion that means nobody is a warning too, but for one that asks for so many", async () => {
    const nobody = placeWith('assertions: [{ who: "*@elsewhere.io", on: "space:Acme/*", never: ROLE_READ }]\n');
    const { exit, stdout } = await nobody.run(["validate"]);
    expect(exit).toBe(0);
    expect(stdout).toContain("warning AX232  Assertion says nothing\n  access.yaml:14:14\n");
    expect(stdout).toContain("The manifest declares nobody who is meant.\n  Correct `who`;");
    const tested = await nobody.run(["test"]);
    expect([tested.exit, tested.stdout]).toEqual([
      0,
      "ok      None of *@elsewhere.io has ROLE_READ on space:Acme/*. But nobody is meant. · access.yaml:14:14\n",
    ]);
    const few = placeWith('assertions: [{ who: "*@elsewhere.io", on: "space:Acme/*", can: ROLE_READ, at_least: 1 }]\n');
    expect(await few.run(["validate"])).toMatchObject({
      exit: 3,
      stdout: expect.stringContaining("Nobody has; 1 must."),
    });
  });

  test("what holds says nothing, and a mistake goes before what does not hold", async () => {
    const good = await placeWith(HOLDS).run(["validate"]);
    expect([good.exit, good.stdout]).toEqual([0, ""]);
    const bad = await placeWith(`${NEVER}nonsense: 1\n`).run(["validate"]);
    expect(bad.exit).toBe(1);
    expect(bad.stdout).not.toContain("AX230");
  });

  test("a grant whose time is over gives nothing any more", async () => {
    const place = makeWorkplace();
    const lapsing = ACCESS.replace("ben@acme.io: Eraser", 'ben@acme.io: { role: Eraser, expires: "2027-01-31" }');
    place.write("access.yaml", lapsing + NEVER);
    expect((await place.run(["validate", "--now", "2027-01-30T00:00:00Z"])).exit).toBe(3);
    expect((await place.run(["validate", "--now", "2027-01-31T00:00:00Z"])).exit).toBe(0);
  });
});

describe("test", () => {
  test("one line for each assertion, and every case with its grants", async () => {
    const rules =
      NEVER +
      'policy:\n  separate: [[DATASET_CREATE, DATASET_DELETE], { permissions: [ROLE_READ, ROLE_CREATE], on: "space:**" }]\n' +
      '  hold: [gains-admin, "ROLE_*"]\n';
    const place = placeWith(
      rules.replace("policy:", '  - { who: "*", on: "space:Other/*", never: ROLE_READ }\npolicy:'),
    );
    const { exit, stdout } = await place.run(["test"]);
    expect(exit).toBe(3);
    expect(
      stdout,
    ).toBe(`FAILED  None of ben@acme.io has any of DATASET_DELETE, DATASET_READ on project:Acme/**. · access.yaml:15:5
  project:Acme/alpha/web: ben@acme.io has DATASET_DELETE.
    through binding:Acme/alpha/web/ben@acme.io: Eraser (role on the project) · access.yaml:13:40
ok      Nobody has ROLE_READ on space:Other/*. Nothing is there that it speaks of. · access.yaml:16:5
FAILED  Nobody but admins has both DATASET_CREATE and DATASET_DELETE in one place.
  project:Acme/alpha/web: ben@acme.io has both.
    through space-member:Acme/alpha/ben@acme.io: Maker (role in the space) · access.yaml:12:20
    through binding:Acme/alpha/web/ben@acme.io: Eraser (role on the project) · access.yaml:13:40
ok      Nobody but admins has both ROLE_READ and ROLE_CREATE on space:**.
`);
  });

  test("the same as one document", async () => {
    const { stdout, exit } = await placeWith(NEVER + SEPARATE).run(["test", "--declared", "--json"]);
    expect(exit).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({
      command: "test",
      exit: 3,
      world: "declared",
      unread: [],
      assertions: [
        {
          source: "access.yaml:15:5",
          holds: false,
          isPlaceless: false,
          isAboutNobody: false,
          failures: [{ person: "user:ben@acme.io", place: "project:Acme/alpha/web", paths: [{ role: "role:Eraser" }] }],
        },
      ],
      separations: [
        { permissions: ["DATASET_CREATE", "DATASET_DELETE"], holds: false, breaches: [{ isPending: false }] },
      ],
    });
  });

  test("what holds ends with 0, and so does a manifest without assertions, which says so", async () => {
    const good = await placeWith(HOLDS).run(["test"]);
    expect([good.exit, good.stdout]).toEqual([
      0,
      "ok      Nobody but admins has ROLE_READ on project:Acme/**. · access.yaml:14:14\n",
    ]);
    const none = await placeWith("").run(["test", "--json"]);
    expect([none.exit, none.stderr]).toEqual([0, "The manifest has no assertions.\n"]);
    expect(JSON.parse(none.stdout)).toMatchObject({ assertions: [], separations: [] });
  });

  test("of two worlds one is asked, and a broken manifest none", async () => {
    const both = await placeWith(HOLDS).run(["test", "--live", "--declared"]);
    expect([both.exit, both.stderr]).toEqual([64, expect.stringContaining("exclude each other")]);
    expect((await placeWith("nonsense: 1\n").run(["test"])).exit).toBe(1);
  });
});

describe("test --live", () => {
  async function account(): Promise<Workplace> {
    const place = makeWorkplace();
    expect((await place.run(["apply", "--sandbox", "--auto-approve", "-f", EXAMPLE])).exit).toBe(0);
    return place;
  }

  const write = (place: Workplace, rules: string): void => place.write("rules.yaml", `version: 1\n${rules}`);
  const LIVE = ["test", "--live", "--sandbox=.axcess/sandbox", "-f", "rules.yaml"];

  test("reads only what the assertions speak of, and judges people by whether they have come", async () => {
    const place = await account();
    write(
      place,
      `assertions:
  - { who: liam@partner.example, on: "project:Platform Team/production/**", never: PROJECT_SPAN_READ }
  - { who: grace@acme.example, on: "project:Platform Team/production/checkout-assistant", can: PROJECT_SPAN_READ }
  - { who: grace@acme.example, on: "project:Platform Team/production/checkout-assistant", never: PROJECT_SPAN_READ }
`,
    );
    const before = (await place.read(".axcess/sandbox/requests.jsonl")).length;
    const { exit, stdout } = await place.run(LIVE);
    expect(exit).toBe(3);
    expect(
      stdout
        .split("\n")
        .filter((line) => /^(?:ok|FAILED)/u.test(line))
        .map((line) => line.split(" ")[0]),
    ).toEqual(["ok", "FAILED", "FAILED"]);
    expect(stdout).toContain("grace@acme.example was invited and has not come yet.");
    expect(stdout).toContain("has PROJECT_SPAN_READ once the invitation is accepted.");
    const log = (await place.read(".axcess/sandbox/requests.jsonl")).slice(before);
    expect(log).not.toMatch(/"method":"(POST|PATCH|PUT|DELETE)","path":"\/v2/u);
    expect(log).toContain('"path":"/v2/projects"');
  });

  test("permissions kept apart everywhere are looked for in the whole account", async () => {
    const place = await account();
    write(place, "policy: { separate: [[DATASET_CREATE, DATASET_DELETE]] }\n");
    const { exit, stdout } = await place.run(LIVE);
    expect(exit).toBe(3);
    expect(stdout).toContain(
      "  space:Platform Team/sandbox: liam@partner.example has both once the invitation is accepted.",
    );
  });

  test("another account than the manifest's is refused", async () => {
    const place = await account();
    write(place, 'account: other\nassertions: [{ who: "*", on: "space:Nowhere/x", never: ROLE_READ }]\n');
    expect((await place.run(LIVE)).stderr).toContain("AX390");
  });

  test("what could not be read whole is told, and ends otherwise; what is seen to fail fails all the same", async () => {
    const sandbox = await startSandbox({ directory: undefined, port: 0, seed: 1 });
    onTestFinished(() => sandbox.close());
    const place = makeWorkplace();
    const env = { ARIZE_API_KEY: sandbox.adminKey, ARIZE_BASE_URL: sandbox.url, ARIZE_APP_URL: sandbox.url };
    expect((await place.run(["apply", "--auto-approve", "-f", EXAMPLE], { env })).exit).toBe(0);
    sandbox.setFaults([{ method: "POST", path: "/graphql", times: 1000, effect: { kind: "status", status: 403 } }]);
    write(place, 'assertions: [{ who: "*", on: "space:Nowhere/x", never: ROLE_READ }]\n');
    const blind = await place.run(["test", "--live", "-f", "rules.yaml"], { env });
    expect(blind.stdout).toContain("ok      Nobody has ROLE_READ on space:Nowhere/x. Nothing is there");
    expect(blind.stderr).toContain(
      "Not read whole, so that more may be wrong than is seen: organization, role, user\n",
    );
    expect(blind.exit).toBe(6);
    write(place, 'assertions: [{ who: zoe@acme.example, on: "space:**", can: ROLE_READ }]\n');
    const failed = await place.run(["test", "--live", "-f", "rules.yaml"], { env });
    expect(failed.stdout).toContain("zoe@acme.example is not there.");
    expect(failed.stderr).toMatch(/Not read whole, .* and \d+ more\n/u);
    expect(failed.exit).toBe(3);
  });
});
