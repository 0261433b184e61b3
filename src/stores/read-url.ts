import { UsageError } from "../model/errors.ts";

/** A URL and its parameters, of which each is known and given once. Nothing of the text is repeated in an error: it may hold a password. */
export function readStoreUrl(
  location: string,
  known: readonly string[],
  example: string,
): { readonly url: URL; readonly parameters: ReadonlyMap<string, string> } {
  const refuse = (because: string): UsageError => new UsageError(`The location of the ledger ${because}.`, example);
  if (!URL.canParse(location)) throw refuse("is not a URL; special characters of a password must be %-encoded");
  const url = new URL(location);
  const parameters = new Map<string, string>();
  for (const [name, value] of url.searchParams) {
    if (!known.includes(name)) throw refuse(`has a parameter that is not one of ${known.join(", ")}`);
    if (parameters.has(name)) throw refuse(`gives the parameter ${name} twice`);
    parameters.set(name, value);
  }
  if (url.hash !== "" || url.pathname.includes("@")) {
    throw refuse("is not a URL of the kind that is meant; special characters of a password must be %-encoded");
  }
  return { url, parameters };
}

/** A part of a URL with its %-escapes read. Throws UsageError, which does not repeat it. */
export function readEscapes(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new UsageError(
      "The location of the ledger has a % that begins no escape of UTF-8 text.",
      "Write a % that belongs to a password or a name as %25.",
    );
  }
}

/** True for this machine itself. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/iu.test(host);
}
