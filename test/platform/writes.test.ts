import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PlatformError } from "../../src/model/errors.ts";
import type { PlatformReader, Row, WriteRequest } from "../../src/model/platform.ts";
import type { ScriptedReply } from "../support/scripted-net.ts";
import { connectScripted, type ScriptedPlatform } from "../support/scripted-platform.ts";

// The same cases on every machine and every day.
fc.configureGlobal({ seed: 20_261_121 });

async function findRole(reader: PlatformReader): Promise<Row | undefined> {
  const roles = await reader.list({ path: "/v2/roles", query: {}, collection: "roles" });
  return roles.find((role) => role["name"] === "reviewer");
}

const CREATE: WriteRequest = { method: "POST", path: "/v2/roles", body: { name: "reviewer" }, settle: findRole };
const PATCH: WriteRequest = { method: "PATCH", path: "/v2/roles/r", body: { name: "x" }, settle: "repeat" };

/** What may become of one POST: whether it takes effect, and what is heard of it. */
interface Fate {
  readonly takesEffect: boolean;
  readonly reply: ScriptedReply;
}

/** A server of roles with unique names; POSTs meet their fates one after the other, and then succeed. */
function serveRoles(fates: readonly Fate[]): ScriptedPlatform & { readonly created: () => number } {
  let created = 0;
  const queue = [...fates];
  const platform = connectScripted((request) => {
    if (request.method === "GET") {
      const roles = created > 0 ? [{ id: "r1", name: "reviewer" }] : [];
      return { status: 200, body: { roles, pagination: { has_more: false } } };
    }
    const fate = queue.shift();
    if (fate !== undefined && !fate.takesEffect) return fate.reply;
    if (created > 0) return { status: 409, body: "" };
    created += 1;
    return fate?.reply ?? { status: 201, body: { id: "r1", name: "reviewer" } };
  });
  return { ...platform, created: () => created };
}

