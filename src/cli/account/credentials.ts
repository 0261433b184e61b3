import type { Files } from "../../model/ports.ts";
import type { Endpoints } from "../../platform/endpoints.ts";

/** Where the account is and the key to it. The key is handed to the platform client and to nothing else. */
export interface Credentials extends Endpoints {
  /** A function, so that nothing prints or stores the key by accident. */
  readonly apiKey: () => string;
  /** Variables of the environment that a profile takes the key from, whole or in part. */
  readonly keyVariables?: readonly string[];
  /** Where they were found, in words without the key. */
  readonly source: string;
  readonly network?: NetworkSettings;
}

/** How the account is reached, where that is not by the ordinary way. */
export interface NetworkSettings {
  readonly proxyUrl?: string;
  /** Hosts and domains that are reached without the proxy. */
  readonly directHosts?: readonly string[];
  /** File of certificates in PEM form that are trusted besides the usual ones. */
  readonly caBundle?: string;
}

export interface CredentialSearch {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly files: Files;
  /** The profile that was named; undefined: the environment, then the active profile. */
  readonly profile: string | undefined;
  /** The region that was named for the key in the environment. */
  readonly region?: string | undefined;
}
