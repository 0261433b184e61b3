import { rootCertificates } from "node:tls";
import { gunzipSync } from "node:zlib";
import type { Dispatcher } from "undici";
import { UsageError } from "../model/errors.ts";
import { type HttpRequest, type HttpResponse, type Net, NetFailure } from "../model/ports.ts";

export interface UndiciNetOptions {
  /** Connections to each host; one request at a time on each. */
  readonly connections: number;
  /** Certificates in PEM form that are trusted besides the usual ones. */
  readonly caBundle?: string | undefined;
  readonly proxyUrl?: string | undefined;
  /** Plain http is for loopback only, unless this says otherwise: the key would be readable on the way. */
  readonly allowPlainHttp?: boolean;
  /** Longest answer, packed or unpacked. */
  readonly longestBody?: number;
}

type Dispatchers = (origin: string) => Dispatcher;

const LONGEST_BODY = 64 * 1024 * 1024;
const LONGEST_HEADERS = 64 * 1024;
const CONNECT_MILLISECONDS = 10_000;

/** The network over undici: keep-alive pools, one for each host. Redirects are answers, never followed; nothing is repeated. */
export function makeUndiciNet(options: UndiciNetOptions): Net {
  const open: Dispatcher[] = [];
  let dispatchers: Promise<Dispatchers> | undefined;
  return {
    exchange: async (request) => {
      const url = new URL(request.url);
      requireEncryption(url, options);
      // Loaded when the first request is made: commands that need no network start sooner.
      dispatchers ??= makeDispatchers(options, open);
      return exchange((await dispatchers)(url.origin), url, { request, limit: options.longestBody ?? LONGEST_BODY });
    },
    close: async () => {
      await Promise.all(open.splice(0).map((dispatcher) => dispatcher.close()));
    },
  };
}

async function makeDispatchers(options: UndiciNetOptions, open: Dispatcher[]): Promise<Dispatchers> {
  const { Pool, ProxyAgent } = await import("undici");
  const tls = options.caBundle === undefined ? {} : { ca: [...rootCertificates, options.caBundle] };
  const settings = { connections: options.connections, pipelining: 1, maxHeaderSize: LONGEST_HEADERS };
  if (options.proxyUrl !== undefined) {
    const agent = new ProxyAgent({ ...settings, uri: options.proxyUrl, requestTls: tls, proxyTls: tls });
    open.push(agent);
    return () => agent;
  }
  const pools = new Map<string, Dispatcher>();
  return (origin) => {
    const known = pools.get(origin);
    if (known !== undefined) return known;
    const pool = new Pool(origin, { ...settings, connect: { timeout: CONNECT_MILLISECONDS, ...tls } });
    pools.set(origin, pool);
    open.push(pool);
    return pool;
  };
}

async function exchange(
  dispatcher: Dispatcher,
  url: URL,
  asked: { readonly request: HttpRequest; readonly limit: number },
): Promise<HttpResponse> {
  const { request, limit } = asked;
  const { timeoutMilliseconds } = request;
  try {
    const response = await dispatcher.request({
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method: request.method as Dispatcher.HttpMethod,
      headers: { "accept-encoding": "gzip", "user-agent": "axcess", ...request.headers },
      body: request.body ?? null,
      headersTimeout: timeoutMilliseconds,
      bodyTimeout: timeoutMilliseconds,
      // For the whole exchange: a body that trickles would never run into the two above.
      signal: AbortSignal.timeout(timeoutMilliseconds),
    });
    const headers = flattenHeaders(response.headers);
    const body = unpack(await collect(response.body, limit), headers["content-encoding"], limit);
    return { status: response.statusCode, headers, body };
  } catch (error) {
    throw explainFailure(error);
  }
}

async function collect(body: AsyncIterable<Uint8Array>, limit: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    // Leaving the loop destroys the body and with it the connection.
    if (size > limit) throw new RangeError(`the answer is longer than ${limit} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function unpack(body: Buffer, encoding: string | undefined, limit: number): string {
  if (encoding === undefined || encoding === "identity" || body.length === 0) return body.toString("utf8");
  if (encoding !== "gzip" && encoding !== "x-gzip") throw new RangeError(`the answer is packed as ${encoding}`);
  return gunzipSync(body, { maxOutputLength: limit }).toString("utf8");
}

function flattenHeaders(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name.toLowerCase()] = typeof value === "string" ? value : value.join(", ");
  }
  return flat;
}

function requireEncryption(url: URL, options: UndiciNetOptions): void {
  if (url.protocol === "https:") return;
  if (url.protocol !== "http:") throw new UsageError(`The address ${url.origin} is neither https nor http.`);
  if (options.allowPlainHttp === true || isLoopback(url.hostname)) return;
  throw new UsageError(
    `The address ${url.origin} is plain http, and the key would be readable on the way.`,
    "Use https, or allow plain http if the network in between is trusted.",
  );
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/** Errors of resolving, connecting and TLS: the request was surely not sent. */
const NOT_SENT: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "UND_ERR_CONNECT_TIMEOUT",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "CERT_HAS_EXPIRED",
  "ERR_TLS_CERT_ALTNAME_INVALID",
]);

function explainFailure(error: unknown): NetFailure {
  const { code, name, syscall, message } = error as {
    readonly code?: string;
    readonly name?: string;
    readonly syscall?: string;
    readonly message?: string;
  };
  const sent = !(NOT_SENT.has(code ?? "") || syscall === "connect" || syscall === "getaddrinfo");
  const timedOut = name === "TimeoutError" || (code ?? "").endsWith("_TIMEOUT") || code === "ETIMEDOUT";
  return new NetFailure(message || code || "the network failed", { sent, timedOut, cause: error });
}
