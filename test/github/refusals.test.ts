import { expect, test } from "vitest";
import { openDesk } from "../support/github-job.ts";

test("what is wrong with the use of the action is told in one line, and nothing is done", async () => {
  const desk = await openDesk({ "access.yaml": "version: 1\n" });
  const commit = desk.commit("main", "main", {});
  const wrong: readonly (readonly [Readonly<Record<string, string>>, string])[] = [
    [{ mode: "x" }, "mode is one of"],
    [{ name: "a b" }, "name has up to 40 letters"],
    [{ "ledger-branch": "a b" }, "no plain branch name"],
    [{ authors: "jane" }, "authors has lines such as"],
    [{ "github-token": "" }, "github-token is empty"],
  ];
  for (const [inputs, message] of wrong) {
    const job = await desk.job({ mode: "drift", event: "schedule", commit, inputs });
    expect([job.exit, job.log]).toEqual([1, expect.stringContaining(message)]);
    expect(job.environments["run"]).toBeUndefined();
  }
  expect(desk.hub.calls).toEqual([]);
});

test("what is only read is asked for again; a right that is missing is named", async () => {
  const desk = await openDesk({ "access.yaml": "version: 1\n" });
  const commit = desk.commit("main", "main", {});
  desk.hub.fail(/^GET \/contents/u, 502);
  expect((await desk.job({ mode: "drift", event: "schedule", commit })).exit).toBe(0);
  desk.hub.fail(/^GET \/issues/u, 403);
  const job = await desk.job({ mode: "drift", event: "schedule", commit });
  expect([job.exit, job.log]).toEqual([1, expect.stringContaining("the permissions that the documentation names?")]);
});

test("a ledger in two places is refused, by both names", async () => {
  const desk = await openDesk({ "access.yaml": "version: 1\n" });
  const commit = desk.commit("main", "main", {});
  const env = { AXCESS_LEDGER: "/volume/ledger.jsonl" };
  const both = await desk.job({ mode: "drift", event: "schedule", commit, env });
  expect([both.exit, both.log]).toEqual([
    1,
    expect.stringContaining("AXCESS_LEDGER and ledger-branch (axcess-ledger) both say where the ledger is"),
  ]);
  expect(both.environments["run"]).toBeUndefined();
});

test("no ledger is there only where GitHub tells that there is none", async () => {
  const desk = await openDesk({ "access.yaml": "version: 1\norganizations:\n  Acme Labs: {}\n" });
  const look = () => desk.job({ mode: "drift", event: "schedule", commit: desk.commit("main", "main", {}) });
  expect((await look()).exit).toBe(0);
  // GitHub's answer to a token that may not read.
  desk.hub.fail(/^GET \/git\/matching-refs/u, 404);
  const blind = await look();
  expect([blind.exit, blind.log]).toEqual([1, expect.stringContaining("the right `contents: read`?")]);
  expect(blind.environments["run"]).toBeUndefined();
  desk.commit("more", "main", { "access.yaml": "version: 1\norganizations:\n  Acme Labs: { description: x }\n" });
  const pull = desk.open("more");
  await desk.plan(pull);
  expect((await desk.apply(desk.merge(pull))).exit).toBe(0);
  desk.hub.fail(/^GET \/contents/u, 404);
  const hidden = await look();
  expect([hidden.exit, hidden.log]).toEqual([1, expect.stringContaining("does not hand out access.jsonl")]);
  // The branch is there, with the ledger of another manifest.
  const other = { mode: "drift", event: "schedule", commit: pull["head"].sha, inputs: { name: "other" } };
  expect((await desk.job(other)).exit).toBe(0);
});

test("validate asks neither GitHub nor the account", async () => {
  const desk = await openDesk({ "access.yaml": "version: 1\npeople: {}\n" });
  const job = await desk.job({ mode: "validate", event: "push", commit: desk.commit("main", "main", {}) });
  expect([job.exit, job.summary, desk.hub.calls]).toEqual([0, "The manifest is valid.\n\n", []]);
  expect(job.environments["run"]?.["ARIZE_API_KEY"]).toBe("");
});
