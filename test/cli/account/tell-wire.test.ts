import { describe, expect, test } from "vitest";
import { tellWire } from "../../../src/cli/account/tell-wire.ts";
import type { Session } from "../../../src/cli/session.ts";
import { openWrittenSession } from "../../support/open-written-session.ts";

describe("tellWire", () => {
  test("tells long waits always and the rest under --verbose", async () => {
    const written: string[] = [];
    const session = await openWrittenSession(written);
    const verbose: Session = { ...session, globals: { ...session.globals, verbose: true } };
    const limited = { event: "rate-limited", call: "GET /v2/users", pace: "REST reads", learnedPerMinute: 60 } as const;
    tellWire(session, { ...limited, waitMilliseconds: 1999 });
    tellWire(session, { ...limited, waitMilliseconds: 2000 });
    tellWire(session, { ...limited, waitMilliseconds: 2000, learnedPerMinute: undefined });
    for (const each of [session, verbose]) tellWire(each, { event: "recalled", pace: "REST writes", perMinute: 59.7 });
    tellWire(session, { event: "answered", call: "GET /x", status: 200, milliseconds: 3.4 });
    tellWire(verbose, { event: "answered", call: "GET /x", status: 200, milliseconds: 3.4 });
    tellWire(verbose, { event: "lost", call: "GET /x", because: "cut\u001b", milliseconds: 7 });
    tellWire(verbose, { event: "retried", call: "GET /x", attempt: 1, waitMilliseconds: 250, because: "503" });
    expect(written).toEqual([
      "GET /v2/users: the platform asks to slow down (REST reads), waiting 2.0 s, then at most 60 a minute\n",
      "GET /v2/users: the platform asks to slow down (REST reads), waiting 2.0 s\n",
      "REST writes: begins at 60 a minute, as an earlier run learned\n",
      "GET /x: 200 after 3 ms\n",
      "GET /x: no answer after 7 ms: cut\\u{1b}\n",
      "GET /x: attempt 1 failed, again in 0.3 s: 503\n",
    ]);
  });
});
