import { describe, expect, it } from "vitest";
import { KINDS } from "../../src/kinds/registry.ts";
import type { Address } from "../../src/model/address.ts";
import type { ChangeRecord } from "../../src/model/history.ts";
import type { Desired, Memory } from "../../src/model/plan.ts";
import { desireUndone, type Inversion, invertRun, type Wish } from "../../src/plan/invert-run.ts";
import { indexKinds } from "../../src/plan/kinds-by-name.ts";
import { makePlan } from "../../src/plan/make-plan.ts";
import { settleWishes } from "../../src/plan/settle-wishes.ts";
import { declare, live, type PlanSample, planInput } from "../support/plan-input.ts";

const kinds = indexKinds(KINDS);
const NOTHING: Memory = { owned: new Map(), lastWritten: new Map(), managed: new Set() };
const ANA = "user:ana@acme.io";
const GRANT = "org-member:A/ana@acme.io";
const IDS = { organization: "id(organization:A)", user: `id(${ANA})` };

const change = (op: ChangeRecord["op"], address: Address, said: Partial<ChangeRecord> = {}): ChangeRecord => ({
  ...{ run: "run_1", change: `chg_${address}`, op, address, at: "2026-06-01T00:00:00Z", line: 7, result: "done" },
  ...{ cascade: [], taken: [], approvals: [], lapsed: false, unseen: false },
  ...said,
});

const invert = (changes: readonly ChangeRecord[], before: Memory = NOTHING): Inversion =>
  invertRun(
    { run: "run_1", at: "2026-06-01T00:00:00Z", flags: [], changes, adoptions: [], managed: [] },
    before,
    kinds,
  );

interface Undone {
  /** `- GRANT`, `+ GRANT`, `~ GRANT`: what the plan does. */
  readonly steps: readonly string[];
  /** `AX346 ADDRESS: why`. */
  readonly notes: readonly string[];
  readonly desired: Desired;
}

/** The plan that takes these changes back on an account. */
function undo(changes: readonly ChangeRecord[], sample: PlanSample, before: Memory = NOTHING): Undone {
  const inversion = invert(changes, before);
  const input = planInput(sample);
  const around = { base: input.desired, file: "ledger.jsonl", classesAround: () => [] };
  const settled = settleWishes(inversion, {
    desired: desireUndone(inversion, around),
    observation: input.observation,
    kinds,
    declared: input.desired.world,
  });
  const desired = desireUndone(settled, around);
  const plan = makePlan({ ...input, desired });
  const marks = { create: "+", update: "~", delete: "-" } as const;
  return {
    steps: plan.steps.map(({ op, address }) => `${marks[op]} ${address}`),
    notes: plan.notes.filter(({ code }) => code !== "AX343").map(({ code, detail }) => `${code} ${detail}`),
    desired,
  };
}

const HOME = [live("organization:A"), live(ANA, { name: "Ana", role: "member", developer: false })];
const grant = (role: string, extra = {}) => live(GRANT, { role }, { remote: IDS, ...extra });

