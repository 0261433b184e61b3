import { expect, test } from "vitest";
import { writeEdited } from "../../../src/cli/edits/write-edited.ts";
import type { Files } from "../../../src/model/ports.ts";
import { makeWorkplace } from "../../support/run-axcess.ts";

const MANIFEST = `version: 1
people:
  jane@x.io: { name: Jane, role: member }
  carl@x.io: { name: Carl, role: member }
organizations:
  A: { members: { jane@x.io: admin, carl@x.io: admin } }
`;

test("the files are edited, each change is told with file and line, and the next plan deletes the person and nothing else", async () => {
  const place = makeWorkplace();
  place.write("access.yaml", `\ufeff${MANIFEST}`);
  await place.run(["apply", "--sandbox", "--auto-approve"]);
  const ran = await place.run(["offboard", "Carl@X.io", "--sandbox"]);
  expect(ran).toMatchObject({
    exit: 0,
    stdout: `removed access.yaml:4  people / carl@x.io
removed access.yaml:6  organizations / A / members / carl@x.io
added   access.yaml:6  offboard
See who and what goes with it, and which keys they made: axcess plan --sandbox
`,
  });
  expect(await place.read("access.yaml")).toBe(`\ufeffversion: 1
people:
  jane@x.io: { name: Jane, role: member }
organizations:
  A: { members: { jane@x.io: admin } }
offboard: [carl@x.io]
`);
  const { plan } = JSON.parse((await place.run(["plan", "--sandbox", "--json"])).stdout);
  expect(plan.steps).toMatchObject([
    { op: "delete", address: "user:carl@x.io", cascade: ["org-member:A/carl@x.io"], gate: { state: "held" } },
  ]);
  const again = await place.run(["offboard", "carl@x.io", "--json"]);
  expect(again.stderr).toBe("carl@x.io stands in offboard already, and nowhere else.\n");
  expect(JSON.parse(again.stdout)).toMatchObject({ exit: 0, changes: [], command: "offboard" });
});

test("nothing is written where the outcome would be wrong, and it says why", async () => {
  const place = makeWorkplace();
  place.write("access.yaml", `${MANIFEST}protect: ["user:carl@x.io"]\n`);
  const ran = await place.run(["offboard", "carl@x.io"]);
  expect(ran.exit).toBe(1);
  expect(ran.stdout).toBe("Nothing was written. The lines below are those of the manifest as it would be.\n");
  expect(ran.stderr).toContain("error AX226");
  expect(await place.read("access.yaml")).toBe(`${MANIFEST}protect: ["user:carl@x.io"]\n`);
  const misspelt = await place.run(["offboard", "carl"]);
  expect([misspelt.exit, misspelt.stderr]).toEqual([64, expect.stringContaining('"carl" is not an e-mail address.')]);
});

test("where one file cannot be written, those before it are put back", async () => {
  const disk = new Map([
    ["a.yaml", "version: 1\n"],
    ["b.yaml", "version: 1\n"],
  ]);
  const files = {
    read: async (path: string) => new TextEncoder().encode(disk.get(path)),
    replace: async (path: string, text: string) => {
      if (path === "b.yaml") throw new Error("the disk is full");
      disk.set(path, text);
    },
  } as unknown as Files;
  const texts = new Map([
    ["a.yaml", "new"],
    ["b.yaml", "new"],
  ]);
  await expect(writeEdited(files, { texts })).rejects.toThrow("the disk is full");
  expect([...disk.values()]).toEqual(["version: 1\n", "version: 1\n"]);
});

test("somebody who stands nowhere is told: the address may be a slip", async () => {
  const place = makeWorkplace();
  place.write("access.yaml", MANIFEST);
  const ran = await place.run(["offboard", "crl@x.io"]);
  expect([ran.exit, ran.stderr]).toEqual([0, expect.stringContaining("crl@x.io stood nowhere else in the manifest")]);
});