describe("a create", () => {
  it("answers the row it made", async () => {
    const { writer, net } = serveRoles([]);
    expect(await writer.write(CREATE)).toEqual({ status: 201, row: { id: "r1", name: "reviewer" }, found: false });
    expect(net.requests).toHaveLength(1);
    expect(net.requests[0]).toMatchObject({
      body: '{"name":"reviewer"}',
      headers: { "content-type": "application/json" },
    });
  });

  it.each([
    ["502", { status: 502 }, 502],
    ["500", { status: 500 }, 500],
    ["a lost connection", { lost: "after" as const }, 0],
    ["a timeout", { lost: "timeout" as const }, 0],
  ])("that took effect although %s was heard is found, not sent again", async (_, reply, status) => {
    const { writer, net } = serveRoles([{ takesEffect: true, reply }]);
    expect(await writer.write(CREATE)).toEqual({ status, row: { id: "r1", name: "reviewer" }, found: true });
    expect(net.requests.map(({ method }) => method)).toEqual(["POST", "GET"]);
  });

  it("that did not take effect is sent again, after a look", async () => {
    const { writer, net } = serveRoles([{ takesEffect: false, reply: { status: 503 } }]);
    expect(await writer.write(CREATE)).toMatchObject({ status: 201, found: false });
    expect(net.requests.map(({ method }) => method)).toEqual(["POST", "GET", "POST"]);
  });

  it("that never reached the server is sent again without a look", async () => {
    const { writer, net } = serveRoles([{ takesEffect: false, reply: { lost: "before" } }]);
    expect(await writer.write(CREATE)).toMatchObject({ status: 201, found: false });
    expect(net.requests.map(({ method }) => method)).toEqual(["POST", "POST"]);
  });

  it("that never reaches the server fails without doubt", async () => {
    const { writer } = connectScripted(() => ({ lost: "before" }));
    await expect(writer.write(CREATE)).rejects.toMatchObject({ failure: "network", ambiguous: false });
  });

  it("looks after the last try too", async () => {
    const lost = { takesEffect: false, reply: { status: 502 } };
    const { writer, net } = serveRoles([lost, lost, lost, lost, lost, { takesEffect: true, reply: { status: 502 } }]);
    expect(await writer.write(CREATE)).toMatchObject({ found: true });
    expect(net.requests.filter(({ method }) => method === "POST")).toHaveLength(6);
  });

  it("meets 409 by looking: what is there is found", async () => {
    const { writer } = connectScripted((request) =>
      request.method === "POST"
        ? { status: 409, body: {} }
        : { status: 200, body: { roles: [{ id: "r", name: "reviewer" }], pagination: { has_more: false } } },
    );
    expect(await writer.write(CREATE)).toEqual({ status: 409, row: { id: "r", name: "reviewer" }, found: true });
  });

  it("tells 409 where that was asked for, and looks only after a lost answer", async () => {
    const asked = { ...CREATE, tellsTaken: true };
    const taken = connectScripted(() => ({ status: 409, body: { title: "Resource conflict" } }));
    await expect(taken.writer.write(asked)).rejects.toMatchObject({
      failure: "conflict",
      status: 409,
      ambiguous: false,
    });
    expect(taken.net.requests).toHaveLength(1);
    const lost = serveRoles([{ takesEffect: true, reply: { status: 502 } }]);
    expect(await lost.writer.write(asked)).toMatchObject({ found: true });
    // Nothing is seen when it is looked for, and by the second sending it is there.
    let gets = 0;
    const late = connectScripted(({ method }) => {
      if (method === "POST") return { status: gets === 0 ? 502 : 409 };
      gets += 1;
      const roles = gets > 1 ? [{ id: "r", name: "reviewer" }] : [];
      return { status: 200, body: { roles, pagination: { has_more: false } } };
    });
    expect(await late.writer.write(asked)).toMatchObject({ status: 409, found: true });
  });

  it("meets 409 by looking: what is not there is a conflict", async () => {
    const { writer } = connectScripted((request) =>
      request.method === "POST"
        ? { status: 409, body: { title: "Resource conflict" } }
        : { status: 200, body: { roles: [], pagination: { has_more: false } } },
    );
    await expect(writer.write(CREATE)).rejects.toMatchObject({
      failure: "conflict",
      ambiguous: false,
      message: "POST /v2/roles answered 409: Resource conflict",
    });
  });

  it("stays ambiguous when it cannot be looked up, and shows why", async () => {
    const { writer } = connectScripted((request) => ({ status: request.method === "POST" ? 502 : 403 }));
    await expect(writer.write(CREATE)).rejects.toMatchObject({
      failure: "forbidden",
      call: "POST /v2/roles",
      ambiguous: true,
      message: "POST /v2/roles could not be settled: GET /v2/roles answered 403",
    });
  });

  it.each(["<html></html>", "", "[]"])("whose success has the body %j is ambiguous", async (body) => {
    const { writer } = connectScripted(() => ({ status: 201, body }));
    await expect(writer.write(CREATE)).rejects.toMatchObject({ failure: "protocol", status: 201, ambiguous: true });
  });

  it("refused after a lost answer stays ambiguous: the first one may have taken effect", async () => {
    const { writer } = connectScripted((request, count) => {
      if (request.method === "GET") return { status: 200, body: { roles: [], pagination: { has_more: false } } };
      return { status: count === 1 ? 504 : 403 };
    });
    await expect(writer.write(CREATE)).rejects.toMatchObject({ failure: "forbidden", ambiguous: true });
  });

  it("takes effect at most once, whatever is heard of it, and says so when it may have", async () => {
    const failing = fc.constantFrom<ScriptedReply>(
      { status: 500 },
      { status: 502, body: "<html>" },
      { status: 503 },
      { status: 504 },
      { lost: "after" },
      { lost: "timeout" },
    );
    const idle = fc.constantFrom<ScriptedReply>(
      { status: 429, headers: { "retry-after": "1" } },
      { status: 400 },
      { status: 403 },
      { status: 422 },
      { lost: "before" },
    );
    const fate: fc.Arbitrary<Fate> = fc.oneof(
      failing.chain((reply) => fc.boolean().map((takesEffect) => ({ takesEffect, reply }))),
      idle.map((reply) => ({ takesEffect: false, reply })),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fate, { maxLength: 9 }), async (fates) => {
        const { writer, created } = serveRoles(fates);
        const outcome = await writer.write(CREATE).then(
          (answer) => answer,
          (error: unknown) => error,
        );
        expect(created()).toBeLessThanOrEqual(1);
        if (outcome instanceof PlatformError) expect(outcome.ambiguous || created() === 0).toBe(true);
        else expect(created()).toBe(1);
      }),
      { numRuns: 200 },
    );
  });
});

