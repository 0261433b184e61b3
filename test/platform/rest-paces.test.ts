import { describe, expect, it } from "vitest";
import type { LearnedPaces } from "../../src/model/platform.ts";
import type { ScriptedReply } from "../support/scripted-net.ts";
import { connectScripted, type ScriptedPlatform } from "../support/scripted-platform.ts";

const OK: ScriptedReply = { status: 200, body: { id: "x" } };
const LATER: ScriptedReply = { status: 429, headers: { "retry-after": "5" } };

function recall(paces: LearnedPaces): ScriptedPlatform {
  const platform = connectScripted(() => OK);
  platform.recall(paces);
  return platform;
}

const write = ({ writer }: ScriptedPlatform, at: number): Promise<unknown> =>
  writer.write({ method: "PATCH", path: `/v2/roles/${at}`, body: {}, settle: "repeat" });

/** Milliseconds until so many of them were let go. */
async function timeOf(
  platform: ScriptedPlatform,
  count: number,
  send: (at: number) => Promise<unknown>,
): Promise<number> {
  await Promise.all(Array.from({ length: count }, (_, at) => send(at)));
  return platform.net.requests.at(-1)?.at ?? 0;
}

describe("paces of reads and writes", () => {
  it("are one from the moment on in which both were refused", async () => {
    let isOpen = false;
    const platform = connectScripted(({ url }) => (isOpen || url.endsWith("/other") ? OK : LATER));
    const writing = write(platform, 0);
    await platform.clock.sleep(100);
    await platform.reader.get("/v2/other");
    expect(platform.clock.elapsed()).toBe(150);
    const reading = platform.reader.get("/v2/refused");
    await platform.clock.sleep(100);
    isOpen = true;
    const later = platform.reader.get("/v2/other");
    await Promise.all([writing, reading, later]);
    expect(platform.net.requests.filter(({ at }) => at < 5_000)).toHaveLength(3);
  });

  it("that an earlier run learned of both are one, the faster of the two", async () => {
    const learned = { perMinute: 600, burst: 10 };
    for (const paces of [
      { reads: { perMinute: 20, burst: 2 }, writes: learned },
      { reads: learned, writes: { perMinute: 20, burst: 2 } },
    ]) {
      const platform = recall(paces);
      expect(platform.learned()).toEqual({ reads: learned, writes: learned });
      expect(platform.events.map((event) => event.event === "recalled" && event.pace)).toEqual([
        "REST reads",
        "REST writes",
      ]);
      await timeOf(platform, 10, (at) => write(platform, at));
      // Nothing is left for this one.
      const { at = 0 } = await platform.reader.get("/v2/a").then(() => platform.net.requests.at(-1) ?? { at: 0 });
      expect(at).toBeGreaterThan(100);
    }
  });

  it("that an earlier run learned of one hold that one only, which counts the other as well", async () => {
    const writes = { perMinute: 60, burst: 20 };
    const platform = recall({ writes });
    expect(await timeOf(platform, 10, (at) => platform.reader.get(`/v2/a/${at}`))).toBe(0);
    // 19 of 20 are used, of which reads took ten.
    expect(await timeOf(platform, 10, (at) => write(platform, at))).toBeGreaterThan(900);
    expect(platform.learned()).toEqual({ writes });

    const reads = recall({ reads: writes });
    expect(await timeOf(reads, 40, (at) => write(reads, at))).toBeLessThan(150);
    expect(reads.learned()).toEqual({ reads: writes });
  });

  it("of what goes through where nothing should be left count no longer, and give back what they took", async () => {
    const platform = recall({ writes: { perMinute: 60, burst: 20 } });
    await timeOf(platform, 36, (at) => platform.reader.get(`/v2/a/${at}`));
    const before = platform.clock.elapsed();
    expect(await timeOf(platform, 10, (at) => write(platform, at))).toBeLessThan(before + 100);
  });

  it("are recalled only where nothing is known yet", () => {
    const platform = recall({ writes: { perMinute: 60, burst: 20 } });
    platform.recall({ reads: { perMinute: 600, burst: 20 } });
    expect(platform.learned()).toEqual({ writes: { perMinute: 60, burst: 20 } });
    const fixed = connectScripted(() => OK, { ratePerMinute: 60 });
    fixed.recall({ writes: { perMinute: 600, burst: 20 } });
    expect(fixed.learned()).toEqual({});
    expect(fixed.events).toEqual([]);
  });
});
