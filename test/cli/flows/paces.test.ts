import { expect, onTestFinished, test } from "vitest";
import { makeWorkplace } from "../../support/run-axcess.ts";
import { startTestAccount } from "../../support/sandbox-account.ts";

/** Roles depend on nothing: each is one write. */
function manifest(count: number): string {
  const roles = Array.from({ length: count }, (_, at) => `  R${at}: { permissions: [PROJECT_READ] }\n`);
  return `version: 1\nroles:\n${roles.join("")}`;
}

test("what a run learned of the limits stands in the ledger, and the next run begins with it", async () => {
  const account = await startTestAccount({ now: () => new Date() });
  onTestFinished(account.close);
  const { url: ARIZE_BASE_URL, adminKey: ARIZE_API_KEY } = account.sandbox;
  const env = { ARIZE_API_KEY, ARIZE_BASE_URL, ARIZE_APP_URL: ARIZE_BASE_URL };
  const place = makeWorkplace();
  const ledger = async (): Promise<readonly { readonly entry: Readonly<Record<string, unknown>> }[]> =>
    (await place.read(".axcess/ledger.jsonl"))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
  const effect = { kind: "status", status: 429, retryAfter: "0" } as const;
  account.sandbox.setFaults([15, 40].map((nth) => ({ method: "POST", path: "/v2/roles", nth, effect })));
  place.write("access.yaml", manifest(50));
  const first = await place.run(["apply", "--auto-approve", "--verbose"], { env });
  expect(first.stdout).toContain("Apply: 50 done.");
  expect(first.stderr).toMatch(
    /POST \/v2\/roles: the platform asks to slow down \(REST writes\), waiting 0\.1 s, then at most \d+ a minute\n/u,
  );
  expect(first.stderr).not.toContain("as an earlier run learned");
  const end = (await ledger()).at(-1)?.entry;
  expect(end).toEqual({
    ...{ type: "end", run: expect.any(String), exit: 0 },
    paces: { writes: { perMinute: expect.any(Number), burst: expect.any(Number) } },
  });

  place.write("access.yaml", manifest(52));
  const second = await place.run(["apply", "--auto-approve", "--verbose"], { env });
  expect(second.stdout).toContain("Apply: 2 done.");
  expect(second.stderr).toMatch(/^REST writes: begins at \d+ a minute, as an earlier run learned$/mu);
  // What it knows without having met a limit itself is handed on.
  expect((await ledger()).at(-1)?.entry).toEqual({ ...end, run: expect.any(String) });

  const paced = await place.run(["plan", "--rate", "60000/min", "--verbose"], { env });
  expect(paced).toMatchObject({ exit: 0, stdout: "No changes.\n" });
  expect(paced.stderr).not.toContain("as an earlier run learned");
});
