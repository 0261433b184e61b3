import { describe, expect, test } from "vitest";
import { evaluateAccess } from "../../src/access/effective-access.ts";
import { ASSUMED, type EffectiveAccess } from "../../src/model/access.ts";
import type { Address } from "../../src/model/address.ts";
import { NO_RULES } from "../../src/model/approval-rules.ts";
import type { World } from "../../src/model/resource.ts";
import { makePageModel } from "../../src/page/make-page.ts";
import { ALL, NONE, type PageModel, type PagePath, UNKNOWN, WAYS } from "../../src/page/page-model.ts";
import { largeWorlds, samplePageInput } from "../support/page-sample.ts";
import {
  NO_ACCESS,
  sampleAccess,
  samplePlan,
  sampleRemoval,
  sampleShift,
  sampleSide,
  sampleStep,
} from "../support/sample-plan.ts";
import { buildLive, buildWorld } from "../support/world-builder.ts";

/** What a page tells of one person in one place, by name. */
function readCell(model: PageModel, email: string, place: string, side: 0 | 1): unknown {
  const person = model.people.findIndex((each) => each.email === email);
  const at = model.places.findIndex((_, number) => pathOfPlace(model, number) === place);
  const runs = model.matrix.rows[model.matrix.rowOf[person] ?? -1] ?? [];
  const cells: number[] = [];
  for (let run = 0; run < runs.length; run += 2)
    for (let n = 0; n < (runs[run + 1] ?? 0); n += 1) cells.push(runs[run] ?? 0);
  const told = model.matrix.sides[model.matrix.cells[cells[at] ?? 0]?.[side] ?? -1];
  const path = ([way, role, set]: PagePath): unknown => [WAYS[way], model.roles[role], readSet(model, set)];
  return {
    paths: told?.paths.map(path),
    cut: (told?.cut ?? []).map(path),
    total: readSet(model, told?.total ?? 0),
    low: told?.low === 1,
    assumed: told?.assumed ?? [],
  };
}

function readSet(model: PageModel, set: number): unknown {
  if (set === ALL) return "all";
  if (set === NONE) return [];
  return set === UNKNOWN ? "unknown" : model.sets[set]?.map((number) => model.permissions[number]).sort();
}

function pathOfPlace(model: PageModel, number: number): string {
  const place = model.places[number];
  if (place === undefined) return "";
  return place.within < 0 ? place.name : `${pathOfPlace(model, place.within)}/${place.name}`;
}

function describeAccess({ permissions, paths, cutOff, isLowerBound, assumptions }: EffectiveAccess): unknown {
  const list = (set: ReadonlySet<string> | string): unknown => (typeof set === "string" ? set : [...set].sort());
  const tell = (path: EffectiveAccess["paths"][number]): unknown => [path.reason, path.role, list(path.permissions)];
  return {
    paths: paths.map(tell),
    cut: cutOff.map(tell),
    total: list(permissions),
    low: isLowerBound,
    assumed: assumptions,
  };
}

const ORGANIZATION: Address = "organization:Acme";
const SMALL: World = buildWorld(
  ORGANIZATION,
  "space:Acme/shop",
  "project:Acme/shop/web",
  buildLive("user:ana@acme.io", { role: "member" }),
  buildLive("user:zoe@acme.io", { role: "admin" }),
  buildLive("org-member:Acme/ana@acme.io", { role: "member" }),
  buildLive("org-member:Acme/bot@keys", { role: "member" }, { builtin: true }),
);

