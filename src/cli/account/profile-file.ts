import { join } from "node:path";
import { FileError, UsageError } from "../../model/errors.ts";
import { checkKey } from "../../platform/api-key.ts";
import { checkUrl, domainEndpoints, type Endpoints, regionEndpoints } from "../../platform/endpoints.ts";
import { harmless } from "../render/harmless.ts";
import type { CredentialSearch, Credentials, NetworkSettings } from "./credentials.ts";
import { environmentNetwork } from "./environment-network.ts";

/**
 * Reads a profile that the vendor's `ax` command line keeps: `default` is `~/.arize/config.toml`, any other name
 * `~/.arize/profiles/NAME.toml`. Throws UsageError.
 */
export async function readProfile(search: CredentialSearch, name: string): Promise<Credentials> {
  if (!/^[\w.@ -]+$/u.test(name) || name.startsWith(".")) {
    throw new UsageError(`"${harmless(name)}" cannot be the name of a profile.`);
  }
  const path = name === "default" ? "config.toml" : join("profiles", `${name}.toml`);
  const text = await readText(search, path);
  const shown = `~/.arize/${path.replaceAll("\\", "/")}`;
  if (text === undefined) {
    throw new UsageError(`There is no profile "${name}": ${shown} does not exist.`, "List them with: ax profiles list");
  }
  return await parseProfile(text, shown, search.env);
}

/** Reads the profile that `ax` has made the active one, or the default one; undefined when there is neither. */
export async function readActiveProfile(search: CredentialSearch): Promise<Credentials | undefined> {
  const active = (await readText(search, ".active_profile"))?.trim() ?? "";
  if (active !== "") return await readProfile(search, active);
  if ((await readText(search, "config.toml")) === undefined) return undefined;
  return await readProfile(search, "default");
}

type Table = Readonly<Record<string, unknown>>;

async function parseProfile(text: string, source: string, env: CredentialSearch["env"]): Promise<Credentials> {
  const { parse } = await import("smol-toml");
  let root: Table;
  try {
    root = parse(text);
  } catch {
    // The parser's message quotes the line, and that may be the one with the key.
    throw new UsageError(`${source} is not TOML.`);
  }
  const auth = tableOf(root, "auth");
  const method = textOf(auth, "auth_method", env);
  if (method !== undefined && method !== "api-key") {
    throw new UsageError(
      `${source} signs in otherwise than with an API key; axcess needs one.`,
      'Make a profile with auth_method = "api-key", or set ARIZE_API_KEY.',
    );
  }
  const apiKey = checkKey(textOf(auth, "api_key", env) ?? "", source);
  const endpoints = concealing(apiKey, () => routingEndpoints(tableOf(root, "routing"), source, env));
  refuseUnverified(tableOf(root, "security"), source, env);
  return {
    apiKey: () => apiKey,
    keyVariables: listVariables(auth["api_key"]),
    source: `profile ${source}`,
    ...endpoints,
    network: networkSettings(tableOf(root, "network"), env),
  };
}

/** What is wrong with an address is told with the address, and by mistake that may hold the key. */
function concealing<T>(apiKey: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof UsageError) || !error.message.includes(apiKey)) throw error;
    throw new UsageError(error.message.replaceAll(apiKey, "[key]"), error.fix?.replaceAll(apiKey, "[key]"));
  }
}

/** Nobody's access is changed over a connection that anybody could be at the other end of. */
function refuseUnverified(security: Table, source: string, env: CredentialSearch["env"]): void {
  const asked = security["request_verify"];
  const word = typeof asked === "boolean" ? String(asked) : (textOf(security, "request_verify", env) ?? "true");
  if (!/^(false|no|off|0)$/iu.test(word.trim())) return;
  throw new UsageError(
    `${source} switches the verification of certificates off; axcess does not work so.`,
    "Name the certificate of your own authority as ca_bundle under [network].",
  );
}

function networkSettings(network: Table, env: CredentialSearch["env"]): NetworkSettings {
  const proxyUrl = textOf(network, "proxy_url", env);
  const caBundle = textOf(network, "ca_bundle", env);
  const directHosts = textOf(network, "no_proxy", env)?.split(",");
  return {
    ...environmentNetwork(env),
    ...(proxyUrl === undefined ? {} : { proxyUrl }),
    ...(directHosts === undefined ? {} : { directHosts }),
    ...(caBundle === undefined ? {} : { caBundle }),
  };
}

function routingEndpoints(routing: Table, source: string, env: CredentialSearch["env"]): Endpoints {
  const at = (key: string): string | undefined => textOf(routing, key, env);
  const ways = ["region", "single_host", "base_domain"].filter((key) => at(key) !== undefined);
  if (ways.length > 1) throw new UsageError(`${source}: ${ways.join(" and ")} exclude each other under [routing].`);
  const domain = at("base_domain");
  if (domain !== undefined) return domainEndpoints(domain, `base_domain in ${source}`);
  const region = regionEndpoints(at("region"), `region in ${source}`);
  const single = at("single_host");
  const port = at("single_port");
  const host = (own: string | undefined): string | undefined =>
    single === undefined ? own : `${single}${port === undefined || port === "0" ? "" : `:${port}`}`;
  return {
    restUrl: hostUrl(host(at("api_host")), at("api_scheme"), `api_host in ${source}`) ?? region.restUrl,
    appUrl:
      hostUrl(host(at("app_host")), at("app_scheme") ?? at("api_scheme"), `app_host in ${source}`) ?? region.appUrl,
  };
}

function hostUrl(host: string | undefined, scheme: string | undefined, source: string): string | undefined {
  return host === undefined ? undefined : checkUrl(`${scheme ?? "https"}://${host}`, source);
}

function tableOf(root: Table, key: string): Table {
  const table = root[key];
  return typeof table === "object" && table !== null ? (table as Table) : {};
}

/** The variables that a text of the profile refers to. */
function listVariables(value: unknown): readonly string[] {
  return typeof value === "string" ? [...value.matchAll(REFERENCE)].map(([, name = ""]) => name) : [];
}

/** `${VAR}` and `${VAR:default}`. */
const REFERENCE = /\$\{(\w+)(?::([^}]*))?\}/gu;

/** A text or number with `${VAR}` and `${VAR:default}` expanded; undefined when it is not there or empty. */
function textOf(table: Table, key: string, env: CredentialSearch["env"]): string | undefined {
  const value = table[key];
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  if (typeof value !== "string") return undefined;
  const expanded = value.replace(REFERENCE, (_all, name: string, fallback: string | undefined) => {
    const found = env[name];
    return found === undefined || found === "" ? (fallback ?? "") : found;
  });
  return expanded === "" ? undefined : expanded;
}

async function readText(search: CredentialSearch, path: string): Promise<string | undefined> {
  const home = search.env["HOME"] ?? search.env["USERPROFILE"];
  if (home === undefined || home === "") return undefined;
  const full = join(home, ".arize", path);
  try {
    const kind = await search.files.kind(full);
    if (kind === undefined) return undefined;
    if (kind === "file") return new TextDecoder().decode(await search.files.read(full));
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw new UsageError(`The profile cannot be used: ${error.message}`, error.fix);
  }
  throw new UsageError(`~/.arize/${path} is a folder, and no file.`, "Move it away, or name another profile.");
}
