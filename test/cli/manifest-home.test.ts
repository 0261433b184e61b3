import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeWorkplace } from "../support/run-axcess.ts";

test.each([
  [["-f", "access.yaml"], ".axcess/ledger.jsonl"],
  [["-f", "team/access.yaml"], "team/.axcess/ledger.jsonl"],
  [["-f", "team"], "team/.axcess/ledger.jsonl"],
  [["-f", "team/*/access.yaml"], "team/.axcess/ledger.jsonl"],
  [["-f", "*.yaml"], ".axcess/ledger.jsonl"],
  [["-f", "team/access.yaml", "--ledger", "here.jsonl"], "here.jsonl"],
  [["-f", "team/access.yaml", "--sandbox=box/"], "box-ledger.jsonl"],
])("with %j the ledger is %s", async (flags, ledger) => {
  const place = makeWorkplace();
  mkdirSync(join(place.folder, "team"));
  const { stdout } = await place.run(["doctor", ...flags]);
  expect(stdout).toContain(`ledger: none yet at ${ledger}\n`);
});