describe("the matrix of an account", () => {
  test("every cell is what the evaluator says, before and after", () => {
    const worlds = largeWorlds(40, 100);
    const model = makePageModel(samplePageInput({ worlds }));
    expect(model.matrix.scope).toBe("account");
    let seen = 0;
    for (const { email } of model.people) {
      for (const number of model.places.keys()) {
        const path = pathOfPlace(model, number);
        const place: Address = `${["organization", "space", "project"][path.split("/").length - 1]}:${path}`;
        for (const [side, world] of [worlds.before, worlds.after].entries()) {
          const access = evaluateAccess(world, `user:${email}`, place, ASSUMED);
          expect(readCell(model, email, path, side as 0 | 1)).toEqual(describeAccess(access));
          seen += access.paths.length;
        }
      }
    }
    expect(seen).toBeGreaterThan(1000);
  });

  test("places stand in the order of a tree, and say on which side they are there and closed", () => {
    const before = buildWorld(ORGANIZATION, "organization:Acme two", "space:Acme/shop", "project:Acme/shop/web");
    const after = buildWorld(
      ORGANIZATION,
      "organization:Acme two",
      buildLive("space:Acme/shop", { private: true }),
      "space:Acme/new",
      "project:Acme/shop/web",
      "restriction:Acme/shop/web",
    );
    const { places } = makePageModel(samplePageInput({ worlds: { before, after } }));
    expect(places).toEqual([
      { depth: 0, name: "Acme", within: -1, there: 3 },
      { depth: 1, name: "new", within: 0, there: 2 },
      { depth: 1, name: "shop", within: 0, there: 3, closed: 2 },
      { depth: 2, name: "web", within: 2, there: 3, closed: 2 },
      { depth: 0, name: "Acme two", within: -1, there: 3 },
    ]);
  });

  test("admins stand first and bots last; who comes, goes and was invited is told", () => {
    const after = new Map(SMALL);
    after.delete("user:ana@acme.io");
    after.set("user:new@acme.io", buildLive("user:new@acme.io", { role: "admin" }, { facts: { status: "INVITED" } }));
    const { people } = makePageModel(samplePageInput({ worlds: { before: SMALL, after } }));
    expect(people).toEqual([
      { email: "new@acme.io", pending: 1, admin: 2, there: 2 },
      { email: "zoe@acme.io", admin: 3, there: 3 },
      { email: "ana@acme.io", there: 1 },
      { email: "bot@keys", bot: 1, there: 3 },
    ]);
  });

  test("an account that is too large is cut down to what the plan touches", () => {
    const plan = samplePlan({
      steps: [
        sampleStep({ kind: "space", address: "space:Acme/shop" }),
        sampleRemoval({ loses: ["user:ana@acme.io"] }),
      ],
      access: sampleAccess([sampleShift({ person: "user:zoe@acme.io", place: "account" })]),
    });
    const model = makePageModel(samplePageInput({ plan, worlds: { before: SMALL, after: SMALL } }), 5);
    expect(model.matrix.scope).toBe("touched");
    expect(model.people.map(({ email }) => email)).toEqual(["zoe@acme.io", "ana@acme.io", "carl@acme.io"]);
    expect(model.places.map(({ name }) => name)).toEqual(["Acme", "shop"]);
  });

  test("a place that is not there, or whose container is not, gives nothing", () => {
    const before = buildWorld("project:Gone/x/y", "space:Acme/x", buildLive("user:zoe@acme.io", { role: "admin" }));
    const model = makePageModel(samplePageInput({ worlds: { before, after: SMALL } }));
    expect(readCell(model, "zoe@acme.io", "Gone/x/y", 0)).toMatchObject({ total: [] });
    expect(readCell(model, "zoe@acme.io", "Acme", 1)).toMatchObject({ total: "all" });
  });
});

