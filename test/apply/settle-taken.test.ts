import { describe, expect, test } from "vitest";
import type { Deed } from "../../src/apply/deed.ts";
import { collectIds } from "../../src/apply/known-ids.ts";
import { type LookContext, lookAtStep } from "../../src/apply/look-at-step.ts";
import { settleTaken } from "../../src/apply/settle-taken.ts";
import type { KindName } from "../../src/model/address.ts";
import { PlatformError } from "../../src/model/errors.ts";
import { makeStep } from "../support/toy-plan.ts";
import { makeToyPlatform, onceKind, type Toy, toyAddress } from "../support/toy-platform.ts";

interface Looked extends LookContext {
  readonly reads: () => number;
}

function look(...toys: readonly Toy[]): Looked {
  const { reader, reads } = makeToyPlatform({ toys });
  const ids = collectIds(new Map(), []);
  return { kinds: new Map<KindName, typeof onceKind>([["space", onceKind]]), reader, ids, reads };
}

const WANTED: Toy = { id: "id-a", name: "a", value: "new" };
const OTHER: Toy = { ...WANTED, value: "old" };
const STEP = makeStep("a");
const conflict = (): PlatformError => new PlatformError("conflict", "POST /toys", "taken", { status: 409 });

describe("what a look finds", () => {
  test("is what later steps mean where it is as wanted, and counts as found and not as made", async () => {
    const context = look(WANTED);
    expect((await lookAtStep(STEP, context)).state).toBe("already");
    expect([context.ids.idOf(toyAddress("a")), context.ids.isMade(toyAddress("a"))]).toEqual(["id-a", false]);
  });

  test("is nothing to later steps where it is otherwise, or not there", async () => {
    for (const [context, state] of [
      [look(OTHER), "stale"],
      [look(), "go"],
    ] as const) {
      expect((await lookAtStep(STEP, context)).state).toBe(state);
      expect(() => context.ids.idOf(toyAddress("a"))).toThrow("has no id");
    }
  });
});

describe("after a creation that was not looked for before", () => {
  test.each<[string, Deed]>([
    ["is done", { result: "done", notes: [] }],
    [
      "was refused for another reason",
      { result: "failed", notes: [], cause: new PlatformError("invalid", "POST /toys", "no") },
    ],
    ["failed beside the platform", { result: "failed", notes: [], cause: new TypeError("broken") }],
    ["may have taken effect", { result: "unknown", notes: [], cause: conflict() }],
  ])("nothing is looked at where it %s", async (_, deed) => {
    const context = look(WANTED);
    expect(await settleTaken(STEP, deed, context)).toEqual({ deed });
    expect(context.reads()).toBe(0);
  });

  test("what stands there is told where it was refused as taken", async () => {
    const deed: Deed = { result: "failed", notes: [], cause: conflict() };
    expect((await settleTaken(STEP, deed, look(WANTED))).instead?.state).toBe("already");
    expect((await settleTaken(STEP, deed, look(OTHER))).instead?.state).toBe("stale");
    expect(await settleTaken(STEP, deed, look())).toEqual({ deed });
  });

  test("what is found after a lost answer counts as made only where it is as wanted", async () => {
    const deed: Deed = { result: "done", notes: ["n"], remote: { id: "id-a" }, isFound: true };
    expect(await settleTaken(STEP, deed, look(WANTED))).toEqual({ deed });
    const { deed: judged } = await settleTaken(STEP, deed, look(OTHER));
    expect([judged.result, judged.remote, judged.notes]).toEqual(["unknown", undefined, ["n"]]);
  });
});
