import type { Manifest } from "../../model/manifest.ts";
import type { Problems } from "../collect-problems.ts";
import type { Draft } from "../draft.ts";
import type { GrantScope } from "./list-scopes.ts";

/** What a check may look at, and where it reports. */
export interface CheckContext {
  readonly draft: Draft;
  /** The draft resolved, without what cannot be. */
  readonly manifest: Manifest;
  /** Every place where people are given roles. */
  readonly scopes: readonly GrantScope[];
  readonly problems: Problems;
}
