import { canonicalJson } from "../model/json.ts";
import type { ListRequest } from "../model/platform.ts";

/** How many pages lists had that were read whole. */
export interface ListLengths {
  note(request: ListRequest, pages: number): void;
  pagesOf(request: ListRequest): number | undefined;
}

/** Remembers lists that may be read instead of a few rows of them; how short those few were, nobody wants to know. */
export function makeListLengths(): ListLengths {
  const lengths = new Map<string, number>();
  return {
    note: (request, pages) => {
      if (request.narrowing === undefined) lengths.set(keyOf(request), pages);
    },
    pagesOf: (request) => lengths.get(keyOf(request)),
  };
}

function keyOf({ path, query }: ListRequest): string {
  return canonicalJson({ path, query });
}
