import { describe, expect, it } from "vitest";
import { findMember } from "../../src/kinds/find-member.ts";
import { PlatformError } from "../../src/model/errors.ts";

const ROW = { userId: "u1" };

describe("findMember", () => {
  it("finds a person in a list that is whole, and knows who is not in it", () => {
    expect(findMember({ state: "complete", rows: [ROW] }, "u1", false)).toBe(ROW);
    expect(findMember({ state: "complete", rows: [ROW] }, "u2", false)).toBeUndefined();
  });

  it("takes a list that could not be read for an error, and for nothing only where that was planned", () => {
    const unreadable = { state: "unreadable", because: "No licence." } as const;
    expect(() => findMember(unreadable, "u1", false)).toThrow(PlatformError);
    expect(() => findMember(unreadable, "u1", false)).toThrow("The members could not be read. No licence.");
    expect(() => findMember(undefined, "u1", false)).toThrow("The members could not be read.");
    expect(findMember(unreadable, "u1", true)).toBeUndefined();
    expect(findMember(undefined, "u1", true)).toBeUndefined();
  });
});