describe("the matrix of a saved plan alone", () => {
  const shifts = [
    sampleShift({ isBot: true, isPending: true, until: "2027-01-01T00:00:00Z" }),
    sampleShift({
      person: "user:dan@acme.io",
      place: "account",
      before: sampleSide("p2", "role:Reviewer", "member"),
      after: sampleSide("all", "admin"),
      gained: "all",
      lost: "none",
      through: ["user:dan@acme.io", "role:Gone"],
    }),
    sampleShift({ person: "user:eve@acme.io", before: { ...NO_ACCESS, isLowerBound: true }, lost: "not listed" }),
  ];
  const plan = samplePlan({
    steps: [sampleStep({ kind: "user", address: "user:dan@acme.io" })],
    access: sampleAccess(shifts),
  });
  const model = makePageModel(samplePageInput({ plan }));

  test("it holds the cells that differ, and what is in between is empty", () => {
    expect(model.matrix.scope).toBe("differences");
    expect(readCell(model, "carl@acme.io", "Platform Team/production/checkout", 0)).toEqual({
      paths: [["told", "role:Reviewer", ["P1", "P2"]]],
      cut: [],
      total: ["P1", "P2"],
      low: false,
      assumed: [],
    });
    expect(readCell(model, "carl@acme.io", "Platform Team/production/checkout", 1)).toMatchObject({ total: [] });
    expect(readCell(model, "eve@acme.io", "Platform Team/production/checkout", 0)).toMatchObject({ low: true });
    expect(model.matrix.rows[model.matrix.rowOf[0] ?? -1]).toEqual([]);
  });

  test("differences name people, places and steps by number", () => {
    expect(model.people.map(({ email, bot, pending }) => [email, bot, pending])).toEqual([
      ["dan@acme.io", undefined, undefined],
      ["eve@acme.io", undefined, undefined],
      ["carl@acme.io", 1, 1],
    ]);
    expect(model.shifts[0]).toMatchObject({ person: 2, place: 2, sort: "loses", through: [], pending: 1 });
    expect(model.shifts[0]?.until).toBe("2027-01-01T00:00:00Z");
    expect(model.shifts[1]).toMatchObject({
      person: 0,
      place: -1,
      gained: ALL,
      lost: NONE,
      sort: "admin",
      through: [0],
    });
    expect(model.shifts[2]?.lost).toBe(NONE);
  });
});

