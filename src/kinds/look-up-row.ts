import type { LookContext } from "../model/kind.ts";
import type { Row } from "../model/platform.ts";
import { itemPath } from "./item-path.ts";

/** The row of an object that has an id: under the id it is believed to have, else as it can be found by its name. */
export function lookUpRow(
  collection: string,
  { reader, believed }: LookContext,
  find: () => Promise<Row | undefined>,
): Promise<Row | undefined> {
  const id = believed?.["id"];
  return id === undefined ? find() : reader.get(itemPath(collection, id));
}
