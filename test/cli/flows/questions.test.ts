import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { makeWorkplace, type Workplace } from "../../support/run-axcess.ts";

const EXAMPLE = fileURLToPath(new URL("../../../examples/access.yaml", import.meta.url));
const PROJECT = "project:Platform Team/production/checkout-assistant";

const MANIFEST = `version: 1
people: { ana@acme.io: {}, ben@acme.io: {} }
roles: { "=cmd()": { permissions: [PROJECT_READ] } }
organizations:
  Acme:
    members: { ana@acme.io: admin, ben@acme.io: member }
    spaces:
      alpha:
        private: true
        members: { ben@acme.io: "=cmd()" }
        projects: { web: { restricted: true, bindings: { ben@acme.io: "=cmd()" } } }
`;

function declared(): Workplace {
  const place = makeWorkplace();
  place.write("access.yaml", MANIFEST);
  return place;
}

test("explain tells what, through which line, what is cut off, and what would have to go", async () => {
  const { stdout, exit } = await declared().run(["explain", "BEN@acme.io", "project:Acme/alpha/web", "--declared"]);
  expect(exit).toBe(0);
  expect(stdout).toBe(`ben@acme.io on project:Acme/alpha/web: 1 permission
  through binding:Acme/alpha/web/ben@acme.io: =cmd() (role on the project) · access.yaml:11:58
  cut off: space-member:Acme/alpha/ben@acme.io: =cmd() (role in the space) · access.yaml:10:20
    PROJECT_READ
  To take it away, this would have to go or change: binding:Acme/alpha/web/ben@acme.io
`);
});

test("who-can and access answer from the other ends; a spreadsheet gets no formula", async () => {
  const place = declared();
  const holders = await place.run(["who-can", "PROJECT_READ", "project:Acme/alpha/web", "--declared"]);
  expect(holders.stdout.split("\n").filter((line) => !line.startsWith(" "))).toEqual([
    "ana@acme.io: everything",
    "ben@acme.io: 1 permission",
    "",
  ]);
  const table = await place.run(["access", "ben@acme.io", "--declared", "--format", "csv"]);
  expect(table.stdout.split("\r\n")).toContain(
    "ben@acme.io,project:Acme/alpha/web,project-binding,'=cmd(),binding:Acme/alpha/web/ben@acme.io,access.yaml:11:58,active",
  );
  const json = JSON.parse((await place.run(["access", "ben@acme.io", "--declared", "--json"])).stdout);
  expect(json.access.at(-1)).toMatchObject({
    place: "project:Acme/alpha/web",
    permissions: ["PROJECT_READ"],
    isPending: false,
  });
  expect((await place.run(["access", "nobody@acme.io", "--declared"])).stdout).toBe("Nothing.\n");
});

test("what is misspelt is refused, with what may have been meant", async () => {
  const place = declared();
  const wrong = async (...argv: readonly string[]): Promise<string> => {
    const ran = await place.run([...argv, "--declared"]);
    expect(ran.exit).toBe(64);
    return ran.stderr;
  };
  expect(await wrong("explain", "ben", "space:Acme/alpha")).toContain("is no e-mail address");
  expect(await wrong("explain", "ben@acme.io", "space:Acme")).toContain("is no organization, space or project");
  expect(await wrong("explain", "ben@acme.io", "space:Acme/alpah")).toContain("Did you mean space:Acme/alpha?");
  expect(await wrong("who-can", "PROJECT_RAED", "space:Acme/alpha")).toContain("Did you mean PROJECT_READ?");
  expect(await wrong("access", "ben@acme.io", "--live")).toContain("exclude each other");
  expect(await wrong("access", "ben@acme.io", "--format", "xml")).toContain("--format wants");
});

test("the account itself is asked without the manifest, and reads only what the place needs", async () => {
  const place = makeWorkplace();
  expect((await place.run(["apply", "--sandbox", "--auto-approve", "-f", EXAMPLE])).exit).toBe(0);
  const before = (await place.read(".axcess/sandbox/requests.jsonl")).length;
  const { stdout, exit } = await place.run(["explain", "ben@acme.example", PROJECT, "--sandbox=.axcess/sandbox"]);
  expect(exit).toBe(0);
  expect(stdout).toContain("everything, once the invitation is accepted");
  expect(stdout).toContain("through org-member:Platform Team/ben@acme.example: admin (organization admin)\n");
  expect(stdout).toContain(
    "Whether there is space-member:Platform Team/production/ben@acme.example beside cannot be seen",
  );
  const log = (await place.read(".axcess/sandbox/requests.jsonl")).slice(before);
  expect(log).not.toMatch(/"method":"(POST|PATCH|PUT|DELETE)","path":"\/v2/u);
  expect(log.match(/"path":"\/v2\/spaces"/gu)).toHaveLength(1);
});
