import { describe, expect, it } from "vitest";
import { coalesceReads } from "../../src/apply/coalesce-reads.ts";
import { Impossible } from "../../src/model/errors.ts";
import type { ListRequest, MemberReading, PlatformReader } from "../../src/model/platform.ts";
import { type HandClock, makeHandClock } from "../support/hand-clock.ts";

const USERS: ListRequest = { path: "/v2/users", query: {}, collection: "users" };
const NONE: MemberReading<never> = { state: "complete", rows: [] };

interface Probe {
  readonly reader: PlatformReader;
  readonly calls: string[];
  readonly clock: HandClock;
}

function makeProbe(said: Partial<PlatformReader> = {}): Probe {
  const calls: string[] = [];
  const note = <T>(call: string, answer: T): Promise<T> => {
    calls.push(call);
    return Promise.resolve(answer);
  };
  const members = (name: string) => (ids: readonly string[]) =>
    note(`${name} ${ids.join()}`, new Map(ids.map((id) => [id, NONE])));
  const inner: PlatformReader = {
    identify: () =>
      note("identify", {
        userId: "1",
        email: undefined,
        accountName: undefined,
        accountAdmin: "yes",
        graphql: "available",
      }),
    nameAccount: () => note("name", "Acme"),
    list: ({ path, query }) => note(`list ${path}${JSON.stringify(query)}`, [{ id: "1" }]),
    get: (path) => note(`get ${path}`, undefined),
    readSpaceMembers: members("spaces"),
    findSpaces: () => note("find", new Map()),
    readOrganizationMembers: members("organizations"),
    describePeople: (seen) => note(`people ${[...seen.keys()].join()}`, new Map()),
    readsOrganizationRoles: () => note("roles", true),
    readIdentityProviders: () => note("providers", { state: "complete", rows: [] } as const),
    ...said,
  };
  const clock = makeHandClock();
  return { reader: coalesceReads(inner, clock), calls, clock };
}

