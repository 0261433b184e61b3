import type { Address } from "../model/address.ts";
import type { Json } from "../model/json.ts";
import type { Spec } from "../model/resource.ts";

/** One thing of an account that the manifest is to follow. */
export type LiveTake =
  /** The manifest is to say what is there. */
  | { readonly take: "fields"; readonly address: Address; readonly fields: Readonly<Record<string, Json | undefined>> }
  /** The manifest is to list what is there. */
  | { readonly take: "entry"; readonly address: Address; readonly spec: Spec }
  /** The manifest is to drop what is not there. */
  | { readonly take: "absence"; readonly address: Address };
