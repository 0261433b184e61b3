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

test("validate asks neither GitHub nor the account", async () => {
  const desk = await openDesk({ "access.yaml": "version: 1\npeople: {}\n" });
  const job = await desk.job({ mode: "validate", event: "push", commit: desk.commit("main", "main", {}) });
  expect([job.exit, job.summary, desk.hub.calls]).toEqual([0, "The manifest is valid.\n\n", []]);
  expect(job.environments["run"]?.["ARIZE_API_KEY"]).toBe("");
});
