import { describe, expect, test } from "vitest";
import { deliverWhileHeld, writeWhileHeld } from "../../src/engine/while-held.ts";
import type { BeforeSending, IdentityProviderEdit, PlatformWriter } from "../../src/model/platform.ts";
import { makeStep } from "../support/toy-plan.ts";

const LOST = new Error("The lock was lost.");
const lost = { ensureHeld: () => Promise.reject(LOST) };
const held = { ensureHeld: async () => undefined };

/** Sends whatever it is handed once it may. */
function makeWriter(): PlatformWriter & { readonly sent: readonly string[] } {
  const sent: string[] = [];
  const send = async (what: string, beforeSending: BeforeSending | undefined): Promise<void> => {
    await beforeSending?.();
    sent.push(what);
  };
  return {
    sent,
    write: async ({ path, beforeSending }) => {
      await send(path, beforeSending);
      return { status: 200, row: undefined, found: false };
    },
    remove: async (path, beforeSending) => {
      await send(path, beforeSending);
      return "deleted";
    },
    editIdentityProvider: async ({ id, beforeSending }) => {
      await send(id, beforeSending);
      return {
        provider: {
          id,
          name: "",
          syncsRoles: true,
          isManagedByFile: false,
          allowsDefaults: false,
          domains: [],
          mappings: [],
        },
        notes: [],
      };
    },
  };
}

const EDIT: IdentityProviderEdit = { id: "p", change: (current) => current };
const DEEDS: readonly (readonly [string, (writer: PlatformWriter) => Promise<unknown>])[] = [
  ["/w", (writer) => writer.write({ method: "POST", path: "/w", body: {}, settle: "repeat" })],
  ["/r", (writer) => writer.remove("/r")],
  ["p", (writer) => writer.editIdentityProvider(EDIT)],
];

describe("once the lock is lost", () => {
  test.each(DEEDS)("nothing is sent (%s)", async (name, deed) => {
    const writer = makeWriter();
    await expect(deed(writeWhileHeld(writer, lost))).rejects.toBe(LOST);
    expect(writer.sent).toEqual([]);
    await deed(writeWhileHeld(writer, held));
    expect(writer.sent).toEqual([name]);
  });

  test("no secret is handed on", async () => {
    const kept: string[] = [];
    const keeper = {
      whyNotReady: async () => "No.",
      deliver: async (): Promise<void> => void kept.push("secret"),
    };
    const step = makeStep("a");
    await expect(deliverWhileHeld(keeper, lost).deliver(step, () => "s")).rejects.toBe(LOST);
    expect(kept).toEqual([]);
    await deliverWhileHeld(keeper, held).deliver(step, () => "s");
    expect(kept).toEqual(["secret"]);
    expect(await deliverWhileHeld(keeper, lost).whyNotReady(step)).toBe("No.");
  });
});
