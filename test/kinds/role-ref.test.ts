import { describe, expect, it } from "vitest";
import {
  decodePredefinedRole,
  encodeRole,
  isPredefinedRole,
  nameRole,
  unlistedRole,
} from "../../src/kinds/role-ref.ts";

describe("roles in specs", () => {
  it.each([
    ["admin", "ADMIN"],
    ["member", "MEMBER"],
    ["read-only", "READ_ONLY"],
    ["annotator", "ANNOTATOR"],
  ])("%s is %s on the wire, both ways", (word, wire) => {
    expect(isPredefinedRole(word)).toBe(true);
    expect(encodeRole(word, () => "")).toEqual({ type: "PREDEFINED", name: wire });
    expect(decodePredefinedRole(wire)).toBe(word);
    expect(nameRole(word)).toBe(word);
  });

  it("are addresses where they are not predefined, even when called like a predefined one", () => {
    expect(isPredefinedRole("role:admin")).toBe(false);
    expect(isPredefinedRole("toString")).toBe(false);
    expect(encodeRole("role:admin", (address) => `id of ${address}`)).toEqual({
      type: "CUSTOM",
      id: "id of role:admin",
    });
    expect(nameRole("role:a%2Fb")).toBe("a/b");
  });

  it("that nobody lists stand under their id, which is no name", () => {
    expect(unlistedRole("Um9sZTox")).toBe("role:%00Um9sZTox");
  });
});
