import { describe, expect, it } from "vitest";
import {
  addressAbove,
  addressIn,
  classKey,
  compileAddressPattern,
  formatAddress,
  parseAddress,
  parseClassKey,
  pathPart,
  pathText,
} from "../../src/model/address.ts";

describe("parseAddress", () => {
  it("undoes what formatAddress did, for names that are hard to take apart", () => {
    const path = ["a/b", "50%", "tab\t", "ü €"];
    expect(parseAddress(formatAddress("space", path))).toEqual({ kind: "space", path });
  });

  it.each(["", "space", ":a", "space:", "space:a//b", "space:a/", "space:50%", "space:%C3", "space:%61", "space:%2f"])(
    "takes %j for no address",
    (text) => {
      expect(parseAddress(text)).toBeUndefined();
    },
  );
});

describe("addressIn", () => {
  it("is what formatAddress makes of all names", () => {
    const space = formatAddress("space", ["a/b", "50%"]);
    expect(addressIn("project", space, "x/y")).toBe(formatAddress("project", ["a/b", "50%", "x/y"]));
  });
});

describe("addressAbove", () => {
  it.each([
    ["binding:a%2Fb/c/d/e", 2, "space:a%2Fb/c"],
    ["space:a/c", 2, "space:a/c"],
    ["organization:a", 2, "space:a/"],
    ["organization:a", 3, "space:a//"],
  ] as const)("of %s, with %s names, is %s", (address, names, above) => {
    expect(addressAbove("space", address, names)).toBe(above);
  });
});

describe("pathPart", () => {
  it("is empty beyond the end", () => {
    expect(pathPart("space:a%2Fb/c", 0)).toBe("a/b");
    expect(pathPart("space:a/c", -1)).toBe("c");
    expect(pathPart("user:a%2Fc", -1)).toBe("a/c");
    expect(pathPart("space:a/c", 2)).toBe("");
  });
});

describe("pathText", () => {
  it("leaves names encoded, and colons in names alone", () => {
    expect(pathText("space:a%2Fb/c:d")).toBe("a%2Fb/c:d");
  });
});

describe("parseClassKey", () => {
  it.each([undefined, "organization:a@b", "space:a/b"] as const)("undoes what classKey did within %s", (parent) => {
    expect(parseClassKey(classKey("role", parent))).toEqual({ kind: "role", parent });
  });
});

describe("an address pattern", () => {
  it.each([
    ["space:Acme/*", "space:Acme/alpha", true],
    ["space:Acme/*", "project:Acme/alpha", false],
    ["space:Acme/*", "space:Acme/alpha/web", false],
    ["space:Acme/al*", "space:Acme/alpha", true],
    ["space:Acme/al*", "space:Acme/beta", false],
    ["space:acme/*", "space:Acme/alpha", false],
    ["*:Acme/alpha", "space:Acme/alpha", true],
    ["Acme/alpha", "space:Acme/alpha", true],
    ["Acme/alpha", "space:Acme/beta", false],
    ["Acme/**", "organization:Acme", true],
    ["Acme/**", "binding:Acme/alpha/web/ana@acme.io", true],
    ["a.c", "organization:abc", false],
  ] as const)("%s on %s: %s", (pattern, address, fits) => {
    expect(compileAddressPattern(pattern)(address)).toBe(fits);
  });
});
