import { expect, test } from "vitest";
import {
  access,
  apply,
  approve,
  drift,
  explain,
  exportManifest,
  loadManifest,
  plan,
  readLedger,
  review,
  startSandbox,
  summarize,
  UsageError,
  validate,
  verifyLedger,
  whoCan,
} from "../../src/axcess.ts";

const MANIFEST = { text: "version: 1\n" };
const ACCOUNT = { manifest: MANIFEST, connection: { apiKey: "k" } };
const APPROVED = {
  plan: { digest: "sha256:0", steps: [] },
  by: "vera@acme.example",
  reason: "why",
  expires: new Date("2027-01-16T09:00:00Z"),
};

type Call = (options: never) => unknown;

test.each<[name: string, call: Call, options: unknown]>([
  ["manifest", validate, {}],
  ["manifest", validate, { manifest: "access.yaml" }],
  ["manifest", loadManifest, { manifest: {} }],
  ["manifest.files", validate, { manifest: { files: "access.yaml" } }],
  ["manifest.text", validate, { manifest: { text: 7 } }],
  ["connection", plan, { manifest: MANIFEST }],
  ["connection", plan, { manifest: MANIFEST, connection: "https://x.example" }],
  ["connection.apiKey", plan, { ...ACCOUNT, connection: { apiKey: 7 } }],
  ["connection.sandbox", plan, { ...ACCOUNT, connection: { sandbox: {} } }],
  ["connection.parallelism", plan, { ...ACCOUNT, connection: { apiKey: "k", parallelism: 0 } }],
  ["limits", plan, { ...ACCOUNT, limits: [] }],
  ["limits.targets", plan, { ...ACCOUNT, limits: { targets: "space:A/b" } }],
  ["limits.maxRemovals", plan, { ...ACCOUNT, limits: { maxRemovals: Number.NaN } }],
  ["ledger", plan, { ...ACCOUNT, ledger: new URL("file:///ledger.jsonl") }],
  ["undo", plan, { ...ACCOUNT, undo: true }],
  ["rotate", plan, { ...ACCOUNT, rotate: 7 }],
  ["now", plan, { ...ACCOUNT, now: "2027-01-15" }],
  ["now", plan, { ...ACCOUNT, now: new Date("never") }],
  ["signal", plan, { ...ACCOUNT, signal: new AbortController() }],
  ["onEvent", plan, { ...ACCOUNT, onEvent: {} }],
  ["files", plan, { ...ACCOUNT, files: ["a.yaml"] }],
  ["folder", plan, { ...ACCOUNT, folder: null }],
  ["plan", apply, { ...ACCOUNT, plan: "plan.json" }],
  ["shard", plan, { ...ACCOUNT, shard: "1/4" }],
  ["shard", drift, { ...ACCOUNT, shard: { part: 1 } }],
  ["shard.part", plan, { ...ACCOUNT, shard: { part: 0, of: 4 } }],
  ["shard.part", apply, { ...ACCOUNT, shard: { part: "all", of: 4 } }],
  ["shard.of", plan, { ...ACCOUNT, shard: { part: 1, of: 1.5 } }],
  ["shard.by", plan, { ...ACCOUNT, shard: { part: 1, of: 4, by: "project" } }],
  ["summary", apply, { ...ACCOUNT, autoApprove: true, summary: "summary.json" }],
  ["plans", summarize, {}],
  ["plans", summarize, { plans: ["plan.json"] }],
  ["limits.maxRemovals", summarize, { plans: [], limits: { maxRemovals: "2" } }],
  ["approvals", apply, { ...ACCOUNT, autoApprove: true, approvals: {} }],
  ["autoApprove", apply, { ...ACCOUNT, autoApprove: "yes" }],
  ["programs", apply, { ...ACCOUNT, autoApprove: true, programs: () => 0 }],
  ["keyVariables", apply, { ...ACCOUNT, autoApprove: true, keyVariables: "KEY" }],
  ["manifest", drift, { connection: { apiKey: "k" } }],
  ["formats", review, { ...ACCOUNT, formats: "md" }],
  ["formats", review, { ...ACCOUNT, formats: ["pdf"] }],
  ["person", explain, { place: "space:A/b" }],
  ["place", whoCan, { permission: "PROJECT_READ" }],
  ["permission", whoCan, { permission: 7, place: "space:A/b" }],
  ["of", access, { person: "a@x.io", of: "tomorrow" }],
  ["scopes", exportManifest, { connection: { apiKey: "k" }, scopes: "organization:A" }],
  ["groups", exportManifest, { connection: { apiKey: "k" }, groups: "yes" }],
  ["split", exportManifest, { connection: { apiKey: "k" }, split: "project" }],
  ["ledger", readLedger, {}],
  ["ledger", verifyLedger, { ledger: 7 }],
  ["port", startSandbox, { port: "4010" }],
  ["now", startSandbox, { now: new Date("2027-01-15T09:00:00Z") }],
  ["plan", approve, { ...APPROVED, plan: undefined }],
  ["plan", approve, { ...APPROVED, plan: {} }],
  ["by", approve, { ...APPROVED, by: 7 }],
  ["reason", approve, { ...APPROVED, reason: undefined }],
  ["expires", approve, { ...APPROVED, expires: "7d" }],
  ["changes", approve, { ...APPROVED, changes: "chg_1" }],
  ["now", approve, { ...APPROVED, now: () => new Date("2027-01-15T09:00:00Z") }],
])("the option `%s` of %o is refused by its name", async (name, call, options) => {
  const refused = await refusalOf(call, options);
  expect(refused).toBeInstanceOf(UsageError);
  expect((refused as UsageError).message).toMatch(
    new RegExp(`^\`${name.replace(".", "\\.")}\` (?:must be|is missing)`, "u"),
  );
});

test.each([undefined, null, "access.yaml", []])("%j are no options", async (options) => {
  expect(await refusalOf(plan, options)).toMatchObject({ name: "UsageError", message: "The options are no object." });
});

test("what is known nowhere, and what is left undefined, is let through", async () => {
  const options = { manifest: MANIFEST, folder: undefined, colour: "red" };
  expect(await refusalOf(validate, options)).toBeUndefined();
});

/** What a call rejects with, or throws. */
async function refusalOf(call: Call, options: unknown): Promise<unknown> {
  try {
    await call(options as never);
    return undefined;
  } catch (error) {
    return error;
  }
}
