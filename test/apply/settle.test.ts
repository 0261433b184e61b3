import { describe, expect, it } from "vitest";
import { settleDoubts } from "../../src/apply/settle.ts";
import type { Address } from "../../src/model/address.ts";
import type { IntentEntry } from "../../src/model/ledger.ts";
import type { Resource, Spec, World } from "../../src/model/resource.ts";

const BASE: IntentEntry = {
  type: "intent",
  run: "r1",
  change: "chg_1",
  op: "create",
  kind: "space",
  address: "space:O/a",
};

function worldOf(...found: readonly [Address, Spec, string, string[]?][]): World {
  return new Map(
    found.map(([address, spec, id, unknown]): [Address, Resource] => [
      address,
      { kind: "space", address, spec, origin: { from: "platform", remote: { id } }, ...(unknown && { unknown }) },
    ]),
  );
}

function settle(intent: Partial<IntentEntry>, observed: World): unknown {
  const [settled] = settleDoubts({
    inDoubt: [{ ...BASE, ...intent }],
    observed,
    wasRead: () => true,
    inRenamed: () => undefined,
    run: "r2",
  });
  expect(settled).toMatchObject({
    type: "outcome",
    run: "r2",
    change: "chg_1",
    address: intent.address ?? BASE.address,
  });
  return settled?.remote === undefined
    ? settled?.result
    : `${settled.result} ${settled.remote["id"]} ${JSON.stringify(settled.to)}`;
}

describe("a doubtful creation", () => {
  const intent = { to: { x: 1 } };

  it("was done when the thing is there as wanted", () => {
    expect(settle(intent, worldOf(["space:O/a", { x: 1, y: 2 }, "7"]))).toBe('settled-done 7 {"x":1}');
    expect(settle({}, worldOf(["space:O/a", {}, "7"]))).toBe("settled-done 7 undefined");
  });

  it("was not when nothing is there", () => expect(settle(intent, worldOf())).toBe("settled-not-done"));

  it("is beyond knowing when it is there otherwise, or cannot be seen whole", () => {
    expect(settle(intent, worldOf(["space:O/a", { x: 2 }, "7"]))).toBe("unknown");
    expect(settle(intent, worldOf(["space:O/a", {}, "7", ["x"]]))).toBe("unknown");
  });
});

describe("a doubtful update", () => {
  const intent = { op: "update", from: { x: 1 }, to: { x: 2 }, remote: { id: "7" } } as const;

  it("was done when the thing is as wanted, and not when it is as before", () => {
    expect(settle(intent, worldOf(["space:O/a", { x: 2 }, "7"]))).toBe('settled-done 7 {"x":2}');
    expect(settle(intent, worldOf(["space:O/a", { x: 1 }, "7"]))).toBe("settled-not-done");
  });

  it("is beyond knowing otherwise", () => {
    expect(settle(intent, worldOf())).toBe("unknown");
    expect(settle(intent, worldOf(["space:O/a", { x: 2 }, "8"]))).toBe("unknown");
    expect(settle(intent, worldOf(["space:O/a", { x: 3 }, "7"]))).toBe("unknown");
    expect(settle(intent, worldOf(["space:O/a", {}, "7", ["x"]]))).toBe("unknown");
    expect(settle({ ...intent, from: {} }, worldOf(["space:O/a", {}, "7", ["x"]]))).toBe("unknown");
  });

  it("that was planned without seeing anything is judged by what was wanted", () => {
    const { from: _, remote: __, ...blind } = intent;
    expect(settle(blind, worldOf(["space:O/a", { x: 2 }, "9"]))).toBe('settled-done 9 {"x":2}');
    expect(settle(blind, worldOf(["space:O/a", { x: 1 }, "9"]))).toBe("settled-not-done");
    expect(settle(blind, worldOf())).toBe("unknown");
    expect(settle({ op: "update" }, worldOf(["space:O/a", {}, "9"]))).toBe("settled-done 9 undefined");
    const unwritten = { op: "update", from: { x: 1 } } as const;
    expect(settle({ ...unwritten, renamedFrom: "space:O/b" }, worldOf(["space:O/b", { x: 1 }, "9"]))).toBe(
      "settled-not-done",
    );
  });

  it("without anything wanted tells nothing while a field is hidden", () => {
    const hidden = { op: "update", from: { y: 1 }, to: { x: 1 } } as const;
    expect(settle(hidden, worldOf(["space:O/a", { y: 1 }, "9", ["x"]]))).toBe("unknown");
  });
});

