import type { ListRequest } from "./platform.ts";

/** The list that has all rows of a narrower one, and answers as well; undefined where a list is not narrowed. */
export function widenRequest({ narrowing = [], ...request }: ListRequest): ListRequest | undefined {
  if (narrowing.length === 0) return undefined;
  const kept = Object.entries(request.query).filter(([name]) => !narrowing.includes(name));
  return { ...request, query: Object.fromEntries(kept) };
}