describe("what was made", () => {
  const made = [change("create", GRANT, { to: { role: "admin" }, remote: IDS })];

  it("goes, and the plan says which run and which line it is of", () => {
    const { steps, notes, desired } = undo(made, { live: [...HOME, grant("admin")] });
    expect([steps, notes]).toEqual([[`- ${GRANT}`], []]);
    expect(desired.undoes?.run).toBe("run_1");
    expect(desired.absent.get(GRANT)).toEqual({
      reason: "undone",
      origin: { from: "manifest", at: { file: "ledger.jsonl", line: 7, column: 1, length: 1 }, group: undefined },
    });
    const { plan } = { plan: makePlan({ ...planInput({ live: [...HOME, grant("admin")] }), desired }) };
    expect(plan.basis.undo).toBe("run_1");
    expect(plan.unmanaged).toEqual({});
    expect(plan.steps[0]).toMatchObject({
      reason: "undone",
      source: "ledger.jsonl:7:1",
      gate: { state: "blocked", by: ["last-admin"] },
    });
  });

  it("is left where somebody changed it, or made another in its place", () => {
    expect(undo(made, { live: [...HOME, grant("member")] })).toMatchObject({
      steps: [],
      notes: [`AX346 ${GRANT}: Somebody changed role since.`],
    });
    expect(undo(made, { live: [...HOME, grant("admin", { remote: { ...IDS, user: "other" } })] })).toMatchObject({
      steps: [],
      notes: [`AX346 ${GRANT}: Another object stands there by now.`],
    });
  });

  it("goes where its role cannot be read, and is not asked for where it is gone", () => {
    const hidden = live(GRANT, {}, { remote: IDS, unknown: ["role"] });
    expect(undo(made, { live: [...HOME, hidden] }).steps).toEqual([`- ${GRANT}`]);
    expect(undo(made, { live: HOME })).toMatchObject({ steps: [], notes: [] });
  });

  it("is left where nobody can see whether it is there", () => {
    const unseen = [`AX346 ${GRANT}: It cannot be seen now.`];
    expect(undo(made, { live: HOME, covered: [GRANT] }).notes).toEqual(unseen);
    expect(undo(made, { live: HOME, coverage: { "org-member@organization:A": "unreadable" } }).notes).toEqual(unseen);
  });

  it("is left where the manifest says to leave it alone, and blocked where it is protected", () => {
    const ignored = undo(made, { live: [...HOME, grant("admin")], ignore: ["org-member:**"] });
    expect(ignored).toMatchObject({ steps: [], notes: [`AX346 ${GRANT}: The manifest says to leave it alone.`] });
    const { desired } = undo(made, { live: [...HOME, grant("admin")], protect: ["org-member:**"] });
    const plan = makePlan({ ...planInput({ live: [...HOME, grant("admin")] }), desired });
    expect(plan.steps[0]?.gate.state).toBe("blocked");
  });

  it("is left with everything above it where somebody works in it since", () => {
    const place = change("create", "space:A/s", { to: {}, remote: { id: "1" } });
    const org = change("create", "organization:A", { to: {}, remote: { id: "id(organization:A)" } });
    const space = live("space:A/s", {}, { remote: { id: "1" } });
    const theirs = live("project:A/s/p");
    const builtin = live("org-member:A/bot@acme.io", {}, { builtin: true });
    expect(undo([org, place], { live: [live("organization:A"), space, builtin] }).steps).toEqual(["- organization:A"]);
    const { steps, notes } = undo([org, place], { live: [live("organization:A"), space, theirs] });
    expect(steps).toEqual([]);
    expect(notes).toEqual([
      "AX346 organization:A: project:A/s/p would go with it, and is not as the run left it, or not of the run.",
      "AX346 space:A/s: project:A/s/p would go with it, and is not as the run left it, or not of the run.",
    ]);
  });

  it("is not taken back where nobody saw whether the run made it, or what became of it", () => {
    expect(undo([change("create", GRANT, { unseen: true })], { live: [...HOME, grant("admin")] })).toMatchObject({
      steps: [],
      notes: [`AX345 ${GRANT}: Whether it was there before the run could not be seen.`],
    });
    for (const result of ["open", "unknown"] as const) {
      const { steps, notes } = undo([change("create", GRANT, { result })], { live: [...HOME, grant("admin")] });
      expect([steps, notes]).toEqual([[], [`AX345 ${GRANT}: Whether the run changed it is not known.`]]);
    }
    for (const result of ["failed", "absent", "settled-not-done"] as const) {
      expect(undo([change("create", GRANT, { result })], { live: [...HOME, grant("admin")] })).toMatchObject({
        steps: [],
        notes: [],
      });
    }
  });

  it("goes though the ledger does not say as what it was made", () => {
    const bare = change("create", "project:A/s/p");
    const there = [live("organization:A"), live("space:A/s"), live("project:A/s/p")];
    expect(undo([bare], { live: there }).steps).toEqual(["- project:A/s/p"]);
    const settled = change("create", "role:R", { result: "settled-done", to: { description: "d" } });
    const role = live("role:R", { description: "d" });
    expect(
      undo([settled], { live: [{ ...role, origin: { from: "manifest", at: AT, group: undefined } }] }).notes,
    ).toEqual([]);
  });
});

const AT = { file: "a", line: 1, column: 1, length: 1 };

