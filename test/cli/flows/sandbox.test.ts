import { describe, expect, test } from "vitest";
import { makeWorkplace } from "../../support/run-axcess.ts";

describe("sandbox", () => {
  test("serves until interrupted; its lines lead the other commands to it", async () => {
    const place = makeWorkplace();
    const seen: Promise<unknown>[] = [];
    const served = await place.run(["sandbox", "--port", "0", "--dir", "account", "--json"], {
      onWrite: (text, interrupt) => {
        if (!text.startsWith("{")) return;
        seen.push(doctorOf(JSON.parse(text)).finally(interrupt));
      },
    });
    expect(served.exit).toBe(0);
    expect(await Promise.all(seen)).toEqual([0]);

    async function doctorOf({ url }: { readonly url: string }): Promise<number> {
      const key = (await place.read("account/admin-key")).trim();
      const env = { ARIZE_API_KEY: key, ARIZE_BASE_URL: url, ARIZE_APP_URL: url };
      const doctor = await place.run(["doctor"], { env });
      expect(doctor.stdout).toContain(`ok    credentials: ARIZE_API_KEY, for ${url}\n`);
      expect(doctor.stdout).toContain("ok    caller: admin@sandbox.example, account sandbox\n");
      expect(doctor.stdout).not.toContain(key);
      const wrong = await place.run(["doctor"], { env: { ...env, ARIZE_API_KEY: "wrong-key" } });
      expect(wrong.exit).toBe(1);
      expect(wrong.stdout).toContain("fail  REST users: ");
      expect(wrong.stdout + wrong.stderr).not.toContain("wrong-key");
      return doctor.exit;
    }
  });

  test("says how to use it", async () => {
    const served = await makeWorkplace().run(["sandbox", "--port", "0"], {
      onWrite: (text, interrupt) => {
        if (text.includes("Ctrl-C")) interrupt();
      },
    });
    expect(served.stdout).toMatch(/^export ARIZE_BASE_URL=http:\/\/127\.0\.0\.1:\d+$/mu);
    expect(served.stdout).toContain("admin-key");
  });

  test("that is in use is refused", async () => {
    const place = makeWorkplace();
    const refusals: Promise<{ readonly exit: number; readonly stderr: string }>[] = [];
    await place.run(["sandbox", "--port", "0", "--json"], {
      onWrite: (text, interrupt) => {
        if (text.startsWith("{")) refusals.push(place.run(["doctor", "--sandbox"]).finally(interrupt));
      },
    });
    const [refused] = await Promise.all(refusals);
    expect(refused).toMatchObject({ exit: 1 });
  });
});

describe("doctor", () => {
  test("fails without credentials and names the ledger", async () => {
    const doctor = await makeWorkplace().run(["doctor"]);
    expect(doctor.exit).toBe(1);
    expect(doctor.stdout).toContain("fail  credentials: No credentials were found. Set ARIZE_API_KEY");
    expect(doctor.stdout).toContain("ok    ledger: none yet at .axcess/ledger.jsonl\n");
  });

  test("is part of the JSON document", async () => {
    const doctor = await makeWorkplace().run(["doctor", "--sandbox", "--json", "--rate", "600/min"]);
    const document = JSON.parse(doctor.stdout);
    expect(document).toMatchObject({ command: "doctor", exit: 0 });
    expect(document.checks).toContainEqual({
      name: "pace",
      state: "ok",
      detail: "16 calls at the same time, 600 a minute at most",
    });
  });
});
