import { expect, test } from "vitest";
import { KINDS } from "../../src/kinds/registry.ts";
import type { Address } from "../../src/model/address.ts";
import type { Memory } from "../../src/model/plan.ts";
import { alignRenames, alignWritten } from "../../src/plan/align-renames.ts";
import { indexKinds } from "../../src/plan/kinds-by-name.ts";
import { live, planInput } from "../support/plan-input.ts";

const kinds = indexKinds(KINDS);
const KEY = "service-key:A/old/ci";
const { observation } = planInput({
  live: [live("organization:A"), live("space:A/old"), live(KEY, {}, { remote: { id: "5", space: "1" } })],
});

function written(...entries: readonly (readonly [Address, string])[]): Memory["lastWritten"] {
  return new Map(entries.map(([address, id]) => [address, { spec: {}, remote: { id, space: "1" } }]));
}

function alignedId(
  address: Address,
  memory: Memory["lastWritten"],
  renames: [Address, Address[]][],
): string | undefined {
  const aligned = alignRenames({ renames: new Map(renames) }, observation, kinds);
  return alignWritten(memory, aligned, kinds).get(address)?.remote["id"];
}

test("what was written last in a place that is to be renamed is known under the name that it is to have", () => {
  const space: [Address, Address[]] = ["space:A/new", ["space:A/old"]];
  expect(alignedId("service-key:A/new/ci", written([KEY, "5"]), [space])).toBe("5");
  expect(
    alignedId("service-key:B/new/ci", written([KEY, "5"]), [
      ["organization:B", ["organization:A"]],
      ["space:B/new", ["space:B/old"]],
    ]),
  ).toBe("5");
  expect(alignedId("service-key:A/other/ci", written(["service-key:A/other/ci", "7"]), [space])).toBe("7");
  expect(alignedId(KEY, written([KEY, "5"]), [])).toBe("5");
});

test("of two that were written under both names that counts which is there", () => {
  const renames: [Address, Address[]][] = [["space:A/new", ["space:A/old"]]];
  const both = (former: string, latter: string): Memory["lastWritten"] =>
    written([KEY, former], ["service-key:A/new/ci", latter]);
  expect(alignedId("service-key:A/new/ci", both("5", "6"), renames)).toBe("5");
  expect(alignedId("service-key:A/new/ci", both("4", "5"), renames)).toBe("5");
});
