import { expect, test } from "vitest";
import type { ListRequest, PlatformReader, RosterDetail } from "../../src/model/platform.ts";
import { askEarly } from "../../src/state/ask-early.ts";

const REQUEST: ListRequest = { path: "/v2/users", query: {}, collection: "users" };

function makeCounting(list: () => Promise<never> = () => Promise.resolve([] as never)): {
  readonly reader: PlatformReader;
  readonly asked: readonly string[];
} {
  const asked: string[] = [];
  const note = <T>(question: string, answer: T): Promise<T> => {
    asked.push(question);
    return Promise.resolve(answer);
  };
  const reader = {
    list: ({ path }: ListRequest) => {
      asked.push(path);
      return list();
    },
    readSpaceMembers: (ids: readonly string[], how?: RosterDetail) =>
      note(`spaces ${ids.join()} ${how ?? "lean"}`, new Map(ids.map((id) => [id, `members of ${id}`]))),
    readOrganizationMembers: (ids: readonly string[]) => note(`organizations ${ids.join()}`, new Map()),
  };
  return { reader: reader as unknown as PlatformReader, asked };
}

test("what was asked early is not asked again, once", async () => {
  const { reader, asked } = makeCounting();
  const { early, late } = askEarly(reader);
  const first = [early.list(REQUEST), early.readSpaceMembers(["1", "2"]), early.readOrganizationMembers(["3"])];
  const taken = [late.list(REQUEST), late.readSpaceMembers(["1", "2"]), late.readOrganizationMembers(["3"])];
  expect(await Promise.all(taken)).toEqual(await Promise.all(first));
  expect(asked).toEqual(["/v2/users", "spaces 1,2 lean", "organizations 3"]);
  await Promise.all([late.list(REQUEST), late.readSpaceMembers(["1", "2"]), late.readOrganizationMembers(["3"])]);
  expect(asked).toHaveLength(6);
});

test("what was asked early is not asked early again", async () => {
  const { reader, asked } = makeCounting();
  const { early, late } = askEarly(reader);
  await Promise.all([early.list(REQUEST), early.list(REQUEST), late.list(REQUEST)]);
  expect(asked).toEqual(["/v2/users"]);
});

test("a list that was asked early answers also who asks for rows of it alone, once", async () => {
  const { reader, asked } = makeCounting(() => Promise.resolve([{ email: "ana@acme.io" }] as never));
  const { early, late } = askEarly(reader);
  early.list(REQUEST);
  const narrow: ListRequest = { ...REQUEST, query: { email: "ana@acme.io" }, narrowing: ["email"] };
  expect(await late.list(narrow)).toEqual([{ email: "ana@acme.io" }]);
  expect(asked).toHaveLength(1);
  await late.list(narrow);
  expect(asked).toHaveLength(2);
  // Of the narrower list nobody else is to make do with.
  early.list(narrow);
  await late.list(REQUEST);
  expect(asked).toHaveLength(4);
});

test("anything else is asked for itself", async () => {
  const { reader, asked } = makeCounting();
  const { early, late } = askEarly(reader);
  await Promise.all([early.list(REQUEST), early.readSpaceMembers(["1"])]);
  await late.list({ ...REQUEST, query: { email: "ana@acme.io" } });
  await late.readSpaceMembers(["1", "2"]);
  await late.readSpaceMembers(["1"], "few");
  early.readOrganizationMembers(["3"]);
  await late.readOrganizationMembers(["3"], "named");
  expect(asked).toHaveLength(7);
});

test("a refusal is heard by whoever takes the answer", async () => {
  const { reader } = makeCounting(() => Promise.reject(new Error("refused")));
  const { early, late } = askEarly(reader);
  early.list(REQUEST).catch(() => {});
  await expect(late.list(REQUEST)).rejects.toThrow("refused");
});

test("of member lists each is asked for once, whichever are asked for together", async () => {
  const { reader, asked } = makeCounting();
  const { early, late } = askEarly(reader);
  await Promise.all([early.readSpaceMembers(["1", "gone"]), early.readSpaceMembers(["1", "2"])]);
  expect(asked).toEqual(["spaces 1,gone lean", "spaces 2 lean"]);
  const members = await late.readSpaceMembers(["3", "2", "4", "1"]);
  expect([...members]).toEqual(["3", "2", "4", "1"].map((id) => [id, `members of ${id}`]));
  expect(asked.slice(2)).toEqual(["spaces 3,4 lean"]);
  expect(await late.readSpaceMembers([])).toEqual(new Map());
  expect(asked).toHaveLength(3);
});

test("a refusal of some members is heard by whoever takes any of them", async () => {
  const { reader } = makeCounting();
  const refusing = { ...reader, readSpaceMembers: () => Promise.reject(new Error("refused")) };
  const { early, late } = askEarly(refusing);
  early.readSpaceMembers(["1"]).catch(() => {});
  await expect(late.readSpaceMembers(["1", "2"])).rejects.toThrow("refused");
});
