import type { CredentialSearch, NetworkSettings } from "./credentials.ts";

/**
 * The proxy that the environment names, as other programs read it. It sees no key: what passes through it is TLS from end to end.
 * `HTTP_PROXY` means nothing here, since plain http never leaves the machine.
 */
export function environmentNetwork(env: CredentialSearch["env"]): NetworkSettings {
  const proxyUrl = firstSet(env["https_proxy"], env["HTTPS_PROXY"]);
  const directHosts = firstSet(env["no_proxy"], env["NO_PROXY"])?.split(",");
  return {
    ...(proxyUrl === undefined ? {} : { proxyUrl }),
    ...(directHosts === undefined ? {} : { directHosts }),
  };
}

function firstSet(...values: readonly (string | undefined)[]): string | undefined {
  return values.map((value) => value?.trim()).find((value) => value !== undefined && value !== "");
}
