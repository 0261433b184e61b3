import { expect, test } from "vitest";
import type { Address } from "../../src/model/address.ts";
import { findMissingReads } from "../../src/plan/missing-reads.ts";
import { live, planInput } from "../support/plan-input.ts";

const CARL: Address = "user:carl@x.io";
const BOB: Address = "user:bob@x.io";
const SPACE: Address = "space:A/s";

test("what a person leaves behind is asked for where a plan deletes one, and not twice", () => {
  const world = [live(CARL), live(BOB), live("organization:A"), live(SPACE)];
  const input = planInput({ live: world, absent: { [CARL]: "declared-absent", [BOB]: "declared-absent" } });
  expect(findMissingReads(input).owners).toEqual([BOB, CARL]);
  const belongings = new Map([[CARL, { state: "complete", items: [] } as const]]);
  expect(findMissingReads({ ...input, observation: { ...input.observation, belongings } }).owners).toEqual([BOB]);
  const { limits } = planInput({ limits: { targets: [CARL] } });
  expect(findMissingReads({ ...input, limits }).owners).toEqual([CARL]);
});

test("nothing is asked for where nobody is deleted", () => {
  const world = [live(CARL), live("organization:A"), live(SPACE)];
  expect(findMissingReads(planInput({ live: world, absent: { [SPACE]: "declared-absent" } })).owners).toEqual([]);
});
