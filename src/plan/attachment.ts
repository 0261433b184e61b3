import { type Address, compileAddressPattern } from "../model/address.ts";
import type { KindsByName } from "./kinds-by-name.ts";

/** Makes a test that is true for what a pattern fits, and for everything that hangs on what a pattern fits. */
export function makeAttachmentTest(patterns: readonly string[], kinds: KindsByName): (address: Address) => boolean {
  if (patterns.length === 0) return () => false;
  const tests = patterns.map(compileAddressPattern);
  const known = new Map<Address, boolean>();
  const isAttached = (address: Address): boolean => {
    const answer = known.get(address);
    if (answer !== undefined) return answer;
    const fits = tests.some((test) => test(address)) || kinds.of(address).attachedTo(address).some(isAttached);
    known.set(address, fits);
    return fits;
  };
  return isAttached;
}
