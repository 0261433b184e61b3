import { type Address, formatAddress } from "../model/address.ts";
import type { Manifest } from "../model/manifest.ts";
import type { SecretSink } from "../model/secret.ts";
import { listKeys } from "./list-keys.ts";

/** Where the manifest wants each secret: those of service keys, and the temporary passwords of people. */
export function listSinks(manifest: Manifest): ReadonlyMap<Address, SecretSink> {
  const sinks = new Map<Address, SecretSink>(listKeys(manifest).map(({ address, key }) => [address, key.secret]));
  for (const { email, password } of manifest.people?.values() ?? []) {
    if (password !== undefined) sinks.set(formatAddress("user", [email.toLowerCase()]), password);
  }
  return sinks;
}
