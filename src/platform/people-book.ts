import type { MemberList, MemberReading, PersonFacts } from "../model/platform.ts";
import { type AskContext, askMany, type NodeQuestion } from "./ask-many.ts";
import { textOf } from "./json-shape.ts";
import type { OptionalPart } from "./roster.ts";
import type { PersonRow } from "./share-values.ts";

/** What is asked of a person. */
const PERSON_PARTS: readonly OptionalPart[] = ["email", "userType"];

/** `node`, three fields, and two points for luck. */
const PERSON_COST = 6;

/**
 * What GraphQL told of people beside where they are: asked once of each, so that no entry of a member list need carry it. In a large
 * account everybody is in several lists, and the platform counts each field of each entry.
 */
export interface PeopleBook {
  /** Whether it is known of somebody that they are a bot, or none. */
  isKnown(userId: string): boolean;
  isBot(userId: string): boolean;
  /** Whether the entries of a list were taken down. */
  hasRead(listId: string): boolean;
  /** Takes down what the entries of whole lists say. */
  note(readings: ReadonlyMap<string, MemberReading<PersonRow>>): void;
  /**
   * What is known of people. Of whom `node` does not tell, that is found in the lists that have them, by `readWhole`. Who is not in
   * the answer stays unknown.
   */
  describe(
    context: PersonContext,
    seen: ReadonlyMap<string, MemberList>,
    readWhole: (lists: readonly MemberList[]) => Promise<ReadonlyMap<string, MemberReading<PersonRow>>>,
  ): Promise<ReadonlyMap<string, PersonFacts>>;
}

/** How a server is asked after people by their ids. */
export interface PersonContext extends AskContext {
  readonly typeName: string;
}

/** Makes a book with nobody in it. */
export function makePeopleBook(): PeopleBook {
  const types = new Map<string, string | undefined>();
  const people = new Map<string, PersonFacts>();
  const read = new Set<string>();
  const note: PeopleBook["note"] = (readings) => {
    for (const [id, reading] of readings) {
      if (reading.state !== "complete") continue;
      read.add(id);
      for (const { userId, userType } of reading.rows) types.set(userId, userType);
    }
  };
  const learn = (told: ReadonlyMap<string, PersonFacts>): void => {
    for (const [userId, facts] of told) {
      people.set(userId, facts);
      types.set(userId, facts.userType);
    }
  };
  return {
    isKnown: (userId) => types.has(userId),
    isBot: (userId) => types.get(userId) === "bot",
    hasRead: (listId) => read.has(listId),
    note,
    describe: async (context, seen, readWhole) => {
      const missing = [...seen.keys()].filter((userId) => !people.has(userId));
      learn(await askPeople(context, missing));
      const untold = missing.filter((userId) => !people.has(userId));
      learn(await findInLists(untold, seen, readWhole));
      return new Map([...seen.keys()].flatMap((userId) => knownOf(userId, people.get(userId))));
    },
  };
}

function knownOf(userId: string, facts: PersonFacts | undefined): readonly (readonly [string, PersonFacts])[] {
  return facts === undefined ? [] : [[userId, facts]];
}

async function askPeople(context: PersonContext, ids: readonly string[]): Promise<ReadonlyMap<string, PersonFacts>> {
  const { typeName } = context;
  const questions = ids.map((id): NodeQuestion => {
    const select = (dropped: ReadonlySet<OptionalPart>): string =>
      `... on ${typeName} { ${["id", ...PERSON_PARTS.filter((part) => !dropped.has(part))].join(" ")} }`;
    return { id, cost: PERSON_COST, cursor: undefined, select };
  });
  const people = new Map<string, PersonFacts>();
  await askMany(context, questions, (id, answer) => {
    if (answer.state !== "answered" || answer.node["id"] === undefined) return;
    const { email, userType } = answer.node;
    people.set(id, { email: textOf(email), userType: textOf(userType)?.toLowerCase() });
  });
  return people;
}

async function findInLists(
  untold: readonly string[],
  seen: ReadonlyMap<string, MemberList>,
  readWhole: (lists: readonly MemberList[]) => Promise<ReadonlyMap<string, MemberReading<PersonRow>>>,
): Promise<ReadonlyMap<string, PersonFacts>> {
  const lists = new Map(untold.flatMap((userId) => seen.get(userId) ?? []).map((list) => [list.id, list]));
  if (lists.size === 0) return new Map();
  const people = new Map<string, PersonFacts>();
  for (const reading of (await readWhole([...lists.values()])).values()) {
    if (reading.state !== "complete") continue;
    for (const { userId, email, userType } of reading.rows) people.set(userId, { email, userType });
  }
  return people;
}
