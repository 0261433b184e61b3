import type { ReadContext } from "../model/kind.ts";
import type { MemberList, MemberReading } from "../model/platform.ts";

/** What is needed of an entry to say who it is. */
interface Entry {
  readonly userId: string;
  readonly email: string | undefined;
  readonly userType: string | undefined;
}

/** Whether member lists have to say who the people in them are: not where the list of people has been read, or has all who are looked for. */
export function chooseReading({ focus, world }: Pick<ReadContext, "focus" | "world">): "lean" | "named" {
  return focus === undefined || focus.people.every((person) => world.has(person)) ? "lean" : "named";
}

/**
 * The same member lists, in which those whom the account's list of people does not have, as bots and the deactivated, carry their
 * e-mails. The lists are asked for without: what the platform counts is every field of every entry.
 */
export async function nameStrangers<R extends Entry>(
  readings: ReadonlyMap<string, MemberReading<R>>,
  of: MemberList["of"],
  { reader, byId, focus }: Pick<ReadContext, "reader" | "byId" | "focus">,
): Promise<ReadonlyMap<string, MemberReading<R>>> {
  // Nobody is looked for whom the list of people does not have, or the lists came with e-mails.
  if (focus !== undefined) return readings;
  const isStranger = ({ userId, email }: Entry): boolean => email === undefined && byId("user", userId) === undefined;
  const strangers = new Map<string, MemberList>();
  for (const [id, reading] of readings) {
    if (reading.state !== "complete") continue;
    for (const row of reading.rows) if (isStranger(row)) strangers.set(row.userId, { of, id });
  }
  if (strangers.size === 0) return readings;
  const people = await reader.describePeople(strangers);
  const name = (row: R): R => {
    const facts = isStranger(row) ? people.get(row.userId) : undefined;
    return facts === undefined ? row : { ...row, email: facts.email, userType: row.userType ?? facts.userType };
  };
  const hasStrangers = (rows: readonly R[]): boolean => rows.some(({ userId }) => strangers.has(userId));
  return new Map(
    [...readings].map(([id, reading]) => {
      const isWhole = reading.state !== "complete" || !hasStrangers(reading.rows);
      return [id, isWhole ? reading : { ...reading, rows: reading.rows.map(name) }];
    }),
  );
}