describe("what was changed", () => {
  const lowered = change("update", GRANT, { from: { role: "admin" }, to: { role: "member" }, remote: IDS });

  it("is as before again", () => {
    expect(undo([lowered], { live: [...HOME, grant("member")] })).toMatchObject({ steps: [`~ ${GRANT}`], notes: [] });
    expect(undo([lowered], { live: [...HOME, grant("admin")] })).toMatchObject({ steps: [], notes: [] });
  });

  it("is left where somebody changed it since, field by field, and where it is gone", () => {
    expect(undo([lowered], { live: [...HOME, grant("read-only")] })).toMatchObject({
      steps: [],
      notes: [`AX346 ${GRANT}: Somebody changed role since.`],
    });
    expect(undo([lowered], { live: HOME }).notes).toEqual([
      `AX346 ${GRANT}: It is not there any more, or cannot be seen.`,
    ]);
    const other = grant("member", { remote: { ...IDS, user: "other" } });
    expect(undo([lowered], { live: [...HOME, other] }).notes).toEqual([
      `AX346 ${GRANT}: Another object stands there by now.`,
    ]);
    expect(undo([lowered], { live: [...HOME, grant("member")], ignore: [ANA] }).notes).toEqual([
      `AX346 ${GRANT}: The manifest says to leave it alone.`,
    ]);
    const person = change("update", ANA, {
      from: { name: "Anna", developer: true, role: "member" },
      to: { name: "Ana", developer: false, role: "member" },
    });
    const renamed = live(ANA, { name: "Ana Maria", developer: false, role: "member" });
    const { steps, notes, desired } = undo([person], { live: [renamed] });
    expect([steps, notes]).toEqual([[`~ ${ANA}`], [`AX346 ${ANA}: Somebody changed name since.`]]);
    expect(desired.world.get(ANA)?.spec).toEqual({ developer: true });
  });

  it("goes back to what axcess wrote before where the account does not show it", () => {
    const hidden = live(GRANT, {}, { remote: IDS, unknown: ["role"] });
    const blind = change("update", GRANT, { from: {}, to: { role: "member" }, remote: IDS });
    const remember = (remote: Readonly<Record<string, string>>): Memory => ({
      ...NOTHING,
      lastWritten: new Map([[GRANT, { spec: { role: "admin" }, remote }]]),
    });
    expect(undo([blind], { live: [...HOME, hidden] }, remember(IDS)).steps).toEqual([`~ ${GRANT}`]);
    const unknown = [`AX345 ${GRANT}: What role was cannot be set again, or is not recorded.`];
    expect(undo([blind], { live: [...HOME, hidden] }).notes).toEqual(unknown);
    expect(undo([blind], { live: [...HOME, hidden] }, remember({ user: "other" })).notes).toEqual(unknown);
    const { from: _, remote: __, ...bare } = blind;
    expect(undo([bare], { live: [...HOME, hidden] }).notes).toEqual(unknown);
    expect(undo([bare], { live: [...HOME, hidden] }, remember(IDS)).steps).toEqual([`~ ${GRANT}`]);
  });

  it("keeps what no call brings back as it is", () => {
    const member = "space-member:A/s/ana@acme.io";
    const both = change("update", member, {
      from: { role: "member", also: "role:R" },
      to: { role: "admin", also: null },
    });
    const there = live(member, { role: "admin", also: null }, { remote: {} });
    const { notes, desired } = undo([both], { live: [...HOME, live("space:A/s"), live("role:R"), there] });
    expect(notes).toEqual([`AX345 ${member}: What also was cannot be set again, or is not recorded.`]);
    expect(desired.world.get(member)?.spec).toEqual({ role: "member" });
    expect(undo([change("update", GRANT)], { live: [...HOME, grant("x")] })).toMatchObject({ steps: [], notes: [] });
  });
});

