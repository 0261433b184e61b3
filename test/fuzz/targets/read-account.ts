import fc from "fast-check";
import type { HttpResponse } from "../../../src/model/ports.ts";
import { recallMemory } from "../../../src/state/memory.ts";
import { loadGood } from "../../manifest/load-text.ts";
import type { ScriptedReply } from "../../support/scripted-net.ts";
import { makeVirtualClock } from "../../support/virtual-clock.ts";
import { writeHostile } from "../hostile-values.ts";
import { unlessRefused } from "../judge.ts";
import { type Edit, mutateText, mutateValue, someEdits } from "../mutate.ts";
import { planWith, showPlan } from "../plan-recorded.ts";
import { type Bend, recordAccount, WANTED } from "../recorded-account.ts";
import { makeTrial, type Target } from "../target.ts";

export interface Garbage {
  /** Which answer, counted from the first, modulo how many there are; every one of a path where `everyOne` says so. */
  readonly victim: number;
  readonly everyOne: boolean;
  readonly how: "value" | "text" | "status" | "headers" | "lost";
  readonly edits: readonly Edit[];
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

const anyRetryAfter = fc.constantFrom(
  ...["0", "1", "-1", "1e9", "999999999999999999999", "9".repeat(400), "NaN", "", " ", "0x10", "Infinity", "1.5"],
  ...["Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", "Mon, 99 Foo 2026 99:99:99", "\u0000"],
);

/** How one or more answers of a server are spoilt. */
export const anyGarbage: fc.Arbitrary<Garbage> = fc.record({
  victim: fc.nat(200),
  everyOne: fc.boolean(),
  how: fc.constantFrom("value", "value", "value", "value", "text", "status", "headers", "lost"),
  edits: someEdits,
  status: fc.constantFrom(
    200,
    201,
    204,
    206,
    301,
    304,
    400,
    401,
    403,
    404,
    408,
    409,
    418,
    422,
    429,
    500,
    501,
    503,
    999,
  ),
  headers: fc.dictionary(
    fc.constantFrom("retry-after", "date", "content-type", "__proto__", "x-ratelimit-remaining"),
    fc.oneof(anyRetryAfter, fc.string()),
    { maxKeys: 3 },
  ),
});

/** A network that answers as recorded, but for what the garbage says. */
export function spoil(garbage: Garbage, answers: number): Bend {
  const victim = 1 + (garbage.victim % answers);
  let path: string | undefined;
  return (answer, request, count) => {
    const here = new URL(request.url).pathname;
    if (count === victim) path = here;
    const isHit = count === victim || (garbage.everyOne && here === path);
    return isHit ? spoilAnswer(answer, garbage) : answer;
  };
}

function spoilAnswer(answer: HttpResponse, { how, edits, status, headers }: Garbage): ScriptedReply {
  if (how === "lost") return { lost: status < 400 ? "after" : status < 429 ? "before" : "timeout" };
  if (how === "headers") return { ...answer, headers: { ...answer.headers, ...headers } };
  if (how === "status") return { ...answer, status, headers };
  if (how === "text") return { ...answer, body: mutateText(answer.body, edits) };
  return { ...answer, body: writeHostile(mutateValue(answer.body === "" ? null : JSON.parse(answer.body), edits)) };
}

/** Every answer that a plan reads: lists, objects, GraphQL, errors, headers. */
export const readAccount: Target = {
  runs: 80,
  open: async () => {
    const manifest = await loadGood(WANTED);
    const memory = recallMemory([]);
    const account = await recordAccount(({ reader }) => planWith(reader, manifest, memory));
    return makeTrial(anyGarbage, async (garbage) => {
      const clock = makeVirtualClock();
      const { reader, writes } = account.connect(spoil(garbage, account.answers), clock);
      const plan = await unlessRefused(() => planWith(reader, manifest, memory));
      if (plan !== undefined) showPlan(plan);
      if (writes().length > 0) throw new Error(`planning wrote: ${JSON.stringify(writes()[0])}`);
    });
  },
};
