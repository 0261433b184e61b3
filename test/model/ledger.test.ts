import { expect, test } from "vitest";
import { FIRST_PREV, headOf, holdsHead, isLedgerHead, type LedgerLine } from "../../src/model/ledger.ts";
import { makeChain } from "../support/ledger-lines.ts";

const ends = (...exits: readonly number[]): readonly LedgerLine[] =>
  makeChain(
    0,
    exits.map((exit) => ({ type: "end", run: "r", exit })),
  );

test("the head is the last line, and of an empty ledger none", () => {
  const lines = ends(0, 1, 2);
  expect(headOf([])).toEqual({ seq: 0, digest: FIRST_PREV });
  expect(headOf(lines)).toEqual({ seq: 3, digest: lines[2]?.digest });
});

test("a ledger holds the head of each ledger that it grew out of, and of no other", () => {
  const lines = ends(0, 1, 2);
  for (const length of [0, 1, 2, 3]) expect(holdsHead(lines, headOf(lines.slice(0, length)))).toBe(true);
  expect(holdsHead(lines.slice(0, 2), headOf(lines))).toBe(false);
  expect(holdsHead([], headOf(lines))).toBe(false);
  expect(holdsHead(ends(0, 5, 2), headOf(lines))).toBe(false);
  expect(holdsHead(ends(0, 5, 2), headOf(lines.slice(0, 1)))).toBe(true);
});

test("the later part of a ledger holds the heads of its own lines", () => {
  const lines = ends(0, 1, 2, 3);
  for (const length of [3, 4]) expect(holdsHead(lines.slice(2), headOf(lines.slice(0, length)))).toBe(true);
  for (const length of [1, 2]) expect(holdsHead(lines.slice(2), headOf(lines.slice(0, length)))).toBe(false);
  expect(holdsHead(lines.slice(2), headOf(ends(0, 1, 5)))).toBe(false);
});

test("a head of nothing, or of a line elsewhere, is held by no ledger", () => {
  const lines = ends(0, 1, 2);
  const { digest } = headOf(lines);
  for (const seq of [0, 1, 2, 4, -1, 2.5]) expect(holdsHead(lines, { seq, digest })).toBe(false);
  expect(holdsHead([], { seq: 1, digest: FIRST_PREV })).toBe(false);
});

test("a head is a number and a digest, and nothing else", () => {
  expect([0, 1, Number.MAX_SAFE_INTEGER].map((seq) => isLedgerHead({ seq, digest: FIRST_PREV }))).toEqual([
    true,
    true,
    true,
  ]);
  const digest = FIRST_PREV;
  const wrong = [
    null,
    "x",
    [],
    {},
    { seq: 1 },
    { digest },
    { seq: 1, digest, more: 1 },
    { seq: 1, digest: `${digest}0` },
  ];
  for (const value of wrong) expect(isLedgerHead(value)).toBe(false);
  for (const seq of [-1, 0.5, 2 ** 53, "1", null, Number.NaN]) expect(isLedgerHead({ seq, digest })).toBe(false);
  for (const other of [`x${digest}`, [digest], 1, null, "sha256:"])
    expect(isLedgerHead({ seq: 1, digest: other })).toBe(false);
});
