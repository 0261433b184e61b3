import { describe, expect, it } from "vitest";
import { coalesceReads } from "../../src/apply/coalesce-reads.ts";
import type { ListRequest, PlatformReader, Row } from "../../src/model/platform.ts";
import { type HandClock, makeHandClock } from "../support/hand-clock.ts";

const bindingsOf = (person: string, more: Partial<ListRequest> = {}): ListRequest => ({
  path: "/v2/role-bindings",
  query: { resource_type: "SPACE", user_id: person },
  collection: "role_bindings",
  narrowing: ["user_id"],
  ...more,
});
const WHOLE = "SPACE";
const MANY = Array.from({ length: 30 }, (_, person) => `p${person}`);

interface Probe {
  readonly reader: PlatformReader;
  /** What was asked: the person, or `SPACE` for the whole list, with the number of pages where they are limited. */
  readonly asked: string[];
  readonly clock: HandClock;
}

function makeProbe(
  pages: number | undefined | (() => number | undefined),
  list?: (asked: string) => Promise<readonly Row[]>,
): Probe {
  const asked: string[] = [];
  const none = (): never => {
    throw new Error("nobody asks for that");
  };
  const clock = makeHandClock();
  const inner: PlatformReader = {
    identify: none,
    nameAccount: none,
    get: none,
    findSpaces: none,
    readSpaceMembers: none,
    readOrganizationMembers: none,
    describePeople: none,
    readsOrganizationRoles: none,
    readIdentityProviders: none,
    list: ({ query, mostPages }) => {
      const name = [query["user_id"] ?? query["resource_type"], mostPages].filter(Boolean).join(" ");
      asked.push(name);
      return list?.(name) ?? Promise.resolve([{ id: `of ${name}` }]);
    },
    pagesOf: ({ path, query }) => {
      expect([path, query]).toEqual(["/v2/role-bindings", { resource_type: "SPACE" }]);
      return typeof pages === "function" ? pages() : pages;
    },
  };
  return { reader: coalesceReads(inner, clock), asked, clock };
}

const askAll = (reader: PlatformReader, people: readonly string[]): Promise<(readonly Row[])[]> =>
  Promise.all(people.map((person) => reader.list(bindingsOf(person))));

describe("a list of which rows are asked for one by one", () => {
  it("is read whole at once where it has one page", async () => {
    const { reader, asked } = makeProbe(1);
    expect(await askAll(reader, ["a", "b", "c"])).toEqual(Array(3).fill([{ id: "of SPACE" }]));
    expect(asked).toEqual([WHOLE]);
  });

  it("is read whole once as many were asked for as it has pages, so that it never costs twice as much", async () => {
    const { reader, asked } = makeProbe(3);
    await askAll(reader, ["a", "a", "b", "b", "c", "d", "a"]);
    expect(asked).toEqual(["a", "b", WHOLE]);
  });

  it("is read whole again at once where it has answered as many questions lately as it has pages", async () => {
    const { reader, asked, clock } = makeProbe(2);
    await askAll(reader, ["a", "b", "c"]);
    clock.advance(1000);
    await askAll(reader, ["d", "e"]);
    clock.advance(1000);
    await askAll(reader, ["f", "g"]);
    expect(asked).toEqual(["a", WHOLE, WHOLE]);
    clock.advance(2000);
    await askAll(reader, ["h"]);
    expect(asked).toEqual(["a", WHOLE, WHOLE, "h"]);
  });

  it("is asked for as told where it is long", async () => {
    const long = makeProbe(11);
    await askAll(long.reader, MANY);
    expect(long.asked).toEqual(MANY);
    const short = makeProbe(10);
    await askAll(short.reader, MANY);
    expect(short.asked).toEqual([...MANY.slice(0, 9), WHOLE]);
  });

  it("of which nobody knows how long it is, is tried once: where it is longer than that, it is asked for as told", async () => {
    const { reader, asked, clock } = makeProbe(undefined);
    await askAll(reader, MANY);
    expect(asked).toEqual([...MANY.slice(0, 3), `${WHOLE} 4`, ...MANY.slice(3)]);
    clock.advance(2000);
    await askAll(reader, MANY);
    expect(asked).toHaveLength(2 * MANY.length + 1);
  });

  it("of which nobody knows how long it is, is read whole where the trial shows that it is short", async () => {
    let pages: number | undefined;
    const { reader, asked, clock } = makeProbe(
      () => pages,
      async (name) => {
        if (name.startsWith(WHOLE)) pages = 2;
        return [{ id: `of ${name}` }];
      },
    );
    const answers = await askAll(reader, MANY);
    expect(answers.slice(3)).toEqual(Array(MANY.length - 3).fill([{ id: "of SPACE 4" }]));
    clock.advance(2000);
    await askAll(reader, MANY);
    expect(asked).toEqual([...MANY.slice(0, 3), `${WHOLE} 4`, "p0", WHOLE]);
  });

  it("is as old as the moment in which it was asked for", async () => {
    let answer: (rows: readonly Row[]) => void = () => undefined;
    const { reader, asked, clock } = makeProbe(1, () => new Promise((resolve) => (answer = resolve)));
    const first = reader.list(bindingsOf("a"));
    clock.advance(1999);
    const second = reader.list(bindingsOf("b"));
    clock.advance(1);
    const third = reader.list(bindingsOf("c"));
    expect(asked).toEqual([WHOLE, WHOLE]);
    answer([{ id: "new" }]);
    expect(await third).toEqual([{ id: "new" }]);
    void Promise.all([first, second]);
  });

  it("counts only what was asked for lately", async () => {
    const { reader, asked, clock } = makeProbe(3);
    for (const person of ["a", "b", "c", "d", "e"]) {
      await reader.list(bindingsOf(person));
      clock.advance(1000);
    }
    expect(asked).toEqual(["a", "b", "c", "d", "e"]);
  });

  it("is forgotten where it was refused: those who wait are told, and whoever asks next asks anew", async () => {
    let refusals = 0;
    const { reader, asked } = makeProbe(1, async () => {
      refusals += 1;
      if (refusals === 1) throw new Error("down");
      return [{ id: "now" }];
    });
    const waiting = await Promise.allSettled([reader.list(bindingsOf("a")), reader.list(bindingsOf("b"))]);
    expect(waiting.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(await reader.list(bindingsOf("a"))).toEqual([{ id: "now" }]);
    expect(asked).toEqual([WHOLE, WHOLE]);
  });

  it("that was refused late does not take a newer answer away", async () => {
    const refuse: (() => void)[] = [];
    const { reader, asked, clock } = makeProbe(1, () =>
      refuse.length === 0
        ? new Promise((_, reject) => refuse.push(() => reject(new Error("late"))))
        : Promise.resolve([{ id: "new" }]),
    );
    const old = reader.list(bindingsOf("a"));
    clock.advance(2000);
    await reader.list(bindingsOf("b"));
    refuse[0]?.();
    await expect(old).rejects.toThrow("late");
    expect(await reader.list(bindingsOf("c"))).toEqual([{ id: "new" }]);
    expect(asked).toEqual([WHOLE, WHOLE]);
  });
});
