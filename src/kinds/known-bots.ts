import { resourcesOfKind } from "../model/classed-world.ts";
import type { World } from "../model/resource.ts";

/** The ids of the bots of service keys, as far as the account shows them. Some servers do not say in lists of members who is a bot. */
export function listKeyBots(world: World): ReadonlySet<unknown> {
  const bots = new Set<unknown>();
  for (const { facts } of resourcesOfKind(world, "service-key")) {
    if (typeof facts?.["bot"] === "string") bots.add(facts["bot"]);
  }
  return bots;
}

/** Rows of a member list in which the bots of service keys are told as such. */
export function markBots<R extends { readonly userId: string; readonly userType: string | undefined }>(
  rows: readonly R[],
  bots: ReadonlySet<unknown>,
): readonly R[] {
  return bots.size === 0 ? rows : rows.map((row) => (bots.has(row.userId) ? { ...row, userType: "bot" } : row));
}
