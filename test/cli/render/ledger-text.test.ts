import { expect, test } from "vitest";
import { renderHappenings, renderRuns } from "../../../src/cli/render/ledger-text.ts";
import { PLAIN } from "../../../src/cli/render/paint.ts";
import type { ChangeRecord, RunRecord } from "../../../src/model/history.ts";
import type { Happening } from "../../../src/state/history.ts";

const AT = "2026-06-01T00:00:00Z";
const change = (said: Partial<ChangeRecord>): ChangeRecord => ({
  ...{ run: "run_1", change: "chg_1", op: "create", address: "space:A/a", at: AT, line: 1, result: "done" },
  ...{ cascade: [], taken: [], approvals: [], lapsed: false, unseen: false },
  ...said,
});
const run = (said: Partial<RunRecord>): RunRecord => ({
  ...{ run: "run_1", at: AT, flags: [], changes: [], adoptions: [], managed: [] },
  ...said,
});

test("a run without a beginning, one without an end, and everything that can become of a change", () => {
  const changes = [
    change({ result: "absent", op: "delete", cascade: ["project:A/a/p"] }),
    change({ result: "open", op: "update", renamedFrom: "space:A/b" }),
    change({ result: "failed", error: "no\nway" }),
    change({ result: "settled-done", settledBy: "run_2", lapsed: true }),
  ];
  const adoptions = [{ address: "space:A/c", at: AT, remote: {} }] as const;
  expect(
    renderRuns([run({}), run({ run: "run_2", command: "apply", changes, adoptions })], PLAIN),
  ).toBe(`run_1  ${AT}  settling  before a run of its own
  changed nothing

run_2  ${AT}  apply  its end is not recorded
  was gone - delete space:A/a
      with it: project:A/a/p
  in doubt ~ update space:A/a, was space:A/b
  failed   + create space:A/a
      no\\nway
  done     + create space:A/a
      its time was over, and the policy lets such grants go
      found out by run_2
  adopted    space:A/c
`);
});

test("happenings: fields before and after, sets by their members, what goes along, what nobody knows", () => {
  const happening = (what: Happening["what"], said?: Partial<ChangeRecord>): Happening => ({
    ...{ address: "space:A/a", at: AT, run: "run_1", what },
    ...(said !== undefined && { change: change(said) }),
  });
  const told = renderHappenings(
    [
      happening("made", { to: { role: "admin", also: null, list: ["x"] } }),
      happening("changed", {
        op: "update",
        from: { a: "x", set: { P: true } },
        to: { a: "x", b: "y", set: { Q: true, "R\n": true } },
      }),
      happening("renamed", { op: "update", renamedFrom: "space:A/b" }),
      happening("went-along", { op: "delete", address: "organization:A" }),
      happening("in-doubt", { op: "delete" }),
      happening("adopted"),
    ],
    PLAIN,
  );
  expect(told).toBe(`${AT}  made        space:A/a  run_1
      role: "admin"
      list: ["x"]
${AT}  changed     space:A/a  run_1
      b: (not known) -> "y"
      set: P -> Q, R\\n
${AT}  renamed     space:A/a  run_1
      was space:A/b
${AT}  went along  space:A/a  run_1
      with organization:A
${AT}  in doubt    space:A/a  run_1
      whether delete took effect is not known
${AT}  adopted     space:A/a  run_1
`);
});
