import { describe, expect, it } from "vitest";
import type { UnreadPlace } from "../../src/model/kind.ts";
import { tellUnread } from "../../src/state/tell-unread.ts";

const OFF = "GraphQL is off.";
const spaces = (number: number): readonly UnreadPlace[] =>
  Array.from({ length: number }, (_, at) => ({ place: `space:A/${at}`, because: OFF }));

describe("members that could not be read", () => {
  it("are no warning where there are none", () => expect(tellUnread([])).toEqual([]));

  it("are one warning for each reason", () => {
    const told = tellUnread([...spaces(1), { place: "organization:B", because: "It broke." }]);
    expect(told).toMatchObject([
      { code: "AX302", detail: "The members of space:A/0 are not known. GraphQL is off." },
      { code: "AX302", detail: "The members of organization:B are not known. It broke." },
    ]);
  });

  it("are counted, and the first places named, each once", () => {
    const [few] = tellUnread([...spaces(2).toReversed(), ...spaces(2)]);
    expect(few?.detail).toBe("The members of 2 places are not known: space:A/0, space:A/1. GraphQL is off.");
    const [many] = tellUnread(spaces(9));
    expect(many?.detail).toBe(
      "The members of 9 places are not known: space:A/0, space:A/1, space:A/2, space:A/3, space:A/4 and 4 more. GraphQL is off.",
    );
  });
});
