import { type Address, formatAddress } from "../model/address.ts";
import type { Manifest, ServiceKey } from "../model/manifest.ts";

/** A service key that the manifest writes. */
export interface DeclaredKey {
  readonly address: Address;
  readonly key: ServiceKey;
}

/** Every service key that the manifest writes, in its order. */
export function listKeys(manifest: Manifest): readonly DeclaredKey[] {
  return [...(manifest.organizations?.entries.values() ?? [])].flatMap((organization) =>
    [...(organization.spaces?.entries.values() ?? [])].flatMap((space) =>
      [...(space.serviceKeys?.entries.values() ?? [])].map((key) => ({
        address: formatAddress("service-key", [organization.name, space.name, key.name]),
        key,
      })),
    ),
  );
}
