import { expect } from "vitest";
import type { LedgerStore } from "../../src/model/ledger-store.ts";
import type { Cut, CuttingProxy } from "./cutting-proxy.ts";
import { startCuttingProxy } from "./cutting-proxy.ts";
import { entryOf, outcomeOf, readExits, runIn, type StoreBench } from "./ledger-contract.ts";

/** A ledger that can also be opened through another port. */
export interface CutBench extends StoreBench {
  readonly openAt: (port: number) => Promise<LedgerStore>;
}

const CUTS: readonly Cut[] = ["before the request", "before the answer", "in the answer"];
const STEPS = [1, 2, 3];

/** What a whole run leaves behind: an intent before each effect, and an outcome after it. */
const WHOLE: readonly number[] = STEPS.flatMap((step) => [step, step + 10]);

/** How the runs of a series ended: all was done in so many, and so many broke off. */
export interface CutSeries {
  readonly whole: number;
  readonly broken: number;
}

/**
 * Plays the same run again and again, each with a ledger of its own, and cuts its connection once: at each request, in each way.
 * Whatever happens, nothing is done that is not announced, no line is lost or doubled, and the next run goes on.
 */
export async function cutEverywhere(
  upstream: number,
  makeBench: () => Promise<CutBench>,
  series: { readonly recovers: boolean; readonly every: number },
): Promise<CutSeries> {
  const total = await countRequests(upstream, makeBench);
  const runs = CUTS.flatMap((cut) =>
    Array.from({ length: Math.ceil(total / series.every) }, (_, index) => ({ cut, request: index * series.every + 1 })),
  );
  const counted = { whole: 0, broken: 0 };
  const play = async (): Promise<void> => {
    for (let next = runs.shift(); next !== undefined; next = runs.shift()) {
      const { request, cut } = next;
      const ended = await withProxy(upstream, (proxy) => {
        proxy.cutAt(request, cut, series.recovers);
        return playCut(makeBench, proxy, `${cut} ${request} of ${total}`);
      });
      counted[ended] += 1;
    }
  };
  await Promise.all(Array.from({ length: 6 }, play));
  return counted;
}

async function countRequests(upstream: number, makeBench: () => Promise<CutBench>): Promise<number> {
  return withProxy(upstream, async (proxy) => {
    expect(await playCut(makeBench, proxy, "no cut")).toBe("whole");
    return proxy.requests();
  });
}

async function withProxy<T>(upstream: number, work: (proxy: CuttingProxy) => Promise<T>): Promise<T> {
  const proxy = await startCuttingProxy(upstream);
  try {
    return await work(proxy);
  } finally {
    await proxy.close();
  }
}

async function playCut(
  makeBench: () => Promise<CutBench>,
  proxy: CuttingProxy,
  where: string,
): Promise<keyof CutSeries> {
  const bench = await makeBench();
  await runIn(bench, "before", async ({ ledger }) => ledger.append([entryOf("before", 0)]));
  const effects: number[] = [];
  const told = await outcomeOf(
    runIn({ ...bench, open: () => bench.openAt(proxy.port) }, "cut", async ({ ledger }) => {
      // Nobody else gets in meanwhile.
      expect(await outcomeOf(runIn(bench, "other", async () => "in")), where).toMatch(/^AX50[56]$/u);
      for (const step of STEPS) {
        await ledger.append([entryOf("cut", step)]);
        effects.push(step);
        await ledger.append([entryOf("cut", step + 10)]);
      }
      return "whole";
    }),
  );
  const [first, ...kept] = await readExits(bench);
  expect([first, kept], where).toEqual([0, WHOLE.slice(0, kept.length)]);
  expect(kept, where).toEqual(expect.arrayContaining(effects));
  // What was announced last may not have been done; nothing is announced after a failure.
  expect(STEPS.filter((step) => kept.includes(step)).length - effects.length, where).toBeLessThanOrEqual(1);
  expect(["whole", "AX504", "AX506", "AX508", "AX509"], where).toContain(told);
  if (told === "whole") expect(kept, where).toEqual(WHOLE);
  await bench.bury().catch(() => undefined);
  await runIn(bench, "next", async ({ ledger }) => ledger.append([entryOf("next", 99)]));
  expect(await readExits(bench), where).toEqual([0, ...kept, 99]);
  return told === "whole" ? "whole" : "broken";
}
