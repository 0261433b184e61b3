import { once } from "node:events";
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startTestAccount } from "../support/sandbox-account.ts";
import { compileSandbox } from "../support/sandbox-child.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "sandbox-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

test("the account and its admin key survive a restart, and ids go on counting", async () => {
  const first = await startTestAccount({ directory });
  const organization = await first.organization("one");
  await first.organization("two");
  await first.close();
  const second = await startTestAccount({ directory, seed: 99 });
  expect(second.sandbox.adminKey).toBe(first.sandbox.adminKey);
  expect((await second.rest("GET", `/v2/organizations/${organization}`)).body.name).toBe("one");
  const third = await second.organization("three");
  expect(Buffer.from(third, "base64").toString()).toMatch(/^Organization:3:/);
  await second.close();
  expect(existsSync(join(directory, "lock"))).toBe(false);
});

test("the admin key is in a file that only its owner can read", async () => {
  const account = await startTestAccount({ directory });
  const path = join(directory, "admin-key");
  expect(readFileSync(path, "utf8").trim()).toBe(account.sandbox.adminKey);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  await account.close();
});

test("no secret but the admin's is stored, and none is logged", async () => {
  const account = await startTestAccount({ directory });
  const { key } = (await account.rest("POST", "/v2/api-keys", { key_type: "USER", name: "k" })).body;
  const wish = { name: "p", email: "p@example.com", role: { type: "PREDEFINED", name: "MEMBER" } };
  const invited = await account.rest("POST", "/v2/users", { ...wish, invite_mode: "TEMPORARY_PASSWORD" });
  await account.rest("POST", "/v2/organizations", { name: "x", password: "hunter2" });
  await account.close();
  for (const file of ["state.json", "journal.jsonl", "requests.jsonl"]) {
    const text = readFileSync(join(directory, file), "utf8");
    for (const secret of [key, invited.body.temporary_password, "hunter2"]) expect(text).not.toContain(secret);
  }
});

test("the request log is read back across restarts, with numbers that go on", async () => {
  const first = await startTestAccount({ directory });
  await first.rest("GET", "/v2/users");
  await first.close();
  appendFileSync(join(directory, "requests.jsonl"), '{"seq": 2, "torn');
  const second = await startTestAccount({ directory });
  await second.rest("GET", "/v2/roles");
  expect(second.sandbox.log).toMatchObject([{ seq: 2, operation: "list_roles" }]);
  const all = (await second.rest("GET", "/_sandbox/log")).body;
  expect(all.map((entry: { seq: number; path: string }) => [entry.seq, entry.path])).toEqual([
    [1, "/v2/users"],
    [2, "/v2/roles"],
  ]);
  await second.close();
});

test("a line torn by a crash is dropped, and what was answered before it stays", async () => {
  const first = await startTestAccount({ directory });
  await first.organization("kept");
  const journal = readFileSync(join(directory, "journal.jsonl"), "utf8");
  await first.close();
  rmSync(join(directory, "state.json"));
  writeFileSync(join(directory, "journal.jsonl"), `${journal}[["put","organizations",{"id":"x"`);
  const second = await startTestAccount({ directory });
  await second.organization("later");
  const { organizations } = (await second.rest("GET", "/v2/organizations")).body;
  expect(organizations.map((row: { name: string }) => row.name)).toEqual(["kept", "later"]);
  await second.close();
});

test("a refused request leaves nothing behind", async () => {
  const account = await startTestAccount({ directory });
  const before = readFileSync(join(directory, "journal.jsonl"), "utf8");
  await account.rest("GET", "/v2/users");
  const used = readFileSync(join(directory, "journal.jsonl"), "utf8");
  expect(used.length).toBeGreaterThan(before.length);
  await account.rest("POST", "/v2/organizations", { name: "" });
  await account.rest("DELETE", `/v2/users/${Buffer.from("User:9:x").toString("base64")}`);
  expect(readFileSync(join(directory, "journal.jsonl"), "utf8")).toBe(used);
  await account.close();
});

test("state written in another format is refused, and the directory is free again", async () => {
  writeFileSync(join(directory, "state.json"), '{"format":99,"tables":{}}');
  await expect(startTestAccount({ directory })).rejects.toThrow("format 99");
  expect(existsSync(join(directory, "lock"))).toBe(false);
});

test("a second start on the directory is refused by name of the pid; a port in use frees the directory", async () => {
  const account = await startTestAccount({ directory });
  await expect(startTestAccount({ directory })).rejects.toThrow(`pid ${process.pid}`);
  const other = mkdtempSync(join(tmpdir(), "sandbox-"));
  const port = Number(new URL(account.sandbox.url).port);
  await expect(startTestAccount({ directory: other, port })).rejects.toThrow("EADDRINUSE");
  expect(existsSync(join(other, "lock"))).toBe(false);
  rmSync(other, { recursive: true });
  await account.close();
  await account.close();
});

test("every answered request survives kill -9, and the lock of the dead process falls by itself", async () => {
  const compiled = compileSandbox();
  try {
    const running = await compiled.start(directory);
    await expect(startTestAccount({ directory })).rejects.toThrow(`pid ${running.child.pid}`);
    const answered: string[] = [];
    for (let n = 0; n < 20; n += 1) {
      const name = `org ${n}`;
      const response = await fetch(`${running.url}/v2/organizations`, {
        method: "POST",
        headers: { authorization: `Bearer ${running.adminKey}` },
        body: JSON.stringify({ name }),
      });
      if (response.status === 201) answered.push(name);
    }
    running.child.kill("SIGKILL");
    await once(running.child, "exit");
    const account = await startTestAccount({ directory });
    const { organizations } = (await account.rest("GET", "/v2/organizations?limit=100")).body;
    expect(organizations.map((row: { name: string }) => row.name)).toEqual(answered);
    expect(answered).toHaveLength(20);
    expect((await account.rest("GET", "/_sandbox/log")).body).toHaveLength(21);
    await account.close();
  } finally {
    compiled.remove();
  }
});