describe("a doubtful rename", () => {
  const intent = { op: "update", renamedFrom: "space:O/b", from: { x: 1 }, to: { x: 1 }, remote: { id: "7" } } as const;

  it("is told by the name", () => {
    expect(settle(intent, worldOf(["space:O/a", { x: 1 }, "7"]))).toBe('settled-done 7 {"x":1}');
    expect(settle(intent, worldOf(["space:O/b", { x: 1 }, "7"], ["space:O/a", { x: 1 }, "8"]))).toBe(
      "settled-not-done",
    );
    expect(settle(intent, worldOf(["space:O/c", { x: 1 }, "7"]))).toBe("unknown");
    expect(settle(intent, worldOf(["space:O/b", { x: 2 }, "7"]))).toBe("unknown");
  });
});

describe("a doubtful deletion", () => {
  const intent = { op: "delete", from: { x: 1 }, remote: { id: "7" } } as const;

  it("was done when that very thing is gone", () => {
    expect(settle(intent, worldOf())).toBe("settled-done");
    expect(settle(intent, worldOf(["space:O/a", { x: 1 }, "8"]))).toBe("settled-done");
    expect(settle(intent, worldOf(["space:O/a", { x: 2 }, "7"]))).toBe("settled-not-done");
  });
});

describe("a doubt about something in a container whose rename has not come to pass", () => {
  const there = worldOf(["space:Old/a", { x: 2 }, "7"], ["space:Old/b", { x: 2 }, "8"]);

  it("is settled by its ids", () => {
    const about = { address: "space:New/a", remote: { id: "7" }, from: { x: 1 }, to: { x: 2 } } as const;
    expect(settle({ ...about, op: "delete" }, there)).toBe("settled-not-done");
    expect(settle({ ...about, op: "delete", remote: { id: "9" } }, there)).toBe("settled-done");
    expect(settle({ ...about, op: "delete", kind: "project" }, there)).toBe("settled-done");
    expect(settle({ ...about, op: "update" }, there)).toBe('settled-done 7 {"x":2}');
    expect(settle({ ...about, op: "update", to: { x: 3 }, from: { x: 2 } }, there)).toBe("settled-not-done");
    // Somebody gave it another name.
    expect(settle({ ...about, op: "update", remote: { id: "8" } }, there)).toBe("unknown");
  });

  it("is settled by its own name where it is renamed as well", () => {
    const about = { op: "update", remote: { id: "7" }, from: { x: 2 }, to: { x: 2 } } as const;
    expect(settle({ ...about, address: "space:New/c", renamedFrom: "space:New/a" }, there)).toBe("settled-not-done");
    expect(settle({ ...about, address: "space:New/a", renamedFrom: "space:New/c" }, there)).toBe(
      'settled-done 7 {"x":2}',
    );
    expect(settle({ ...about, address: "space:New/c", renamedFrom: "space:New/d" }, there)).toBe("unknown");
  });

  it("is settled by the address it is to have where it was to be made", () => {
    const intent: IntentEntry = { ...BASE, address: "space:New/a", to: { x: 2 } };
    const inRenamed = (address: Address) => (address === "space:New/a" ? there.get("space:Old/a") : undefined);
    const doubts = { inDoubt: [intent], observed: there, wasRead: () => true, run: "r2" };
    expect(settleDoubts({ ...doubts, inRenamed })).toMatchObject([{ result: "settled-done", remote: { id: "7" } }]);
    expect(settleDoubts({ ...doubts, inRenamed: () => undefined })).toMatchObject([{ result: "settled-not-done" }]);
  });
});

describe("what was not read", () => {
  it("stays in doubt", () => {
    const other: IntentEntry = { ...BASE, address: "space:O/z" };
    const doubts = { inDoubt: [BASE, other], observed: worldOf(), inRenamed: () => undefined, run: "r2" };
    const settled = settleDoubts({ ...doubts, wasRead: (address) => address === "space:O/z" });
    expect(settled.map(({ address }) => address)).toEqual(["space:O/z"]);
  });
});

describe("what nobody will ever know", () => {
  it.each<readonly [Partial<IntentEntry>, World, string]>([
    [{ to: { x: 1 } }, worldOf(["space:O/a", { x: 2 }, "7"]), "It exists, but not surely as wanted."],
    [{ op: "update", to: { x: 1 } }, worldOf(), "It is gone, or another object stands there."],
    [
      { op: "update", from: { x: 0 }, to: { x: 1 } },
      worldOf(["space:O/a", { x: 2 }, "7"]),
      "It is neither as before nor as wanted, or cannot be read.",
    ],
  ])("is told with what is there: %j", (intent, observed, error) => {
    const inDoubt = [{ ...BASE, ...intent }];
    expect(
      settleDoubts({ inDoubt, observed, wasRead: () => true, inRenamed: () => undefined, run: "r2" }),
    ).toMatchObject([{ result: "unknown", error }]);
  });
});
