import type { WriteContext } from "../model/kind.ts";
import { itemPath } from "./item-path.ts";
import { remotePart } from "./remote-part.ts";

/** Removes an object under its id. */
export function removeById(collection: string): (context: WriteContext) => Promise<"deleted" | "absent"> {
  return ({ writer, remote }) => writer.remove(itemPath(collection, remotePart(remote, "id")));
}
