import type { KindReading } from "../../src/model/kind.ts";
import type { Resource } from "../../src/model/resource.ts";

/** Every resource that a reading of a kind found, whether it is held singly or in a class. */
export function listAllRead({ resources, classes = [] }: KindReading): readonly Resource[] {
  return [...resources, ...classes.flatMap((each) => [...each.resources.values()])];
}