describe("what was renamed", () => {
  const renames = [
    change("update", "space:New/t", { renamedFrom: "space:New/s", remote: { id: "2" }, from: {}, to: {} }),
    change("update", "organization:New", { renamedFrom: "organization:A", remote: { id: "1" }, from: {}, to: {} }),
    change("create", "project:New/t/p", { remote: { id: "3", space: "2" }, to: {} }),
    change("update", "role:Viewer", { renamedFrom: "role:Reader", remote: { id: "4" }, to: {}, from: {} }),
    change("delete", "binding:New/t/q/ana@acme.io", {
      from: { role: "role:Viewer" },
      remote: { id: "6", project: "5", user: `id(${ANA})` },
    }),
  ];
  const there = [
    live("organization:New", {}, { remote: { id: "1" } }),
    live("space:New/t", {}, { remote: { id: "2", organization: "1" } }),
    live("project:New/t/p", {}, { remote: { id: "3", space: "2" } }),
    live("project:New/t/q", {}, { remote: { id: "5", space: "2" } }),
    live("role:Viewer", { permissions: { PROJECT_READ: true } }, { remote: { id: "4" } }),
    live(ANA),
  ];

  it("has its old name again, with what is in it and what refers to it", () => {
    const { steps, notes, desired } = undo(renames, { live: there });
    expect(notes).toEqual([]);
    expect([...steps].sort()).toEqual([
      "+ binding:A/s/q/ana@acme.io",
      "- project:A/s/p",
      "~ organization:A",
      "~ role:Reader",
      "~ space:A/s",
    ]);
    expect(desired.world.get("binding:A/s/q/ana@acme.io")?.spec).toEqual({ role: "role:Reader" });
    expect([...desired.renames]).toEqual([
      ["space:A/s", ["space:A/t"]],
      ["organization:A", ["organization:New"]],
      ["role:Reader", ["role:Viewer"]],
    ]);
  });

  it("is not asked for once it has its old name, and left where another object has it", () => {
    const back = there.map((one) =>
      one.address === "role:Viewer" ? { ...one, address: "role:Reader" as const } : one,
    );
    expect(undo(renames, { live: back })).toMatchObject({ notes: [] });
    expect(undo(renames, { live: back }).steps).not.toContain("~ role:Reader");
    const { notes, steps } = undo(renames, { live: [...there, live("role:Reader", {}, { remote: { id: "9" } })] });
    expect(notes).toEqual(["AX346 role:Reader: Another object stands there by now."]);
    expect(steps).not.toContain("~ role:Reader");
  });
});

describe("what was deleted", () => {
  const gone = change("delete", GRANT, {
    from: { role: "admin" },
    remote: IDS,
    cascade: ["space-member:A/s/ana@acme.io"],
    taken: [
      {
        address: "space-member:A/s/ana@acme.io",
        spec: { role: "role:R", also: "role:S" },
        remote: { space: "id(space:A/s)", user: `id(${ANA})` },
      },
    ],
  });
  const around = [...HOME, live("space:A/s"), live("role:R")];

  it("is made again, with what went with it", () => {
    const { steps, notes, desired } = undo([gone], { live: around });
    expect(steps).toEqual([`+ ${GRANT}`, "+ space-member:A/s/ana@acme.io"]);
    expect(notes).toEqual(["AX345 space-member:A/s/ana@acme.io: What also was cannot be set again."]);
    expect(desired.world.get("space-member:A/s/ana@acme.io")?.spec).toEqual({ role: "role:R", also: null });
  });

  it("is left where somebody made it again otherwise, and is not asked for where it is as before", () => {
    expect(undo([{ ...gone, taken: [] }], { live: [...around, grant("member")] }).notes).toEqual([
      `AX345 ${GRANT}: What went with it is not recorded, unless it was inherited.`,
      `AX346 ${GRANT}: Somebody made it again since, otherwise.`,
    ]);
    const plain = { ...gone, taken: [], cascade: [] };
    expect(undo([plain], { live: [...around, grant("admin")] })).toMatchObject({ steps: [], notes: [] });
    const hidden = live(GRANT, {}, { remote: IDS, unknown: ["role"] });
    expect(undo([plain], { live: [...around, hidden] }).notes).toEqual([]);
    expect(undo([plain], { live: around, ignore: [GRANT] }).notes).toEqual([
      `AX346 ${GRANT}: The manifest says to leave it alone.`,
    ]);
  });

  it("does not come back without what it stood on, what it refers to, or what is known of it", () => {
    const plain = { ...gone, taken: [], cascade: [] };
    const why = (changes: readonly ChangeRecord[], there: PlanSample["live"]) =>
      undo(changes, { live: there ?? [] }).notes;
    expect(why([plain], [live("organization:A")])).toEqual([`AX345 ${GRANT}: ${ANA} is not there any more.`]);
    expect(why([plain], [live("organization:A", {}, { remote: { id: "9" } }), live(ANA)])).toEqual([
      `AX345 ${GRANT}: organization:A is another object by now.`,
    ]);
    expect(why([{ ...plain, from: {} }], HOME)).toEqual([`AX345 ${GRANT}: Which role it was is not known.`]);
    const member = { ...gone.taken[0], address: "space-member:A/s/ana@acme.io" as const, from: { role: "role:Gone" } };
    expect(
      why([change("delete", member.address, { from: member.from, remote: gone.taken[0]?.remote ?? {} })], around),
    ).toEqual(["AX345 space-member:A/s/ana@acme.io: role:Gone is not there any more."]);
    const { remote: _, ...nameless } = plain;
    expect(why([nameless], HOME)).toEqual([`AX345 ${GRANT}: organization:A is another object by now.`]);
    // What no id is known of is known by its name.
    const declared = { ...live("role:R"), origin: { from: "manifest" as const, at: AT, group: undefined } };
    expect(why([change("delete", "role:S", { from: { permissions: { PROJECT_READ: true } } })], [declared])).toEqual([
      "AX345 role:S: The role made again has another id of the platform.",
    ]);
  });

  it("comes back with a role that comes back", () => {
    const role = change("delete", "role:S", {
      from: { description: "", permissions: { PROJECT_READ: true } },
      remote: { id: "1" },
    });
    const member = change("delete", "space-member:A/s/ana@acme.io", {
      from: { role: "role:S", also: null },
      remote: { space: "id(space:A/s)", user: `id(${ANA})` },
    });
    const { steps, notes } = undo([member, role], { live: [...around, grant("member")] });
    expect(steps).toEqual(["+ role:S", "+ space-member:A/s/ana@acme.io"]);
    expect(notes).toEqual(["AX345 role:S: The role made again has another id of the platform."]);
  });

  it("stays gone for good where it was a person or a place, with what went with it", () => {
    const cascade: readonly Address[] = ["space:A/s", "project:A/s/p"];
    const { steps, notes } = undo(
      [
        change("delete", "organization:A", { from: {}, cascade }),
        change("delete", "user:b@c.d", { cascade: [GRANT] }),
        change("delete", "project:B/s/p"),
      ],
      { live: [] },
    );
    expect(steps).toEqual([]);
    expect(notes).toEqual([
      "AX345 organization:A: What was in a deleted organization is gone for good. 2 other objects went with it.",
      "AX345 project:B/s/p: The traces of a deleted project are gone for good.",
      "AX345 user:b@c.d: A deleted person's e-mail can never be invited again. 1 other object went with it.",
    ]);
  });
});

