import { UsageError } from "../model/errors.ts";
import { isLoopback, readEscapes, readStoreUrl } from "./read-url.ts";

/** Where a ledger in S3, or in what speaks its language, is. */
export interface S3Location {
  readonly bucket: string;
  /** What the names of its objects begin with, ending in a slash. */
  readonly prefix: string;
  /** URL of the server; undefined: AWS_ENDPOINT_URL_S3, else Amazon's. */
  readonly endpoint: string | undefined;
  readonly region: string | undefined;
  /** Whether the bucket stands in the path instead of the host's name. */
  readonly pathStyle: boolean;
  /** Whether a server on another machine may be spoken to in the clear. */
  readonly mayBePlain: boolean;
  readonly shown: string;
}

const EXAMPLE = "Give it as s3://BUCKET/PREFIX, with ?region= and, for other servers than Amazon's, &endpoint=.";
const PARAMETERS = ["endpoint", "region", "path-style", "plain-http"];

/** Reads an `s3:` URL. It holds no credentials: those come from where the SDK looks for them. Throws UsageError. */
export function readS3Location(location: string): S3Location {
  const { url, parameters } = readStoreUrl(location, PARAMETERS, EXAMPLE);
  if (`${url.username}${url.password}${url.port}` !== "") {
    throw new UsageError(
      "The location of the ledger has no place for credentials or a port.",
      "Give credentials as AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or by a profile, and another server as endpoint.",
    );
  }
  const bucket = url.hostname;
  const path = readEscapes(url.pathname.slice(1)).replace(/\/+$/u, "");
  if (bucket === "" || path === "") {
    throw new UsageError("The location of the ledger names no bucket, or no prefix in it.", EXAMPLE);
  }
  const endpoint = parameters.get("endpoint");
  const mayBePlain = readSwitch(parameters, "plain-http");
  if (endpoint !== undefined) checkEndpoint(endpoint, mayBePlain);
  return {
    ...{ bucket, prefix: `${path}/`, endpoint, mayBePlain },
    region: parameters.get("region"),
    pathStyle: readSwitch(parameters, "path-style"),
    shown: `s3://${bucket}/${path}`,
  };
}

/** True where what is sent to a server must be encrypted, and would not be. */
export function isTooPlain(protocol: string, host: string, mayBePlain: boolean): boolean {
  return protocol === "http:" && !mayBePlain && !isLoopback(host);
}

function checkEndpoint(endpoint: string, mayBePlain: boolean): void {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  const isServer = url !== undefined && /^https?:$/u.test(url.protocol) && `${url.username}${url.password}` === "";
  if (!isServer) throw new UsageError("The endpoint of the ledger is no URL of a server.", "Give https://HOST:PORT.");
  if (isTooPlain(url.protocol, url.hostname, mayBePlain)) throw describePlain();
}

/** Refused: keys that are sent in the clear can be used again by whoever hears them. */
export function describePlain(): UsageError {
  return new UsageError(
    "The endpoint of the ledger is http: on another machine.",
    "Give https:, or say that it is meant: plain-http=true",
  );
}

function readSwitch(parameters: ReadonlyMap<string, string>, name: string): boolean {
  const value = parameters.get(name) ?? "false";
  if (value === "true" || value === "false") return value === "true";
  throw new UsageError(`${name} is true or false.`, EXAMPLE);
}
