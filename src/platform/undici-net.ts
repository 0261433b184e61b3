import { createSecureContext, rootCertificates, type SecureContext } from "node:tls";
import { gunzipSync } from "node:zlib";
import type { Dispatcher } from "undici";
import { UsageError } from "../model/errors.ts";
import { type HttpRequest, type HttpResponse, type Net, NetFailure } from "../model/ports.ts";
import { chooseProxy, type ProxyOptions } from "./choose-proxy.ts";
import { isLoopbackHost } from "./loopback.ts";

export interface UndiciNetOptions extends ProxyOptions {
  /** Connections to each host; one request at a time on each. */
  readonly connections: number;
  /** Certificates in PEM form that are trusted besides the usual ones. */
  readonly caBundle?: string | undefined;
  /** Longest answer, packed or unpacked. */
  readonly longestBody?: number;
}

type Dispatchers = (url: URL) => Dispatcher;

/** A page has a hundred rows, or a thousand people: far below a megabyte. As many of these may be in flight as there are connections. */
const LONGEST_BODY = 16 * 1024 * 1024;
const LONGEST_HEADERS = 64 * 1024;
const CONNECT_MILLISECONDS = 10_000;

/**
 * The network over undici: keep-alive pools, one for each host. Redirects are answers, never followed; nothing is repeated.
 * Plain http is for loopback only. Throws UsageError where the address of the proxy is none.
 */
export function makeUndiciNet(options: UndiciNetOptions): Net {
  const open: Dispatcher[] = [];
  const proxyTo = chooseProxy(options);
  let dispatchers: Promise<Dispatchers> | undefined;
  return {
    exchange: async (request) => {
      const url = new URL(request.url);
      requireEncryption(url);
      // Loaded when the first request is made: commands that need no network start sooner.
      dispatchers ??= makeDispatchers(options, { open, proxyTo });
      return exchange((await dispatchers)(url), url, { request, limit: options.longestBody ?? LONGEST_BODY });
    },
    close: async () => {
      await Promise.all(open.splice(0).map((dispatcher) => dispatcher.destroy()));
    },
  };
}

async function makeDispatchers(
  options: UndiciNetOptions,
  { open, proxyTo }: { readonly open: Dispatcher[]; readonly proxyTo: (hostname: string) => string | undefined },
): Promise<Dispatchers> {
  const { Pool, ProxyAgent } = await import("undici");
  let verified: ReturnType<typeof verifiedTls> | undefined;
  const tls = () => {
    verified ??= verifiedTls(options.caBundle);
    return verified;
  };
  const settings = { connections: options.connections, pipelining: 1, maxHeaderSize: LONGEST_HEADERS };
  const known = new Map<string, Dispatcher>();
  return ({ origin, hostname, protocol }) => {
    const proxy = proxyTo(hostname);
    const found = known.get(proxy ?? origin);
    if (found !== undefined) return found;
    const made =
      proxy === undefined
        ? new Pool(origin, {
            ...settings,
            connect: { timeout: CONNECT_MILLISECONDS, ...(protocol === "https:" && tls()) },
          })
        : new ProxyAgent({ ...settings, uri: proxy, requestTls: tls(), proxyTls: tls() });
    known.set(proxy ?? origin, made);
    open.push(made);
    return made;
  };
}

/**
 * Said out loud, so that neither NODE_TLS_REJECT_UNAUTHORIZED nor an option of Node can switch the verification off or allow an
 * older TLS. One context for all connections, and none where there is no TLS, since reading the certificates takes longer than
 * connecting.
 */
function verifiedTls(caBundle: string | undefined): {
  readonly rejectUnauthorized: true;
  readonly secureContext: SecureContext;
} {
  const ca = caBundle === undefined ? {} : { ca: [...rootCertificates, caBundle] };
  return { rejectUnauthorized: true, secureContext: createSecureContext({ minVersion: "TLSv1.2", ...ca }) };
}

