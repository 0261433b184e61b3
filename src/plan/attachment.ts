import { type Address, compileAddressPattern } from "../model/address.ts";
import type { KindsByName } from "./kinds-by-name.ts";

/** Makes a test that is true for what a pattern fits. */
export function makePatternTest(patterns: readonly string[]): (address: Address) => boolean {
  const tests = patterns.map(compileAddressPattern);
  return (address) => tests.some((test) => test(address));
}

/** Makes a test that is true for what a pattern fits, and for everything that hangs on what a pattern fits. */
export function makeAttachmentTest(patterns: readonly string[], kinds: KindsByName): (address: Address) => boolean {
  if (patterns.length === 0) return () => false;
  const isNamed = makePatternTest(patterns);
  const known = new Map<Address, boolean>();
  const isAttached = (address: Address): boolean => {
    const answer = known.get(address);
    if (answer !== undefined) return answer;
    const fits = isNamed(address) || kinds.of(address).attachedTo(address).some(isAttached);
    known.set(address, fits);
    return fits;
  };
  return isAttached;
}

/** The one person that something is, or is given to. */
export function findHolder(address: Address, kinds: KindsByName): Address | undefined {
  return [address, ...kinds.of(address).attachedTo(address)].find((other) => kinds.of(other).isHeldAnywhere);
}
