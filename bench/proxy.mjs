// @ts-check
// A process between a client and the sandbox, on loopback: the latency of a network, limits like a platform's, and its own counts.
// Started by serve.mjs, and steered by messages: node bench/proxy.mjs PORT
import { Agent, createServer, request as send } from "node:http";
import { makeRandom } from "./generate-account.mjs";

/** @typedef {{ readonly kind: "bucket", readonly capacity: number, readonly perSecond: number } | { readonly kind: "window", readonly most: number, readonly seconds: number }} Limit */
/** @typedef {{ readonly latencyMs: number, readonly jitter: number, readonly limit?: Limit | undefined, readonly seed: number, readonly tellAtWrites?: number | undefined }} Weather */
/** @typedef {{ readonly at: number, readonly ms: number, readonly late: boolean, readonly method: string, readonly path: string, readonly list: string, readonly status: number, readonly graphql: "query" | "mutation" | undefined }} Served */

/** What the clients of one measurement asked for and were given. Times are milliseconds. @typedef {object} Traffic
 * @property {number} servedMs Mean latency of all answers, the limits' refusals among them.
 * @property {number} late Share of answers that the sandbox held up for longer than the latency that was meant.
 * @property {number} firstAt When the first request came, in milliseconds since 1970.
 * @property {number} wireMs From the first request to the last answer.
 * @property {number} reads REST calls that read and were let in.
 * @property {number} lists Those of them that ask for a page of a list.
 * @property {number} writes REST calls that write and were let in.
 * @property {number} queries
 * @property {number} mutations
 * @property {number} queriesInAMinute The most in any minute.
 * @property {number} refused Answers of 429.
 * @property {number} refusedInARow How often at most the same request was refused, one time after the other.
 * @property {number} failed Other answers from 400 on.
 * @property {number} longestList Pages of the list that has most.
 * @property {number} mostInFlight
 * @property {Readonly<Record<string, number>>} done How many writes of each sort, such as "POST role-bindings", were answered well.
 */

const port = Number(process.argv[2]);
const agent = new Agent({ keepAlive: true, maxSockets: 256 });
/** @type {Weather} */
let weather = { latencyMs: 0, jitter: 0, seed: 1 };
let random = makeRandom(1);
let gate = makeGate(undefined);
/** @type {Served[]} */
let served = [];
let inFlight = 0;
let mostInFlight = 0;
let writes = 0;
/** How often each request that waits was refused so far. @type {Map<string, number>} */
const refusals = new Map();
let refusedInARow = 0;

const server = createServer((incoming, outgoing) => {
  const at = performance.now();
  inFlight += 1;
  mostInFlight = Math.max(mostInFlight, inFlight);
  const meant = weather.latencyMs * (1 + weather.jitter * (random() * 2 - 1));
  const url = new URL(incoming.url ?? "/", "http://sandbox");
  const isGraphql = url.pathname === "/graphql";
  /** @type {Buffer[]} */
  const chunks = [];
  incoming.on("data", (chunk) => chunks.push(chunk));
  incoming.on("error", () => outgoing.destroy());
  incoming.on("end", () => {
    const body = Buffer.concat(chunks);
    /** @param {{ status: number, headers: import("node:http").OutgoingHttpHeaders, body: Buffer }} answer */
    const answer = ({ status, headers, body: text }) => {
      const left = at + meant - performance.now();
      const isLate = left < 0;
      const finish = () => {
        inFlight -= 1;
        countRefusals(`${incoming.method} ${incoming.url} ${body}`, status);
        const method = incoming.method ?? "";
        url.searchParams.delete("cursor");
        const graphql = isGraphql
          ? /"query":\s*"\s*mutation/.test(body.toString("utf8", 0, 200))
            ? "mutation"
            : "query"
          : undefined;
        served.push({
          at,
          ms: performance.now() - at,
          late: isLate,
          method,
          path: url.pathname,
          list: url.href,
          status,
          graphql,
        });
        outgoing.writeHead(status, headers).end(text);
      };
      if (isLate) finish();
      else setTimeout(finish, left);
    };
    const wait = isGraphql ? 0 : gate(at);
    if (wait > 0) return answer(refusal(wait));
    if (!isGraphql && incoming.method !== "GET") {
      writes += 1;
      if (writes === weather.tellAtWrites) process.send?.({ told: "writes" });
    }
    forward(incoming, body, answer);
  });
});

/** @param {import("node:http").IncomingMessage} incoming @param {Buffer} body @param {(answer: { status: number, headers: import("node:http").OutgoingHttpHeaders, body: Buffer }) => void} answer */
function forward(incoming, body, answer) {
  const { connection: _, "transfer-encoding": __, host: ___, ...headers } = incoming.headers;
  const outgoing = send(
    {
      agent,
      host: "127.0.0.1",
      port,
      method: incoming.method,
      path: incoming.url,
      headers: { ...headers, "content-length": body.length },
    },
    (from) => {
      /** @type {Buffer[]} */
      const chunks = [];
      from.on("data", (chunk) => chunks.push(chunk));
      from.on("end", () => {
        const { connection: ____, "keep-alive": _____, "transfer-encoding": ______, ...kept } = from.headers;
        const text = Buffer.concat(chunks);
        const length = text.length > 0 ? { "content-length": text.length } : {};
        answer({ status: from.statusCode ?? 502, headers: { ...kept, ...length }, body: text });
      });
    },
  );
  outgoing.on("error", () => answer({ status: 502, headers: {}, body: Buffer.alloc(0) }));
  outgoing.end(body);
}

