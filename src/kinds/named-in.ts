import { type Address, type KindName, kindOf } from "../model/address.ts";
import type { KindReading, ReadContext } from "../model/kind.ts";
import type { ListRequest, Row } from "../model/platform.ts";
import { remoteOf } from "../model/resource.ts";
import { identifyPerson } from "./person-of-row.ts";
import { listWithin, textIn } from "./wire.ts";

/** What alone is looked for of a kind; undefined where it is read whole. */
export function namedIn(focus: ReadContext["focus"], kind: KindName): readonly Address[] | undefined {
  return focus?.named === undefined ? undefined : [...focus.named].filter((address) => kindOf(address) === kind);
}

/** Rows of a member list, but only of those who are looked for where it is only some people. */
export function keepFocused<R extends Parameters<typeof identifyPerson>[0]>(
  rows: readonly R[],
  { focus, byId }: Pick<ReadContext, "focus" | "byId">,
): readonly R[] {
  if (focus === undefined) return rows;
  return rows.filter((row) => focus.people.includes(identifyPerson(row, (id) => byId("user", id)).address));
}

/** Whether some of the role bindings of those who are looked for are in places that were not read. */
export function findStrays(
  { focus, byId }: Pick<ReadContext, "focus" | "byId">,
  kind: KindName,
  bindings: readonly Row[],
): Pick<KindReading, "hasStrays"> {
  if (focus === undefined) return {};
  return { hasStrays: bindings.some((row) => byId(kind, textIn(row, "resource_id", "binding")) === undefined) };
}

/** The same list, but only of one person. */
export function bindingsOf(request: ListRequest, person: string): ListRequest {
  return { ...request, query: { ...request.query, user_id: person } };
}

/** Role bindings: of everybody, or of each of those who are looked for. Whoever is not there holds none. */
export async function listBindings(
  { reader, focus, world }: Pick<ReadContext, "reader" | "focus" | "world">,
  request: ListRequest,
): Promise<readonly Row[]> {
  if (focus === undefined) return reader.list(request);
  const ids = focus.people.flatMap((person) => remoteOf(world.get(person))?.["id"] ?? []);
  const ofEach = ids.map((id) => listWithin(reader, bindingsOf(request, id)));
  const rows = (await Promise.all(ofEach)).flat();
  // Nothing else is relied on than that the filter leaves nobody out.
  return rows.filter((row) => ids.includes(textIn(row, "user_id", "binding")));
}