describe("what stands beside the matrix", () => {
  test("steps keep what a reader needs, and lose what only the applier needs", () => {
    const removal = sampleRemoval({ loses: ["user:carl@acme.io", "user:carl@acme.io"] });
    const update = sampleStep({ op: "update", from: { private: false }, dependsOn: ["role:x"], remote: { id: "1" } });
    const { steps } = makePageModel(samplePageInput({ plan: samplePlan({ steps: [removal, update, sampleStep()] }) }));
    expect(steps[0]).toMatchObject({ confirm: "carl@acme.io", loses: [0, 0], from: { role: "member" } });
    expect(steps[1]).not.toHaveProperty("from");
    expect(steps[1]).not.toHaveProperty("to");
    expect(steps[1]).not.toHaveProperty("remote");
    expect(steps[1]).not.toHaveProperty("dependsOn");
    expect(steps[2]).toMatchObject({ to: { private: true } });
  });

  test("how many must approve a held change is told where the manifest has rules", () => {
    const held = sampleStep({ gate: { state: "held", by: ["removes-access"] } });
    const approvals = { rules: NO_RULES, needed: { [held.id]: 2 } };
    const needs = (plan: Parameters<typeof samplePlan>[0]) =>
      makePageModel(samplePageInput({ plan: samplePlan(plan) })).steps.map(({ needed }) => needed);
    expect(needs({ steps: [held], approvals })).toEqual([2]);
    expect(needs({ steps: [held] })).toEqual([undefined]);
  });

  test("approvals that are there are told of what is held, and of nothing else", () => {
    const held = sampleStep({ gate: { state: "held", by: ["removes-access"] } });
    const open = sampleStep({ id: "chg_open" });
    const there = { isEnough: true, lines: ["by ana@acme.io"] };
    const approvals = new Map([held.id, open.id].map((id) => [id, there]));
    const plan = samplePlan({ steps: [held, open] });
    const told = (input: Parameters<typeof samplePageInput>[0]) =>
      makePageModel(samplePageInput({ plan, ...input })).steps.map((step) => step.approvals);
    expect(told({ approvals })).toEqual([there, undefined]);
    expect(told({})).toEqual([undefined, undefined]);
  });

  test("the plan, its account, its ledger and its run are named; a served page says so", () => {
    const ledger = { seq: 3, digest: samplePlan().digest };
    const plan = samplePlan({ account: { url: "sandbox:x" }, basis: { ...samplePlan().basis, undo: "run-1", ledger } });
    const served = { approver: "jane", folder: "approvals" };
    const model = makePageModel(samplePageInput({ plan, served }));
    expect(model).toMatchObject({ account: { url: "sandbox:x" }, undo: "run-1", ledger, served });
    expect(model.digest).toBe(plan.digest);
    for (const key of ["served", "ledger"]) expect(makePageModel(samplePageInput())).not.toHaveProperty(key);
  });

  test("grants that an admin right hides are counted, and the first are named", () => {
    const hidden = Array.from({ length: 60 }, (_, number) => `space-member:Acme/s${number}/ana@acme.io` as const);
    const told = makePageModel(samplePageInput({ hidden: [...hidden].reverse() })).matrix.hidden;
    expect(told).toMatchObject({ count: 60 });
    expect(told?.some).toEqual([...hidden].sort().slice(0, 50));
    expect(makePageModel(samplePageInput({ hidden: [] })).matrix).not.toHaveProperty("hidden");
  });

  test("what a reader must know is told, most serious first", () => {
    const plan = samplePlan({
      assertions: [
        {
          source: "access.yaml:9:1",
          statement: "Nobody can X.",
          detail: "carl has X.",
          place: ORGANIZATION,
          paths: [],
        },
      ],
      unknowns: [{ code: "AX301", severity: "warning", summary: "s", detail: "Not read.", fix: "Look." }],
      notes: [
        { code: "AX347", severity: "note", summary: "s", detail: "Perhaps a rename." },
        { code: "AX372", severity: "warning", summary: "The rules are weaker", detail: "One is enough now." },
        { code: "AX313", severity: "warning", summary: "Keys", detail: "One." },
        { code: "AX313", severity: "warning", summary: "Keys", detail: "Two." },
        { code: "AX374", severity: "error", summary: "A fault", detail: "Broken." },
      ],
      withheld: ["user:a@b.io"],
      incomplete: ["user@"],
      lapses: [{ address: "user:a@b.io", expires: "2027-01-01T00:00:00Z", source: "access.yaml:1:1" }],
      unmanaged: { user: 2 },
      access: sampleAccess([], { unseen: ["org-member@organization:Acme"] }),
    });
    const { notices } = makePageModel(samplePageInput({ plan }));
    expect(notices.filter(({ open }) => open === 1).map(({ tone, title }) => [tone, title])).toEqual([
      ["error", "Assertions that would not hold"],
      ["error", "A fault"],
      ["warning", "The rules are weaker"],
      ["warning", "Keys"],
    ]);
    expect(notices.find(({ title }) => title === "Keys")?.items).toHaveLength(2);
    expect(notices.map(({ tone, items }) => [tone, items[0]?.text, items[0]?.more])).toEqual([
      ["error", "Nobody can X.", "carl has X. · access.yaml:9:1"],
      ["error", "Broken. (AX374)", undefined],
      ["warning", "One is enough now. (AX372)", undefined],
      ["warning", "One. (AX313)", undefined],
      ["warning", "Not read. (AX301)", "Look."],
      ["warning", "user:a@b.io", undefined],
      ["warning", "user@", undefined],
      ["warning", "org-member@organization:Acme", undefined],
      ["note", "Perhaps a rename. (AX347)", undefined],
      ["note", "user:a@b.io until 2027-01-01T00:00:00Z", "access.yaml:1:1"],
      ["note", "user: 2", undefined],
    ]);
  });
});
