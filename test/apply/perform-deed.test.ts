import { expect, test } from "vitest";
import { performDeed } from "../../src/apply/perform-deed.ts";
import { NO_KEEPER } from "../../src/apply/settle-secret.ts";
import { Impossible } from "../../src/model/errors.ts";
import type { KindWrites } from "../../src/model/kind.ts";
import type { PlatformReader, PlatformWriter } from "../../src/model/platform.ts";
import { makeStep } from "../support/toy-plan.ts";

test("a kind that deletes within an update is stopped unless the update was approved; its writes go through", async () => {
  const sent: string[] = [];
  const writer: PlatformWriter = {
    write: async ({ path }) => {
      sent.push(`POST ${path}`);
      return { status: 200, row: undefined, found: false };
    },
    remove: async (path) => {
      sent.push(`DELETE ${path}`);
      return "deleted";
    },
  };
  const kind: KindWrites = {
    create: () => Promise.reject(new Impossible("not created here")),
    update: async (context) => {
      await context.writer.write({ method: "POST", path: "/new", body: {}, settle: "repeat" });
      await context.writer.remove("/old");
      return { remote: {}, notes: [] };
    },
    remove: () => Promise.reject(new Impossible("not removed here")),
  };
  const reader = {} as PlatformReader;
  const ids = { idOf: () => "x" } as unknown as Parameters<typeof performDeed>[2]["ids"];
  const step = makeStep("a", { op: "update" });
  expect(
    (await performDeed(step, kind, { writer, reader, ids, isApproved: false, secrets: NO_KEEPER })).cause,
  ).toBeInstanceOf(Impossible);
  expect(sent).toEqual(["POST /new"]);
  expect((await performDeed(step, kind, { writer, reader, ids, isApproved: true, secrets: NO_KEEPER })).result).toBe(
    "done",
  );
  expect(sent).toEqual(["POST /new", "POST /new", "DELETE /old"]);
});
