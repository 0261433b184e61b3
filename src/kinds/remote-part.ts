import { Impossible } from "../model/errors.ts";
import type { RemoteRef } from "../model/resource.ts";

/** One id of a live resource. Throws Impossible when it has none: a path without it would be that of a whole collection. */
export function remotePart(remote: RemoteRef | undefined, name: string): string {
  const id = remote?.[name];
  if (id === undefined || id === "") throw new Impossible(`a live resource without its ${name} id`);
  return id;
}
