import type { WriteContext, Written } from "../model/kind.ts";
import { itemPath } from "./item-path.ts";
import { remotePart } from "./remote-part.ts";

/** Updates an object that has a name of its own, by PATCH under its id, sending exactly the fields that differ. */
export function updateNamed(
  collection: string,
  wireFields: Readonly<Record<string, string>> = {},
): (context: WriteContext) => Promise<Written> {
  return async ({ writer, remote, fields }: WriteContext): Promise<Written> => {
    const body = Object.fromEntries(fields.map(({ field, to }) => [wireFields[field] ?? field, to ?? null]));
    await writer.write({
      method: "PATCH",
      path: itemPath(collection, remotePart(remote, "id")),
      body,
      settle: "repeat",
    });
    return { remote: remote ?? {}, notes: [] };
  };
}
