import { UsageError } from "../model/errors.ts";

/** A key fit to be sent in a header. Throws UsageError, which does not show it. */
export function checkKey(key: string, source: string): string {
  if (/^[\x21-\x7e]+$/u.test(key)) return key;
  throw new UsageError(`The key in ${source} is empty or holds characters that no key has.`, "Set it again.");
}