describe("coalesced reads", () => {
  it("hand on a search for spaces, which no look asks for", async () => {
    const { reader, calls } = makeProbe();
    expect(await reader.findSpaces([])).toEqual(new Map());
    expect(calls).toEqual(["find"]);
  });

  it("share one answer while it is under way and while it is fresh", async () => {
    const { reader, calls, clock } = makeProbe();
    const ask = (): Promise<unknown> =>
      Promise.all([
        reader.list(USERS),
        reader.get("/a"),
        reader.identify(),
        reader.nameAccount(),
        reader.readsOrganizationRoles(),
        reader.readIdentityProviders(),
      ]);
    const [first, second] = await Promise.all([ask(), ask()]);
    clock.advance(1999);
    expect(await ask()).toEqual(first);
    expect(second).toEqual(first);
    expect(calls).toEqual(["list /v2/users{}", "get /a", "identify", "name", "roles", "providers"]);
    clock.advance(1);
    await ask();
    expect(calls).toHaveLength(12);
  });

  it("tell questions apart", async () => {
    const { reader, calls } = makeProbe();
    await Promise.all([
      reader.list(USERS),
      reader.list({ ...USERS, query: { org_id: "1" } }),
      reader.get("/a"),
      reader.get("/b"),
      reader.readSpaceMembers(["1"]),
      reader.readOrganizationMembers(["1"]),
    ]);
    expect(calls.sort()).toEqual(
      ["get /a", "get /b", "list /v2/users{}", 'list /v2/users{"org_id":"1"}', "organizations 1", "spaces 1"].sort(),
    );
  });

  it("of people are passed on, since they are answered once in any case", async () => {
    const { reader, calls } = makeProbe();
    const seen = new Map([["ana", { of: "space", id: "1" }]] as const);
    expect(await reader.describePeople(seen)).toEqual(new Map());
    await reader.describePeople(seen);
    expect(calls).toEqual(["people ana", "people ana"]);
  });

  it("count freshness from the answer, and forget stale answers one by one", async () => {
    const { reader, calls, clock } = makeProbe();
    await reader.get("/a");
    clock.advance(1500);
    await reader.get("/b");
    clock.advance(1500);
    await Promise.all([reader.get("/c"), reader.get("/d")]);
    await reader.get("/b");
    await reader.get("/a");
    expect(calls).toEqual(["get /a", "get /b", "get /c", "get /d", "get /a"]);
  });

  it("keep a question that is under way for longer than an answer is fresh", async () => {
    let answer: (row: undefined) => void = () => {};
    const { reader, clock } = makeProbe({
      get: (path) =>
        path === "/slow"
          ? new Promise((resolve) => {
              answer = resolve;
            })
          : Promise.resolve(undefined),
    });
    const first = reader.get("/slow");
    clock.advance(5000);
    await reader.get("/fast");
    const second = reader.get("/slow");
    expect(second).toBe(first);
    answer(undefined);
    await Promise.all([first, second]);
  });

  it("share a refusal only with those who wait for it", async () => {
    let fails = true;
    const { reader, calls } = makeProbe({
      get: async (path) => {
        calls.push(path);
        if (fails) throw new Error("no");
        return { id: "1" };
      },
    });
    const [a, b] = await Promise.allSettled([reader.get("/a"), reader.get("/a")]);
    expect([a.status, b.status, calls.length]).toEqual(["rejected", "rejected", 1]);
    fails = false;
    expect(await reader.get("/a")).toEqual({ id: "1" });
  });

  it("ask for the members of many containers at once, and for each only once", async () => {
    const { reader, calls } = makeProbe();
    const [one, two] = await Promise.all([
      reader.readSpaceMembers(["1", "2"]),
      reader.readSpaceMembers(["2", "3"]),
      reader.readOrganizationMembers(["7"]),
      reader.readOrganizationMembers(["8"]),
    ]);
    expect([[...one.keys()], [...two.keys()]]).toEqual([
      ["1", "2"],
      ["2", "3"],
    ]);
    expect(calls).toEqual(["spaces 1,2,3", "organizations 7,8"]);
    expect(await reader.readSpaceMembers([])).toEqual(new Map());
    await reader.readSpaceMembers(["3"]);
    expect(calls).toHaveLength(2);
  });

  it("gather what is asked during a call into the next one", async () => {
    const waiting: (() => void)[] = [];
    const asked: string[] = [];
    const { reader } = makeProbe({
      readSpaceMembers: (ids) => {
        asked.push(ids.join());
        return new Promise((resolve) => waiting.push(() => resolve(new Map(ids.map((id) => [id, NONE])))));
      },
    });
    const turn = async (): Promise<void> => {
      for (let index = 0; index < 10; index += 1) await Promise.resolve();
    };
    const first = reader.readSpaceMembers(["1"]);
    await turn();
    const later = [reader.readSpaceMembers(["2"]), reader.readSpaceMembers(["3"])];
    await turn();
    expect(asked).toEqual(["1"]);
    waiting[0]?.();
    await first;
    await turn();
    expect(asked).toEqual(["1", "2,3"]);
    waiting[1]?.();
    await Promise.all(later);
  });

  it("reject when a call fails or leaves a container out, and work again afterwards", async () => {
    const answers: (() => Promise<ReadonlyMap<string, MemberReading<never>>>)[] = [
      () => Promise.reject(new Error("no")),
      () => Promise.resolve(new Map()),
      () => Promise.resolve(new Map([["1", NONE]])),
    ];
    const { reader } = makeProbe({ readSpaceMembers: () => answers.shift()?.() ?? Promise.resolve(new Map()) });
    const both = await Promise.allSettled([reader.readSpaceMembers(["1"]), reader.readSpaceMembers(["2"])]);
    expect(both.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    await expect(reader.readSpaceMembers(["1"])).rejects.toThrow(Impossible);
    expect(await reader.readSpaceMembers(["1"])).toEqual(new Map([["1", NONE]]));
  });
});