describe("a write that is harmless to repeat", () => {
  it("is repeated until it is answered", async () => {
    const { writer, net } = connectScripted((_, count) =>
      count < 6 ? { status: 500 } : { status: 200, body: { id: "r" } },
    );
    expect(await writer.write(PATCH)).toEqual({ status: 200, row: { id: "r" }, found: false });
    expect(net.requests).toHaveLength(6);
  });

  it("is ambiguous when every answer was lost", async () => {
    const { writer } = connectScripted(() => ({ lost: "after" }));
    await expect(writer.write(PATCH)).rejects.toMatchObject({ failure: "network", ambiguous: true });
  });

  it("does not look after 409", async () => {
    const { writer, net } = connectScripted(() => ({ status: 409 }));
    await expect(writer.write(PATCH)).rejects.toMatchObject({ failure: "conflict", ambiguous: false });
    expect(net.requests).toHaveLength(1);
  });

  it("may be answered with nothing: 204, and PUT whatever its status", async () => {
    const none = connectScripted(() => ({ status: 204 }));
    expect(await none.writer.write({ ...PATCH, method: "POST" })).toEqual({
      status: 204,
      row: undefined,
      found: false,
    });
    const put = connectScripted(() => ({ status: 200 }));
    expect(await put.writer.write({ ...PATCH, method: "PUT" })).toEqual({ status: 200, row: undefined, found: false });
  });
});

describe("remove", () => {
  it.each([
    ["204", [{ status: 204 }], "deleted"],
    ["404", [{ status: 404 }], "absent"],
    ["404 after a lost answer", [{ lost: "after" }, { status: 404 }], "deleted"],
    ["404 after 503", [{ status: 503 }, { status: 404 }], "deleted"],
    ["404 after a connection that was refused", [{ lost: "before" }, { status: 404 }], "absent"],
    ["204 after 429", [{ status: 429, headers: { "retry-after": "1" } }, { status: 204 }], "deleted"],
    ["404 after 429", [{ status: 429, headers: { "retry-after": "1" } }, { status: 404 }], "absent"],
  ] as const)("meets %s", async (_, replies, wanted) => {
    const { writer } = connectScripted((_request, count) => replies[count - 1] ?? { status: 400 });
    expect(await writer.remove("/v2/role-bindings/b")).toBe(wanted);
  });

  it("throws what it may not do, and is in doubt when every answer was lost", async () => {
    const forbidden = connectScripted(() => ({ status: 403 }));
    await expect(forbidden.writer.remove("/v2/a")).rejects.toMatchObject({ failure: "forbidden", ambiguous: false });
    const lost = connectScripted(() => ({ status: 502 }));
    await expect(lost.writer.remove("/v2/a")).rejects.toMatchObject({ failure: "server", ambiguous: true });
  });
});

describe("who must be asked before something is sent", () => {
  const LOST = new Error("The lock was lost.");
  /** Agrees so often, and refuses from then on. */
  function agree(times: number): () => Promise<void> {
    let asked = 0;
    return () => {
      asked += 1;
      return asked > times ? Promise.reject(LOST) : Promise.resolve();
    };
  }
  const LIMITED: ScriptedReply = { status: 429, headers: { "retry-after": "1" } };

  it.each([
    ["a lost answer", { lost: "timeout" as const }],
    ["a connection that was never made", { lost: "before" as const }],
    ["503", { status: 503 }],
    ["429", LIMITED],
  ])("is asked again after %s, and refuses", async (_, reply) => {
    const { writer, net } = serveRoles([{ takesEffect: false, reply }]);
    await expect(writer.write({ ...CREATE, beforeSending: agree(1) })).rejects.toBe(LOST);
    expect(net.requests.filter(({ method }) => method === "POST")).toHaveLength(1);
    const removing = connectScripted(() => reply);
    await expect(removing.writer.remove("/v2/roles/r", agree(1))).rejects.toBe(LOST);
    expect(removing.net.requests).toHaveLength(1);
  });

  it("is asked when its turn came, and not before", async () => {
    let isHeld = true;
    const platform = connectScripted(
      () => {
        isHeld = false;
        return { status: 200, body: { id: "x" } };
      },
      { parallelism: 1 },
    );
    const beforeSending = (): Promise<void> => (isHeld ? Promise.resolve() : Promise.reject(LOST));
    const writes = ["a", "b"].map((name) =>
      platform.writer.write({ ...PATCH, path: `/v2/roles/${name}`, beforeSending }),
    );
    const came = await Promise.allSettled(writes);
    expect(came.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
    expect(platform.net.requests).toHaveLength(1);
    // What was refused holds no place of those that may be under way.
    isHeld = true;
    await platform.writer.write({ ...PATCH, beforeSending });
    expect(platform.net.requests).toHaveLength(2);
  });

  it("lets what it agrees to go on", async () => {
    const { writer, created } = serveRoles([{ takesEffect: false, reply: LIMITED }]);
    await writer.write({ ...CREATE, beforeSending: agree(2) });
    expect(created()).toBe(1);
  });
});
