import { describe, expect, it } from "vitest";
import { judgeLook } from "../../src/apply/judge-look.ts";
import type { Address } from "../../src/model/address.ts";
import type { Step } from "../../src/model/change.ts";
import type { Resource, Spec } from "../../src/model/resource.ts";
import { makeStep } from "../support/toy-plan.ts";

function see(
  spec: Spec,
  said: { readonly id?: string; readonly address?: Address; readonly unknown?: string[] } = {},
): Resource {
  return {
    kind: "space",
    address: said.address ?? "space:O/a",
    spec,
    origin: { from: "platform", remote: { id: said.id ?? "1" } },
    ...(said.unknown && { unknown: said.unknown }),
  };
}

const judge = (step: Step, found: Resource | undefined): string => {
  const verdict = judgeLook(step, found);
  return verdict.state === "go" ? "go" : `${verdict.state}: ${verdict.because}`;
};

describe("a look before a creation", () => {
  const step = makeStep("O/a", { to: { role: "admin" } });
  const { to: _, ...bare } = step;

  it("lets it go when nothing is there", () => expect(judge(step, undefined)).toBe("go"));

  it("finds it done when it is there as wanted, whatever else it has", () => {
    expect(judge(step, see({ role: "admin", more: 1 }))).toBe("already: It exists already, as wanted.");
    expect(judge(bare, see({ more: 1 }))).toBe("already: It exists already, as wanted.");
  });

  it("is stale when it is there otherwise, or cannot be seen whole", () => {
    for (const found of [see({ role: "member" }), see({}), see({}, { unknown: ["role"] })]) {
      expect(judge(step, found)).toBe("stale: It exists by now, and otherwise than wanted.");
    }
  });
});

describe("a look before an update", () => {
  const step = makeStep("O/a", {
    op: "update",
    from: { role: "member", x: 1 },
    to: { role: "admin", x: 1 },
    remote: { id: "1" },
  });

  it("lets it go when all is as it was", () => {
    expect(judge(step, see({ role: "member", x: 1, more: 1 }))).toBe("go");
    expect(judge(step, see({ x: 1 }, { unknown: ["role"] }))).toBe("go");
  });

  it("finds it done when it is as wanted", () => {
    expect(judge(step, see({ role: "admin", x: 1 }))).toBe("already: It is already as wanted.");
  });

  it("is stale when it is gone, another or otherwise", () => {
    expect(judge(step, undefined)).toBe("stale: It is gone.");
    expect(judge(step, see({ role: "member", x: 1 }, { id: "2" }))).toBe("stale: Another object has taken its place.");
    expect(judge(step, see({ role: "admin", x: 1 }, { id: "2" }))).toBe("stale: Another object has taken its place.");
    expect(judge(step, see({ role: "annotator", x: 2 }))).toBe("stale: It changed since the plan: role, x.");
    expect(judge(step, see({ x: 2 }, { unknown: ["role"] }))).toBe("stale: It changed since the plan: x.");
  });

  it("lets one go that was planned without seeing anything", () => {
    const { remote: _, from: __, ...blind } = step;
    expect(judge(blind, undefined)).toBe("go");
    expect(judge(blind, see({ role: "x" }))).toBe("go");
    expect(judge({ ...blind, remote: { id: "1" } }, undefined)).toBe("stale: It is gone.");
    expect(judge({ ...blind, from: {} }, undefined)).toBe("stale: It is gone.");
    const { to: ___, ...empty } = step;
    expect(judge(empty, see({}))).toBe("already: It is already as wanted.");
  });
});

describe("a look before a rename", () => {
  const said = { op: "update", renamedFrom: "space:O/a", from: { x: 1 }, to: { x: 1 }, remote: { id: "1" } } as const;
  const step = makeStep("O/b", { ...said, address: "space:P/b" });

  it("lets it go while the thing has its old name, whatever it stands in", () => {
    expect(judge(step, see({ x: 1 }))).toBe("go");
    expect(judge(step, see({ x: 1 }, { address: "space:P/a" }))).toBe("go");
  });

  it("goes by the last part of its name, however many there are", () => {
    const deep = makeStep("O/s/b", { ...said, address: "space:O/t/b", renamedFrom: "space:O/s/a" });
    expect(judge(deep, see({ x: 1 }, { address: "space:O/s/a" }))).toBe("go");
    expect(judge(deep, see({ x: 1 }, { address: "space:O/s/b" }))).toBe("already: It is already as wanted.");
  });

  it("finds it done when it has its new name and is as wanted", () => {
    expect(judge(step, see({ x: 1 }, { address: "space:O/b" }))).toBe("already: It is already as wanted.");
  });

  it("is stale when the name or a field is neither as before nor as wanted", () => {
    expect(judge(step, see({ x: 1 }, { address: "space:O/c" }))).toBe("stale: It was renamed since the plan.");
    expect(judge(step, see({ x: 2 }, { address: "space:O/b" }))).toBe("stale: It was renamed since the plan.");
    expect(judge({ ...step, to: { x: 2 } }, see({ x: 2 }))).toBe("stale: It changed since the plan: x.");
  });
});

describe("a look before a deletion", () => {
  const step = makeStep("O/a", { op: "delete", from: { role: "admin" }, remote: { id: "1" } });

  it("lets it go on the very object, as it was", () => {
    expect(judge(step, see({ role: "admin" }))).toBe("go");
    const { from: _, ...bare } = step;
    expect(judge(bare, see({ role: "x" }))).toBe("go");
  });

  it("finds it done when nothing is there", () => expect(judge(step, undefined)).toBe("already: It is gone already."));

  it("is stale on another object or another state, and never goes ahead without an id", () => {
    expect(judge(step, see({ role: "admin" }, { id: "2" }))).toBe("stale: Another object has taken its place.");
    expect(judge(step, see({ role: "member" }))).toBe("stale: It changed since the plan: role.");
    const { remote: _, ...nameless } = step;
    expect(judge(nameless, see({ role: "admin" }))).toBe("stale: Another object has taken its place.");
    expect(
      judge(step, {
        ...see({ role: "admin" }),
        origin: { from: "manifest", at: { file: "a", line: 1, column: 1, length: 1 }, group: undefined },
      }),
    ).toContain("stale");
  });

  it("never goes ahead where neither the plan nor what is found has an id", () => {
    const { remote: _, ...nameless } = step;
    const found: Resource = {
      ...see({ role: "admin" }),
      origin: { from: "manifest", at: { file: "a", line: 1, column: 1, length: 1 }, group: undefined },
    };
    expect(judge(nameless, found)).toBe("stale: Another object has taken its place.");
  });
});
