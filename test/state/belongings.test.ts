import { expect, test } from "vitest";
import { KINDS } from "../../src/kinds/registry.ts";
import type { Address } from "../../src/model/address.ts";
import { PlatformError } from "../../src/model/errors.ts";
import type { Observation } from "../../src/model/plan.ts";
import type { Row } from "../../src/model/platform.ts";
import { readBelongings } from "../../src/state/belongings.ts";
import { live, planInput } from "../support/plan-input.ts";
import { makeRowsReader } from "../support/rows-reader.ts";

const CARL: Address = "user:carl@x.io";
const { observation } = planInput({
  live: [live(CARL, {}, { remote: { id: "carl" } }), live("organization:A")],
});

function read(keys: () => readonly Row[], owners: readonly Address[] = [CARL]): Promise<Observation> {
  return readBelongings({
    reader: makeRowsReader({ lists: { "/v2/api-keys": keys } }),
    kinds: KINDS,
    observation,
    owners,
  });
}

test("what is listed is added to what was seen, in an order that says nothing of the list's", async () => {
  const row = (name: string): Row => ({ id: name, name, created_by_user_id: "carl" });
  const { belongings, ...rest } = await read(() => [row("b"), row("a")]);
  const item = (name: string) => ({ name, redacted: "", used: "", expires: "" });
  expect(belongings).toEqual(new Map([[CARL, { state: "complete", items: [item("a"), item("b")] }]]));
  expect({ ...rest, belongings: new Map() }).toEqual(observation);
});

test("what cannot be listed is told with its reason", async () => {
  const refuse = (): never => {
    throw new PlatformError("forbidden", "GET /v2/api-keys", "The key may not.");
  };
  const { belongings } = await read(refuse, [CARL, "organization:A", "user:nobody@x.io"]);
  expect([...belongings.values()]).toEqual([
    { state: "unreadable", because: "The key may not." },
    { state: "unreadable", because: "It is not there." },
    { state: "unreadable", because: "It is not there." },
  ]);
});

test("a refused key ends the reading", async () => {
  const refuse = (): never => {
    throw new PlatformError("unauthenticated", "GET /v2/api-keys", "No.");
  };
  await expect(read(refuse)).rejects.toThrow("No.");
});
