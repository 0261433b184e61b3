import { fileURLToPath } from "node:url";
import { UsageError } from "../model/errors.ts";

/** Which store a location names: a path of a file, or the scheme of a URL. */
export type LocationScheme = "file" | "postgres" | "s3";

const SCHEMES: ReadonlyMap<string, LocationScheme> = new Map<string, LocationScheme>([
  ["file", "file"],
  ["postgres", "postgres"],
  ["postgresql", "postgres"],
  ["s3", "s3"],
]);

/** The store that a location names. A scheme that axcess does not know, and what looks like a URL and is none, is a UsageError. */
export function schemeOf(location: string): LocationScheme {
  if (location === "")
    throw new UsageError("The ledger has no location.", "Give a path: --ledger .axcess/ledger.jsonl");
  // Not repeated below: what was meant for a URL may hold a password.
  if (BLANK_ENDS.test(location))
    throw new UsageError("The location of the ledger begins or ends with a blank.", "Give it without.");
  const word = schemeWord(location);
  const scheme = word === undefined ? "file" : SCHEMES.get(word);
  if (scheme === undefined) throw new UsageError(`A ledger at ${word}: is not in this version.`, KNOWN_FORMS);
  if (isNearlyUrl(location))
    throw new UsageError("The location of the ledger is neither a path nor a URL.", KNOWN_FORMS);
  return scheme;
}

const KNOWN_FORMS =
  "Give a path, or a URL that begins with file:, postgres:// or s3://. A folder of such a name is given as ./NAME.";

/** Blanks and control characters: readers of URLs pass over them. */
const BLANK_ENDS = /^[\s\p{Cc}]|[\s\p{Cc}]$/u;

/** A colon and an `@` behind it, or `//` and an `@`: where a URL has its password. Paths may have them behind `./` or `/`. */
const PASSWORD_PLACE = /^(?![./]|[a-z]:[\\/]).*:.*@|^\/\/.*@/iu;

/** A URL with a slip in it, which would be taken for a path, and its password for the name of a file. */
function isNearlyUrl(location: string): boolean {
  if (/^(postgres|postgresql|s3):\/\//iu.test(location)) return false;
  if (/^(postgres|postgresql|s3)[:/]/iu.test(location) || PASSWORD_PLACE.test(location)) return true;
  return location.includes("://") && schemeWord(location) === undefined;
}

/** The path of the ledger file that a location names: a path as it is, or a `file:` URL. Other schemes are a UsageError. */
export function ledgerPath(location: string): string {
  if (schemeOf(location) !== "file") throw new UsageError(`${showLocation(location)} is not a file.`, "Give a path.");
  if (schemeWord(location) === undefined) return location;
  try {
    return fileURLToPath(location);
  } catch (cause) {
    // Not repeated: where a host stands, a password may stand as well.
    throw new UsageError("The location of the ledger is not a URL of a local file.", (cause as Error).message);
  }
}

/** A location as it may stand in plans, errors and ledgers: a path, or a URL without user, password and all that only says how to connect. */
export function showLocation(location: string): string {
  if (schemeOf(location) === "file") return ledgerPath(location);
  const url = readUrl(location);
  if (url === undefined) return `${schemeWord(location)}://…`;
  const ledger = url.searchParams.get("ledger");
  return `${url.protocol}//${url.host}${url.pathname}${ledger === null ? "" : `?ledger=${ledger}`}`;
}

/** A location without its password, as a word of a command line; of one that is refused nothing is told. */
export function withoutPassword(location: string): string {
  if (location !== "" && !isAccepted(location)) return "…";
  const word = schemeWord(location);
  if (word === undefined || word === "file") return location;
  const url = readUrl(location);
  if (url === undefined) return `${word}://…`;
  url.password = "";
  // No store takes a secret as a parameter: whoever gave one is told so elsewhere, and not here by repeating it.
  for (const name of [...url.searchParams.keys()]) if (SECRET.test(name)) url.searchParams.delete(name);
  return url.href;
}

function isAccepted(location: string): boolean {
  try {
    schemeOf(location);
    return true;
  } catch {
    return false;
  }
}

const SECRET = /pass|secret|token|key|credential/iu;

/** The URL; undefined where it is none, or where an `@` in the wrong place says that a password may stand where no password should. */
function readUrl(location: string): URL | undefined {
  if (!URL.canParse(location)) return undefined;
  const url = new URL(location);
  return `${url.pathname}${url.search}${url.hash}`.includes("@") ? undefined : url;
}

/** Two letters at least, so that the drive of a Windows path is not taken for a scheme. */
function schemeWord(location: string): string | undefined {
  return /^([a-z][a-z0-9+.-]+):(?=\/|$)/iu.exec(location)?.[1]?.toLowerCase();
}