/** @param {string} request @param {number} status */
function countRefusals(request, status) {
  if (status !== 429) refusals.delete(request);
  else {
    const count = (refusals.get(request) ?? 0) + 1;
    refusals.set(request, count);
    refusedInARow = Math.max(refusedInARow, count);
  }
}

/** @param {number} waitMs */
function refusal(waitMs) {
  const body = Buffer.from(JSON.stringify({ status: 429, title: "Too Many Requests", detail: "Slow down." }));
  const headers = {
    "content-type": "application/problem+json",
    "retry-after": String(Math.max(1, Math.ceil(waitMs / 1000))),
  };
  return { status: 429, headers, body };
}

/** Lets a request in (0), or says how many milliseconds it is until the next one would be. @param {Limit | undefined} limit @returns {(now: number) => number} */
function makeGate(limit) {
  if (limit === undefined) return () => 0;
  if (limit.kind === "bucket") {
    let tokens = limit.capacity;
    let last = performance.now();
    return (now) => {
      tokens = Math.min(limit.capacity, tokens + ((now - last) / 1000) * limit.perSecond);
      last = now;
      if (tokens < 1) return ((1 - tokens) / limit.perSecond) * 1000;
      tokens -= 1;
      return 0;
    };
  }
  let start = -Infinity;
  let used = 0;
  return (now) => {
    if (now - start >= limit.seconds * 1000) {
      start = now;
      used = 0;
    }
    if (used >= limit.most) return start + limit.seconds * 1000 - now;
    used += 1;
    return 0;
  };
}

/** @returns {Traffic} */
function report() {
  const sum = (/** @type {(each: Served) => boolean} */ fits) => served.filter(fits).length;
  const isOpen = (/** @type {Served} */ each) => each.status !== 429;
  const rest = served.filter((each) => each.graphql === undefined && isOpen(each));
  const isList = (/** @type {Served} */ { method, list }) =>
    method === "GET" && new URL(list).searchParams.has("limit");
  const pages = countBy(rest.filter(isList), ({ list }) => list);
  const wellDone = rest.filter(({ method, status }) => method !== "GET" && status < 300);
  return {
    servedMs: served.reduce((total, { ms }) => total + ms, 0) / Math.max(1, served.length),
    late: sum(({ late }) => late) / Math.max(1, served.length),
    firstAt: performance.timeOrigin - most(served.map(({ at }) => -at)),
    wireMs: served.length === 0 ? 0 : most(served.map(({ at, ms }) => at + ms)) + most(served.map(({ at }) => -at)),
    reads: rest.filter(({ method }) => method === "GET").length,
    lists: rest.filter(isList).length,
    writes: rest.filter(({ method }) => method !== "GET").length,
    queries: sum(({ graphql }) => graphql === "query"),
    mutations: sum(({ graphql }) => graphql === "mutation"),
    queriesInAMinute: countInAMinute(served.filter(({ graphql }) => graphql === "query").map(({ at }) => at)),
    refused: sum(({ status }) => status === 429),
    refusedInARow,
    failed: sum(({ status }) => status >= 400 && status !== 429),
    longestList: most(Object.values(pages)),
    mostInFlight,
    done: countBy(wellDone, ({ method, path }) => `${method} ${sortOf(path)}`),
  };
}

/** @param {readonly number[]} moments @returns {number} */
function countInAMinute(moments) {
  const sorted = [...moments].sort((a, b) => a - b);
  let from = 0;
  return most(
    sorted.map((at, index) => {
      while ((sorted[from] ?? at) <= at - 60_000) from += 1;
      return index - from + 1;
    }),
  );
}

/** The collections in a path, without what is between them. @param {string} path */
function sortOf(path) {
  const parts = path.split("/").slice(2);
  return parts.filter((_, index) => index % 2 === 0).join(" ");
}

/** @template T @param {readonly T[]} items @param {(item: T) => string} keyOf */
function countBy(items, keyOf) {
  /** @type {Record<string, number>} */
  const counts = {};
  for (const item of items) counts[keyOf(item)] = (counts[keyOf(item)] ?? 0) + 1;
  return counts;
}

/** A call takes only so many arguments. @param {readonly number[]} numbers */
function most(numbers) {
  return numbers.reduce((best, number) => Math.max(best, number), numbers.length === 0 ? 0 : -Infinity);
}

/** What a killed client left under way is answered all the same, and counts. */
function tellTraffic() {
  if (inFlight > 0) setTimeout(tellTraffic, 10);
  else process.send?.({ traffic: report() });
}

process.on("message", (/** @type {{ weather?: Weather }} */ message) => {
  if (message.weather !== undefined) {
    weather = message.weather;
    random = makeRandom(weather.seed);
    gate = makeGate(weather.limit);
    served = [];
    writes = 0;
    refusals.clear();
    refusedInARow = 0;
    mostInFlight = inFlight;
    process.send?.({ set: true });
  } else tellTraffic();
});
process.on("disconnect", () => process.exit());
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.send?.({ port: typeof address === "object" ? address?.port : undefined });
});
