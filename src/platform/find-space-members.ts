import { PlatformError } from "../model/errors.ts";
import type { Json } from "../model/json.ts";
import type { SpaceMemberRow, WantedMember } from "../model/platform.ts";
import { dig, isList, isObject } from "./json-shape.ts";
import { packByCost } from "./packing.ts";
import type { RosterContext } from "./read-rosters.ts";
import { spaceRoster } from "./roster.ts";
import { measurePages, selectPage } from "./roster-query.ts";

/** People whose names or addresses hold the address that is looked for: where more do, the one may be missing, and is not found. */
const PAGE = 5;

/**
 * Single people in the member lists of spaces, by GraphQL's search, many in one query. Whoever the answer does not hold is not in
 * what is handed back; so is everybody where the server does not know the question, which it is then not asked again. Only an
 * interruption throws.
 */
export async function findSpaceMembers(
  context: RosterContext,
  wanted: readonly WantedMember[],
): Promise<ReadonlyMap<WantedMember, SpaceMemberRow>> {
  if (context.refusesSearch === true) return new Map();
  const cost = measurePages(spaceRoster, context.dropped).costOf(PAGE);
  const batches = packByCost(wanted, () => cost, context.budget);
  const found = await Promise.all(batches.map((batch) => ask(context, batch)));
  return new Map(found.flat());
}

type Found = readonly (readonly [WantedMember, SpaceMemberRow])[];

async function ask(context: RosterContext, batch: readonly WantedMember[]): Promise<Found> {
  const variables = Object.fromEntries(
    batch.flatMap(({ space, email }, at) => [
      [`i${at}`, space],
      [`s${at}`, email],
    ]),
  );
  try {
    const { data, faults } = await context.graphql.ask(writeQuery(context, batch.length), variables);
    if (data === undefined) context.refusesSearch = true;
    // Half an entry is worse than none.
    const spoilt = new Set(faults.map(({ path: [alias = ""] }) => alias));
    if (spoilt.has("")) return [];
    return batch.flatMap((each, at): Found => {
      if (spoilt.has(`n${at}`)) return [];
      const row = pick(dig(data, `n${at}`, spaceRoster.connection, "edges"), each.user);
      return row === undefined ? [] : [[each, row]];
    });
  } catch (error) {
    if (!(error instanceof PlatformError) || error.failure === "interrupted") throw error;
    return [];
  }
}

function writeQuery({ dropped }: RosterContext, count: number): string {
  const places = Array.from({ length: count }, (_, at) => at);
  const parts = places.map(
    (at) => `n${at}: node(id: $i${at}) { ${selectPage(spaceRoster, dropped, { first: PAGE, search: `s${at}` })} }`,
  );
  return `query FindMembers(${places.map((at) => `$i${at}: ID!, $s${at}: String`).join(", ")}) { ${parts.join(" ")} }`;
}

/** The first entry of the person, as in the whole list. */
function pick(edges: Json | undefined, user: string): SpaceMemberRow | undefined {
  for (const edge of isList(edges) ? edges : []) {
    const node = dig(edge, "node");
    const row = isObject(node) ? spaceRoster.readEntry(node) : undefined;
    if (row?.userId === user) return row;
  }
  return undefined;
}
