import { describe, expect, it } from "vitest";
import { identifyPerson } from "../../src/kinds/person-of-row.ts";
import type { Address } from "../../src/model/address.ts";

const LISTED: ReadonlyMap<string, Address> = new Map([
  ["u1", "user:ana@example.com"],
  ["u2", "user:a%2Fb@example.com"],
]);
const byId = (id: string): Address | undefined => LISTED.get(id);

describe("identifyPerson", () => {
  it("believes the list of people before the e-mail of the row", () => {
    expect(identifyPerson({ userId: "u1", email: "other@example.com", userType: "human" }, byId)).toEqual({
      address: "user:ana@example.com",
      email: "ana@example.com",
      isOurs: true,
    });
    expect(identifyPerson({ userId: "u2" }, byId)).toMatchObject({ email: "a/b@example.com", isOurs: true });
  });

  it("never takes a bot for ours, listed or not", () => {
    expect(identifyPerson({ userId: "u1", userType: "bot" }, byId).isOurs).toBe(false);
    expect(identifyPerson({ userId: "u9", userType: "bot", email: "b@example.com" }, byId).isOurs).toBe(false);
  });

  it("knows whom nobody lists by the e-mail of the row, in lower case, and else only by id", () => {
    expect(identifyPerson({ userId: "u9", email: "Zoe@Example.com" }, byId)).toEqual({
      address: "user:zoe@example.com",
      email: "zoe@example.com",
      isOurs: false,
    });
    expect(identifyPerson({ userId: "u9" }, byId)).toEqual({
      address: "user:%00u9",
      email: "\u0000u9",
      isOurs: false,
    });
  });
});
