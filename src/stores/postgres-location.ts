import { UsageError } from "../model/errors.ts";
import { isLoopback, readEscapes, readStoreUrl } from "./read-url.ts";

/** How much is asked of the connection: nothing, that it is encrypted, that the certificate is good, that it is this host's. */
export type SslMode = "disable" | "require" | "verify-ca" | "verify-full";

/** Where a ledger in PostgreSQL is. */
export interface PostgresLocation {
  /** A name, an address, or the folder of a socket. */
  readonly host: string;
  readonly port: number;
  readonly user: string | undefined;
  /** Undefined where it comes from PGPASSWORD or the password file. */
  readonly password: string | undefined;
  readonly database: string;
  /** Which ledger of the database. */
  readonly ledger: string;
  readonly ssl: SslMode;
  /** Path of the certificates that are trusted; undefined: those that Node trusts. */
  readonly rootCertificate: string | undefined;
  /** Without user and password. */
  readonly shown: string;
}

const EXAMPLE = "Give it as postgres://USER@HOST/DATABASE?ledger=NAME, with the password in PGPASSWORD.";
const PARAMETERS = ["host", "ledger", "sslmode", "sslrootcert"];
const MODES: readonly SslMode[] = ["disable", "require", "verify-ca", "verify-full"];

/** Reads a `postgres:` URL. Where it does not say how, the connection is encrypted and verified, but on this machine. Throws UsageError. */
export function readPostgresLocation(location: string): PostgresLocation {
  const { url, parameters } = readStoreUrl(location, PARAMETERS, EXAMPLE);
  const host = parameters.get("host") ?? url.hostname.replace(/^\[|\]$/gu, "");
  const database = readEscapes(url.pathname.slice(1));
  if (host === "" || database === "" || database.includes("/")) {
    throw new UsageError("The location of the ledger names no host, or no database.", EXAMPLE);
  }
  const ledger = parameters.get("ledger") ?? "main";
  if (!/^[\w.-]{1,100}$/u.test(ledger)) {
    throw new UsageError("The name of a ledger is up to 100 letters, digits, dots, lines and underscores.", EXAMPLE);
  }
  const port = url.port === "" ? 5432 : Number(url.port);
  return {
    ...{ host, port, database, ledger },
    user: url.username === "" ? undefined : readEscapes(url.username),
    password: url.password === "" ? undefined : readEscapes(url.password),
    ssl: readMode(parameters.get("sslmode"), host),
    rootCertificate: parameters.get("sslrootcert"),
    shown: `postgres://${host.includes(":") ? `[${host}]` : host}:${port}/${database}?ledger=${ledger}`,
  };
}

function readMode(given: string | undefined, host: string): SslMode {
  if (given === undefined) return isLoopback(host) || host.startsWith("/") ? "disable" : "verify-full";
  const mode = MODES.find((known) => known === given);
  if (mode !== undefined) return mode;
  // "prefer" and "allow" go on in the clear where somebody in between says that the server cannot encrypt.
  throw new UsageError(`sslmode must be one of ${MODES.join(", ")}.`, "Leave it out: verify-full is the default.");
}
