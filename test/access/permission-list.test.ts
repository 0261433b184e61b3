import { describe, expect, test } from "vitest";
import { type Holding, isSameHolding, joinHoldings } from "../../src/access/permission-list.ts";

const READ: Holding = ["A_READ", "B_READ"];

describe("holdings", () => {
  test("are joined to what is in either, sorted", () => {
    expect(joinHoldings(READ, ["A_WRITE", "B_READ"])).toEqual(["A_READ", "A_WRITE", "B_READ"]);
    expect(joinHoldings("all", READ)).toBe("all");
    expect(joinHoldings(READ, "all")).toBe("all");
    expect(joinHoldings("all", "all")).toBe("all");
  });

  test("stay the list they are where the other has nothing, or is the same", () => {
    expect(joinHoldings(READ, [])).toBe(READ);
    expect(joinHoldings([], READ)).toBe(READ);
    expect(joinHoldings(READ, READ)).toBe(READ);
    expect(joinHoldings("all", [])).toBe("all");
  });

  test("are the same by what is in them, whether or not they are one list", () => {
    expect(isSameHolding(READ, READ)).toBe(true);
    expect(isSameHolding(READ, [...READ])).toBe(true);
    expect(isSameHolding(READ, ["A_READ"])).toBe(false);
    expect(isSameHolding("all", [])).toBe(false);
  });
});