it("reads what the manifest manages, and what decides on the places it touches, and manages none of it authoritatively", () => {
  const inversion = invert([change("create", GRANT, { to: {} })]);
  const { desired: base } = planInput({ managed: { "role@": "authoritative" } });
  const desired = desireUndone(inversion, {
    base,
    file: "l",
    classesAround: () => ["user@", "org-member@organization:A"],
  });
  expect([...desired.managed]).toEqual([
    ["role@", "additive"],
    ["user@", "additive"],
    ["org-member@organization:A", "additive"],
  ]);
  const wish: Wish | undefined = inversion.wishes[0];
  expect(wish).toEqual({
    address: GRANT,
    wants: "absent",
    spec: {},
    left: {},
    remote: undefined,
    former: undefined,
    line: 7,
  });
});

describe("a service key", () => {
  const SPACE = live("space:A/b");
  const KEY = "service-key:A/b/ci";
  const spec = { role: "member", expires: "2026-07-01T00:00:00Z", secret: "file old" };
  const revoked = [change("delete", KEY, { from: spec, remote: { id: "k1", space: "id(space:A/b)" } })];

  it("that was revoked is made anew only with what the manifest says of it now", () => {
    const at = { live: [...HOME, SPACE] };
    expect(undo(revoked, at)).toMatchObject({ steps: [], notes: [expect.stringContaining("A revoked key does not")] });
    const now = { ...spec, expires: "2027-07-01T00:00:00Z", secret: "file new" };
    const { steps, notes, desired } = undo(revoked, { ...at, declared: [declare(KEY, { ...now, role: "admin" })] });
    expect([steps, notes]).toEqual([[`+ ${KEY}`], []]);
    expect(desired.world.get(KEY)?.spec).toEqual(now);
    const unknown = [change("delete", KEY, { from: {}, remote: { id: "k1", space: "id(space:A/b)" } })];
    expect(undo(unknown, { ...at, declared: [declare(KEY, now)] }).notes).toEqual([
      `AX345 ${KEY}: Which role its bot had is not known.`,
    ]);
    expect(undo(unknown, at).notes[0]).toContain('role: "member"');
  });

  it("that got a new secret keeps it", () => {
    const rotated = [change("update", KEY, { from: { rotation: "1" }, to: { rotation: "2" }, remote: { id: "k1" } })];
    expect(undo(rotated, { live: [...HOME, SPACE, live(KEY, spec)] })).toMatchObject({
      steps: [],
      notes: [`AX345 ${KEY}: Only the manifest can say rotation: an undo leaves it as it is.`],
    });
  });
});
