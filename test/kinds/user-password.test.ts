import { afterEach, describe, expect, it } from "vitest";
import { user } from "../../src/kinds/user.ts";
import { userAddress } from "../../src/kinds/user-row.ts";
import { type OpenAccount, openAccount, writeContext } from "../support/open-account.ts";
import { buildManifest } from "../support/world-builder.ts";

const CLEO = userAddress("cleo@example.com");

let open: OpenAccount | undefined;
afterEach(async () => {
  await open?.close();
  open = undefined;
});

async function start(): Promise<OpenAccount> {
  open = await openAccount();
  return open;
}

describe("an invitation with a temporary password", () => {
  it("shows a temporary password where that has a place, and says what helps without it", async () => {
    const account = await start();
    const creation = { invite: "temporary_password", password: "file x" };
    const context = writeContext(account, {
      ...{ world: new Map(), address: CLEO, creation },
      to: { name: "Cleo", role: "member" },
    });
    const { notes, secret } = await user.create(context);
    expect(notes).toEqual([]);
    expect(secret?.text?.()).toMatch(/^.{16}$/u);
    expect(secret).toMatchObject({ remedy: expect.stringContaining("reset password") });
    expect(secret).not.toHaveProperty("retract");
    expect(user.secrets).toBeUndefined();
    expect(user.showsSecret?.({ op: "create", creation })).toBe(true);
    expect(user.showsSecret?.({ op: "create", creation: { invite: "temporary_password" } })).toBe(false);
    expect(user.showsSecret?.({ op: "create" })).toBe(false);
    expect(user.showsSecret?.({ op: "update", creation })).toBe(false);
  });

  it("has no password to show where an invitation was open already, and says so", async () => {
    const account = await start();
    await account.account.rest("POST", "/v2/users", {
      ...{ name: "Earlier", email: "cleo@example.com", invite_mode: "EMAIL_LINK" },
      role: { type: "PREDEFINED", name: "MEMBER" },
    });
    const written = await user.create(
      writeContext(account, {
        ...{ world: new Map(), address: CLEO, to: { name: "Earlier", role: "member" } },
        creation: { invite: "temporary_password", password: "file x" },
      }),
    );
    expect(written.notes).toMatchObject([expect.stringContaining("no temporary password was shown")]);
    expect(written).not.toHaveProperty("secret");
  });

  it("tells beforehand where the password goes", () => {
    const password = { to: "file", path: "x" } as const;
    const people = {
      "cleo@example.com": { name: "C", role: "member", invite: "temporary_password", password },
    } as const;
    const after = user.declare(buildManifest({ people }))[0]?.resource;
    expect(after?.creation).toEqual({ invite: "temporary_password", password: "file x" });
    expect(after?.spec).toEqual({ name: "C", role: "member" });
    const change = { op: "create", address: CLEO, before: undefined, after, fields: [] } as const;
    expect(user.notesOn(change)).toEqual(["The temporary password goes to file x."]);
  });
});