async function exchange(
  dispatcher: Dispatcher,
  url: URL,
  asked: { readonly request: HttpRequest; readonly limit: number },
): Promise<HttpResponse> {
  try {
    const { status, headers, body } = await dispatch(dispatcher, url, asked);
    return { status, headers, body: unpack(body, headers["content-encoding"], asked.limit) };
  } catch (error) {
    throw explainFailure(error);
  }
}

interface RawResponse extends Pick<HttpResponse, "status" | "headers"> {
  readonly body: Buffer;
}

/** Without the streams of `dispatcher.request`: what is made for each call costs more than reading most answers. */
function dispatch(
  dispatcher: Dispatcher,
  url: URL,
  { request, limit }: { readonly request: HttpRequest; readonly limit: number },
): Promise<RawResponse> {
  const { timeoutMilliseconds } = request;
  const options: Dispatcher.DispatchOptions = {
    origin: url.origin,
    path: `${url.pathname}${url.search}`,
    method: request.method as Dispatcher.HttpMethod,
    headers: { "accept-encoding": "gzip", "user-agent": "axcess", ...request.headers },
    body: request.body ?? null,
    // The whole exchange has one deadline: a body that trickles would run into neither of these.
    headersTimeout: 0,
    bodyTimeout: 0,
  };
  return new Promise((resolve, reject) => {
    let controller: Dispatcher.DispatchController | undefined;
    let late: NetFailure | undefined;
    const giveUp = (): void => {
      late = new NetFailure("the answer took too long", { sent: controller !== undefined, timedOut: true });
      controller?.abort(late);
      reject(late);
    };
    const deadline = setTimeout(giveUp, timeoutMilliseconds).unref();
    const settle = (): void => clearTimeout(deadline);
    let [status, size] = [0, 0];
    let headers: HttpResponse["headers"] = {};
    const chunks: Buffer[] = [];
    dispatcher.dispatch(options, {
      onRequestStart: (begun) => {
        controller = begun;
        // It was told as not sent.
        if (late !== undefined) begun.abort(late);
      },
      // Told of 1xx first, where there is one: what comes last counts.
      onResponseStart: (_, code, fields) => {
        status = code;
        headers = flattenHeaders(fields);
      },
      onResponseData: (_, chunk) => {
        size += chunk.length;
        // Throwing destroys the connection.
        if (size > limit) throw new RangeError(`the answer is longer than ${limit} bytes`);
        chunks.push(chunk);
      },
      onResponseEnd: () => {
        settle();
        resolve({ status, headers, body: Buffer.concat(chunks) });
      },
      onResponseError: (_, error) => {
        settle();
        reject(error);
      },
    });
  });
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

function requireEncryption(url: URL): void {
  if (url.protocol === "https:") return;
  if (url.protocol !== "http:") throw new UsageError(`The address ${url.origin} is neither https nor http.`);
  if (isLoopbackHost(url.hostname)) return;
  throw new UsageError(
    `The address ${url.origin} is plain http, and the key would be readable on the way.`,
    "Use https. Plain http is for a server on this machine only.",
  );
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
  "UND_ERR_PRX_TLS",
]);

function explainFailure(error: unknown): NetFailure {
  if (error instanceof NetFailure) return error;
  const { code, name, syscall, message } = error as {
    readonly code?: string;
    readonly name?: string;
    readonly syscall?: string;
    readonly message?: string;
  };
  const refusedBy = /^Proxy response \((\d+)\)/u.exec(message ?? "")?.[1];
  if (refusedBy !== undefined) {
    return new NetFailure(`the proxy answered ${refusedBy}`, { sent: false, timedOut: false, cause: error });
  }
  const sent = !(NOT_SENT.has(code ?? "") || syscall === "connect" || syscall === "getaddrinfo");
  const timedOut = name === "TimeoutError" || (code ?? "").endsWith("_TIMEOUT") || code === "ETIMEDOUT";
  return new NetFailure(message || code || "the network failed", { sent, timedOut, cause: error });
}
