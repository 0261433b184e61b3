import { expect, test } from "vitest";
import { makeWorkplace } from "../../support/run-axcess.ts";

test("fmt names and formats what is not formatted; --check only names it", async () => {
  const place = makeWorkplace();
  place.write("access.yaml", 'people:\n    "bob@acme.io": {}   # stays\nversion: 1\n');
  const before = await place.read("access.yaml");
  const checked = await place.run(["fmt", "--check"]);
  expect(checked).toMatchObject({ exit: 2, stdout: "access.yaml\n" });
  expect(await place.read("access.yaml")).toBe(before);
  expect(await place.run(["fmt", "--json"])).toMatchObject({ exit: 0, stderr: "access.yaml\n" });
  expect(await place.read("access.yaml")).toContain("# stays");
  expect(await place.run(["fmt", "--check"])).toMatchObject({ exit: 0, stdout: "" });
});

test("fmt leaves a broken file as it is, and refuses a path without files", async () => {
  const place = makeWorkplace();
  place.write("access.yaml", "version: 1\nversion: 1\n");
  const broken = await place.run(["fmt"]);
  expect(broken.exit).toBe(1);
  expect(broken.stderr).toContain("AX107");
  expect(await place.read("access.yaml")).toBe("version: 1\nversion: 1\n");
  const missing = await place.run(["fmt", "-f", "none.yaml"]);
  expect(missing.exit).toBe(1);
  expect(missing.stderr).toContain("AX101");
});
