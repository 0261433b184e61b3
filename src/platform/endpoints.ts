import { UsageError } from "../model/errors.ts";
import { harmless } from "../model/harmless.ts";

/** Where an account is served: base URLs without a slash at the end. */
export interface Endpoints {
  /** Of the REST interface; paths begin with `/v2`. */
  readonly restUrl: string;
  /** Of the web application, which serves GraphQL. */
  readonly appUrl: string;
}

/** The endpoints of a region of the vendor's cloud; undefined: the default one. Throws UsageError. */
export function regionEndpoints(region: string | undefined, source: string): Endpoints {
  if (region === undefined) return domainEndpoints("arize.com", source);
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/u.test(region)) {
    throw new UsageError(`${source} is not a region: "${harmless(region)}".`, "Regions look like eu-west-1a.");
  }
  return domainEndpoints(`${region}.arize.com`, source);
}

/** The endpoints under a domain of one's own: `api.` and `app.` before it. Throws UsageError. */
export function domainEndpoints(domain: string, source: string): Endpoints {
  return {
    restUrl: checkUrl(`https://api.${domain}`, source),
    appUrl: checkUrl(`https://app.${domain}`, source),
  };
}

/** A base URL fit to be used: http or https, without user, query and fragment. Throws UsageError. */
export function checkUrl(text: string, source: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const plain = url !== undefined && url.username === "" && url.password === "" && url.search === "" && url.hash === "";
  if (plain && (url.protocol === "https:" || url.protocol === "http:")) return url.href.replace(/\/+$/u, "");
  throw new UsageError(`${source} is not the URL of a server.`, "Write it like https://api.arize.com");
}
