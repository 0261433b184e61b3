import { UsageError } from "../model/errors.ts";
import { isLoopbackHost } from "./loopback.ts";

/** By which way hosts are reached. */
export interface ProxyOptions {
  /** `http://` or `https://`; may have a user and a password. */
  readonly proxyUrl?: string | undefined;
  /** Hosts reached without the proxy: `acme.io` and `.acme.io` are that domain and all below it, `*` is every host. */
  readonly directHosts?: readonly string[] | undefined;
}

/**
 * Gives the proxy to a host, or undefined where it is reached directly. This machine always is: plain http is only for it, and
 * through a proxy it would be another machine's loopback. Throws UsageError, which does not show the address.
 */
export function chooseProxy(options: ProxyOptions): (hostname: string) => string | undefined {
  const { proxyUrl, directHosts = [] } = options;
  if (proxyUrl === undefined) return () => undefined;
  const url = URL.canParse(proxyUrl) ? new URL(proxyUrl) : undefined;
  if (url === undefined || !/^https?:$/u.test(url.protocol) || url.hostname === "") {
    throw new UsageError("The address of the proxy is not one of http or https.", "Write it like http://proxy:3128");
  }
  const domains = directHosts
    .map((host) => host.trim().toLowerCase().replace(/^\./u, ""))
    .filter((host) => host !== "");
  return (hostname) => {
    const isDirect = domains.some((host) => host === "*" || host === hostname || hostname.endsWith(`.${host}`));
    return isDirect || isLoopbackHost(hostname) ? undefined : proxyUrl;
  };
}
