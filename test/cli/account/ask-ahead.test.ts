import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { askAhead } from "../../../src/cli/account/ask-ahead.ts";
import type { Session } from "../../../src/cli/session.ts";
import { openWrittenSession } from "../../support/open-written-session.ts";
import { makeWorkplace } from "../../support/run-axcess.ts";
import { startTestAccount } from "../../support/sandbox-account.ts";

interface Silent {
  readonly env: Readonly<Record<string, string>>;
  /** Resolves with the first request's path once it came. */
  readonly asked: Promise<string | undefined>;
  /** Resolves once that connection is closed. */
  readonly left: Promise<void>;
}

/** An account that takes requests and answers none. */
async function startSilent(): Promise<Silent> {
  let tellAsked: (url: string | undefined) => void = () => {};
  let tellLeft: () => void = () => {};
  const asked = new Promise<string | undefined>((resolve) => {
    tellAsked = resolve;
  });
  const left = new Promise<void>((resolve) => {
    tellLeft = resolve;
  });
  const server = createServer((request) => {
    request.socket.once("close", tellLeft);
    tellAsked(request.url);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { env: { ARIZE_API_KEY: "k".repeat(40), ARIZE_BASE_URL: url, ARIZE_APP_URL: url }, asked, left };
}

async function openSession(env: Silent["env"]): Promise<Session> {
  const session = await openWrittenSession([]);
  return { ...session, io: { ...session.io, env: { HOME: "/nowhere", ...env } } };
}

describe("an account that is asked ahead", () => {
  test("is asked who calls while something else is done, and left at once where that fails", async () => {
    const { env, asked, left } = await startSilent();
    const failing = askAhead(await openSession(env), async () => {
      expect(await asked).toBe("/graphql");
      throw new Error("the manifest is wrong");
    });
    // No answer ever comes: whoever waited for one would wait longer than this test may take.
    await expect(failing).rejects.toThrow("the manifest is wrong");
    await left;
  });

  test("is handed over with its question, which is not asked again, and closed by whoever took it", async () => {
    const { env, asked, left } = await startSilent();
    let isLeft = false;
    void left.then(() => {
      isLeft = true;
    });
    const reading = await askAhead(await openSession(env), async ({ open }) => {
      await asked;
      return open();
    });
    expect(isLeft).toBe(false);
    const interrupted = expect(reading.reader.nameAccount()).rejects.toMatchObject({ failure: "interrupted" });
    await reading.close();
    await left;
    await interrupted;
  });

  test("is asked for lists that are foreseen, each once, and who takes the account is given them", async () => {
    const account = await startTestAccount();
    const { url, adminKey, log } = account.sandbox;
    const session = await openSession({ ARIZE_API_KEY: adminKey, ARIZE_BASE_URL: url, ARIZE_APP_URL: url });
    const users = { path: "/v2/users", query: {}, collection: "users" };
    const reading = await askAhead(session, async ({ open, foresee }) => {
      foresee([users]);
      foresee([users, { ...users, path: "/v2/nothing" }]);
      return open();
    });
    const rows = await reading.reader.list(users);
    expect(rows).toMatchObject([{ role: { name: "ADMIN" } }]);
    await expect(reading.reader.list({ ...users, path: "/v2/nothing" })).rejects.toMatchObject({
      failure: "not-found",
    });
    const asked = (path: string): number => log.filter((call) => call.path === path).length;
    expect([asked("/v2/users"), asked("/v2/nothing")]).toEqual([1, 1]);
    // What was taken is asked anew.
    await reading.reader.list(users);
    expect(asked("/v2/users")).toBe(2);
    await reading.close();
    await account.close();
  });

  test("without a key is told by whoever takes it, whatever was foreseen", async () => {
    const session = await openSession({});
    const foreseen = [{ path: "/v2/users", query: {}, collection: "users" }];
    expect(await askAhead(session, async ({ foresee }) => foresee(foreseen))).toBe(undefined);
    await expect(askAhead(session, ({ open }) => open())).rejects.toThrow("No credentials were found.");
  });
});

test("plan tells what is wrong in the manifest, whatever becomes of the account that was asked beside", async () => {
  const { env } = await startSilent();
  const place = makeWorkplace();
  place.write("access.yaml", "version: 1\npeple: {}\n");
  const ran = await place.run(["plan"], { env });
  expect(ran).toMatchObject({ exit: 1, stdout: "" });
  expect(ran.stderr).toContain("AX120");
  // A sandbox is a folder, and not made for nothing.
  const boxed = await place.run(["plan", "--sandbox=box"]);
  expect(boxed.stderr).toContain("AX120");
  await expect(place.read("box")).rejects.toMatchObject({ code: "ENOENT" });
});
