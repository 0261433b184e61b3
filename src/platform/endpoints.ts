import { UsageError } from "../model/errors.ts";
import { harmless } from "../model/harmless.ts";
import { isLoopbackHost } from "./loopback.ts";

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

interface Pair<T> {
  readonly rest: T;
  readonly app: T;
}

/** Endpoints that were given one by one; both must be, but of a server on this machine. The names are what people gave them by. Throws UsageError. */
export function pairEndpoints({ rest, app }: Pair<string | undefined>, names: Pair<string>): Endpoints {
  const restUrl = rest === undefined ? undefined : checkUrl(rest, names.rest);
  const appUrl = app === undefined ? undefined : checkUrl(app, names.app);
  // A server on this machine has both interfaces on one port; of no other host is that known.
  if (restUrl !== undefined && appUrl === undefined && isLoopbackHost(new URL(restUrl).hostname)) {
    return { restUrl, appUrl: restUrl };
  }
  if (restUrl !== undefined && appUrl !== undefined) return { restUrl, appUrl };
  throw new UsageError(
    `${restUrl === undefined ? names.rest : names.app} is not set.`,
    `Set both: ${names.rest} is the host of the REST interface, ${names.app} that of the web application.`,
  );
}
