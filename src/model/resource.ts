import type { Address, KindName } from "./address.ts";
import type { Position } from "./diagnostic.ts";
import type { Json } from "./json.ts";

/**
 * What a resource is made of, in the shape in which comparing is easy: field to value, without arrays.
 * A desired spec holds the fields the manifest writes and no others; a field left out is not managed.
 */
export type Spec = Readonly<Record<string, Json>>;

/** The platform's own ids of a resource, by role: `{ id }` for objects, `{ organization, user }` for a membership and so on. */
export type RemoteRef = Readonly<Record<string, string>>;

/** Where a resource is known from. */
export type Origin =
  | {
      readonly from: "manifest";
      readonly at: Position;
      readonly group: string | undefined;
      readonly reason?: string;
      readonly expires?: string;
    }
  | { readonly from: "platform"; readonly remote: RemoteRef };

/** One thing that exists or shall exist, the same type on both sides of the comparison. */
export interface Resource {
  readonly kind: KindName;
  readonly address: Address;
  readonly spec: Spec;
  readonly origin: Origin;
  /** Live only: fields that exist on the platform but cannot be read there. Never compared. */
  readonly unknown?: readonly string[];
  /** Live only: what is known beside the spec and never compared, such as the status of an invitation. */
  readonly facts?: Readonly<Record<string, Json>>;
  /** Live only: part of the platform, or of something axcess does not manage here; never removed and never counted as unmanaged. */
  readonly builtin?: boolean;
  /** Live only: why no call can change it, nor what is in it; a difference is told and left alone. */
  readonly frozen?: string;
  /** Declared only: what creation needs and comparison never sees, such as the way a person is invited. */
  readonly creation?: Readonly<Record<string, string>>;
  /** Declared only: what a change needs and comparison never sees, such as how long an old secret still counts. */
  readonly renewal?: Readonly<Record<string, string>>;
}

/** Everything of one side: what is declared, or what is there. */
export type World = ReadonlyMap<Address, Resource>;

/** A world that is only asked what stands under an address: all that judging one person in one place needs. */
export type WorldView = Pick<World, "get">;

/** Where a resource is known from that the manifest writes itself, not through a group. */
export function writtenAt(at: Position): Origin {
  return { from: "manifest", at, group: undefined };
}

/** The platform's ids of a live resource; undefined for a declared one. */
export function remoteOf(resource: Resource | undefined): RemoteRef | undefined {
  return resource?.origin.from === "platform" ? resource.origin.remote : undefined;
}
