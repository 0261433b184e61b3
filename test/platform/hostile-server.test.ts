import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer, type ServerOptions } from "node:https";
import { type AddressInfo, connect as connectTcp, createServer as createTcpServer, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { PlatformError, UsageError } from "../../src/model/errors.ts";
import { connectPlatform, makeReader, makeWriter } from "../../src/platform/arize-platform.ts";
import { makeUndiciNet, type UndiciNetOptions } from "../../src/platform/undici-net.ts";
import { makeCertificate } from "../support/certificate.ts";
import { TEST_KEY } from "../support/scripted-platform.ts";
import { makeVirtualClock } from "../support/virtual-clock.ts";

// Servers that mean harm, and connections that are not what they seem. Everything is on this machine.

const CERTIFICATE = makeCertificate(["127.0.0.1", "localhost", "api.acme.test"]);
const open: (() => Promise<void>)[] = [];
const verification = process.env["NODE_TLS_REJECT_UNAUTHORIZED"];

beforeEach(() => {
  delete process.env["NODE_TLS_REJECT_UNAUTHORIZED"];
});

afterEach(async () => {
  vi.restoreAllMocks();
  for (const close of open.splice(0).reverse()) await close();
  delete process.env["NODE_TLS_REJECT_UNAUTHORIZED"];
  if (verification !== undefined) process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = verification;
});

async function portOf(server: Server | ReturnType<typeof createTcpServer>): Promise<number> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => void sockets.add(socket.on("error", () => undefined)));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  open.push(
    () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  );
  return (server.address() as AddressInfo).port;
}

const listen = async (answer: RequestListener): Promise<string> =>
  `http://127.0.0.1:${await portOf(createServer(answer))}`;

const listenTls = async (answer: RequestListener, options: ServerOptions = {}): Promise<number> =>
  portOf(createTlsServer({ ...CERTIFICATE, ...options }, answer));

interface Sides {
  readonly reader: ReturnType<typeof makeReader>;
  readonly writer: ReturnType<typeof makeWriter>;
}

function connect(url: string, options: Partial<UndiciNetOptions> & { readonly timeout?: number } = {}): Sides {
  const { timeout = 5000, ...net } = options;
  const connection = connectPlatform({
    restUrl: url,
    appUrl: url,
    apiKey: () => TEST_KEY,
    net: makeUndiciNet({ connections: 2, ...net }),
    clock: makeVirtualClock(),
    random: { fraction: () => 0, id: () => "id" },
    parallelism: 2,
    ratePerMinute: undefined,
    timeoutMilliseconds: timeout,
  });
  open.push(() => connection.close());
  const reader = makeReader(connection);
  return { reader, writer: makeWriter(connection, reader) };
}

async function failureOf(work: Promise<unknown>): Promise<PlatformError> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof PlatformError)) throw new Error(`not a PlatformError: ${String(error)}`);
  return error;
}

const holdsKey = ({ headers, rawHeaders }: IncomingMessage): boolean =>
  JSON.stringify([headers, rawHeaders]).includes(TEST_KEY);

describe("a redirect", () => {
  it.each([300, 301, 302, 303, 307, 308])("of status %i takes the key to no other host", async (status) => {
    const strangers: boolean[] = [];
    const stranger = await listen((request, response) => {
      strangers.push(holdsKey(request));
      response.end("{}");
    });
    const url = await listen((request, response) => {
      response.writeHead(status, { location: `${stranger}${request.url}`, refresh: `0; url=${stranger}` });
      response.end();
    });
    const { reader, writer } = connect(url);
    const body = { name: "n" };
    const calls = [
      reader.get("/v2/users/x"),
      reader.list({ path: "/v2/users", query: {}, collection: "users" }),
      writer.write({ method: "POST", path: "/v2/roles", body, settle: "repeat" }),
      writer.remove("/v2/roles/r"),
    ];
    for (const call of calls) {
      expect((await failureOf(call)).message).toContain(`answered ${status}: redirects are not followed`);
    }
    expect(await reader.identify()).toMatchObject({ graphql: "unavailable", accountAdmin: "unknown" });
    expect(await reader.readSpaceMembers(["s"])).toEqual(
      new Map([
        ["s", { state: "unreadable", because: `POST /graphql answered ${status}: redirects are not followed` }],
      ]),
    );
    expect(strangers).toEqual([]);
  });

  it("takes the key neither from https to http nor back", async () => {
    const strangers: string[] = [];
    const plain = await listen((request, response) => {
      strangers.push(String(request.url));
      response.end("{}");
    });
    const port = await listenTls((request, response) => {
      response.writeHead(307, { location: `${plain}${request.url}` });
      response.end();
    });
    const { reader } = connect(`https://127.0.0.1:${port}`, { caBundle: CERTIFICATE.cert });
    expect((await failureOf(reader.get("/v2/users/x"))).status).toBe(307);
    expect((await reader.identify()).graphql).toBe("unavailable");
    expect(strangers).toEqual([]);
  });
});

describe("TLS", () => {
  it("takes an authority of one's own, beside the usual ones", async () => {
    const port = await listenTls((_, response) => response.end('{"id":"x"}'));
    const { reader } = connect(`https://127.0.0.1:${port}`, { caBundle: CERTIFICATE.cert });
    expect(await reader.get("/v2/users/x")).toEqual({ id: "x" });
  });

  it("sends nothing to a server that nobody vouches for, or that is vouched for under another name", async () => {
    let requests = 0;
    const count: RequestListener = (_, response) => {
      requests += 1;
      response.end("{}");
    };
    const port = await listenTls(count);
    const other = await listenTls(count, makeCertificate(["evil.test"]));
    const tries = [
      connect(`https://127.0.0.1:${port}`),
      connect(`https://127.0.0.1:${other}`, { caBundle: CERTIFICATE.cert }),
    ];
    for (const { reader, writer } of tries) {
      expect(await failureOf(reader.get("/v2/users/x"))).toMatchObject({ failure: "network" });
      expect(await failureOf(writer.remove("/v2/users/x"))).toMatchObject({ failure: "network", ambiguous: false });
    }
    expect(requests).toBe(0);
  });

  it("is verified whatever NODE_TLS_REJECT_UNAUTHORIZED says", async () => {
    const port = await listenTls((_, response) => response.end('{"id":"x"}'));
    // Node warns of the variable; that is not what is tested.
    vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
    process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = "0";
    const { reader } = connect(`https://127.0.0.1:${port}`);
    expect(await failureOf(reader.get("/v2/users/x"))).toMatchObject({ failure: "network" });
  });

  it("older than 1.2 is refused", async () => {
    const old = { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" } as const;
    const port = await listenTls((_, response) => response.end('{"id":"x"}'), old);
    const { reader } = connect(`https://127.0.0.1:${port}`, { caBundle: CERTIFICATE.cert });
    expect(await failureOf(reader.get("/v2/users/x"))).toMatchObject({ failure: "network" });
  });
});

describe("a proxy", () => {
  /** Passes tunnels on to one port whatever they ask for, or answers them with a status. */
  async function listenProxy(answer: { readonly to: number } | { readonly status: number }): Promise<{
    readonly port: number;
    readonly asked: string[];
    readonly heads: string[];
    readonly seen: () => string;
  }> {
    const asked: string[] = [];
    const heads: string[] = [];
    let seen = "";
    const server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      response.end();
    });
    server.on("connect", (request: IncomingMessage, socket: Socket) => {
      asked.push(`CONNECT ${request.url}`);
      heads.push(JSON.stringify(request.headers));
      socket.on("error", () => undefined);
      if ("status" in answer) {
        socket.end(`HTTP/1.1 ${answer.status} No\r\ncontent-length: 0\r\n\r\n`);
        return;
      }
      const onward = connectTcp(answer.to, "127.0.0.1").on("error", () => undefined);
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      socket.on("data", (chunk) => {
        seen += chunk.toString("latin1");
      });
      socket.on("close", () => onward.destroy());
      socket.pipe(onward).pipe(socket);
    });
    return { port: await portOf(server), asked, heads, seen: () => seen };
  }

  it("carries a tunnel, with its own password, and sees neither the key nor the path", async () => {
    const target = await listenTls((request, response) => {
      response.end(JSON.stringify({ id: "x", own: request.headers["proxy-authorization"], key: holdsKey(request) }));
    });
    const proxy = await listenProxy({ to: target });
    const { reader } = connect("https://api.acme.test", {
      caBundle: CERTIFICATE.cert,
      proxyUrl: `http://me:s%40crit@127.0.0.1:${proxy.port}`,
    });
    expect(await reader.get("/v2/users/x")).toEqual({ id: "x", key: true });
    expect(proxy.asked).toEqual(["CONNECT api.acme.test:443"]);
    expect(proxy.heads.join()).toContain(btoa("me:s@crit"));
    expect(proxy.heads.join() + proxy.seen()).not.toContain(TEST_KEY);
    expect(proxy.seen()).not.toContain("/v2/users");
  });

  it("that shows a certificate of its own gets nothing", async () => {
    const target = await listenTls((_, response) => response.end("{}"), makeCertificate(["api.acme.test"]));
    const proxy = await listenProxy({ to: target });
    const proxyUrl = `http://127.0.0.1:${proxy.port}`;
    const { reader } = connect("https://api.acme.test", { proxyUrl, caBundle: CERTIFICATE.cert });
    expect(await failureOf(reader.get("/v2/users/x"))).toMatchObject({ failure: "network" });
    expect(proxy.seen()).not.toContain(TEST_KEY);
  });

  it("is not asked for what is on this machine, or was named as reached directly", async () => {
    const proxy = await listenProxy({ status: 500 });
    const proxyUrl = `http://127.0.0.1:${proxy.port}`;
    const url = await listen((_, response) => response.end('{"id":"x"}'));
    expect(await connect(url, { proxyUrl }).reader.get("/v2/users/x")).toEqual({ id: "x" });
    const port = await listenTls((_, response) => response.end('{"id":"x"}'));
    const direct = connect(`https://localhost:${port}`, { proxyUrl, caBundle: CERTIFICATE.cert, directHosts: ["*"] });
    expect(await direct.reader.get("/v2/users/x")).toEqual({ id: "x" });
    expect(proxy.asked).toEqual([]);
  });

  it("that refuses is told, and nothing was sent", async () => {
    const proxy = await listenProxy({ status: 407 });
    const proxyUrl = `http://me:secret-of-mine@127.0.0.1:${proxy.port}`;
    const { writer } = connect("https://api.acme.test", { proxyUrl });
    const error = await failureOf(writer.remove("/v2/users/x"));
    expect(error).toMatchObject({ failure: "network", ambiguous: false });
    expect(error.message).toContain("the proxy answered 407");
    expect(error.stack).not.toContain("secret-of-mine");
  });

  it.each(["socks5://127.0.0.1:1", "proxy:3128", "", "http://me:secret@", "file:///etc/passwd"])(
    "%j is refused without showing it",
    (proxyUrl) => {
      expect(() => makeUndiciNet({ connections: 1, proxyUrl })).toThrow(UsageError);
      expect(() => makeUndiciNet({ connections: 1, proxyUrl })).toThrow(/^The address of the proxy is not one/u);
    },
  );
});

describe("an answer without an end", () => {
  it("ends with an error when it is too long, and is read no further", async () => {
    let sent = 0;
    const url = await listen((_, response) => {
      const chunk = Buffer.alloc(64 * 1024, 0x20);
      const more = (): void => {
        while (!response.destroyed && response.write(chunk)) sent += chunk.length;
      };
      response.on("drain", more).on("error", () => undefined);
      more();
    });
    const { reader } = connect(url, { longestBody: 1024 * 1024 });
    const error = await failureOf(reader.get("/v2/users/x"));
    expect(error.message).toContain("the answer is longer than 1048576 bytes");
    // Six tries, each with what lay in the buffers between the two ends.
    expect(sent).toBeLessThan(6 * 16 * 1024 * 1024);
  });

  it("of headers ends with an error", async () => {
    const server = createTcpServer((socket) => {
      socket.on("error", () => undefined);
      socket.once("data", () => {
        socket.write("HTTP/1.1 200 OK\r\n");
        const more = (): void => {
          while (!socket.destroyed && socket.write(`x-${"a".repeat(1000)}: ${"b".repeat(1000)}\r\n`));
        };
        socket.on("drain", more);
        more();
      });
    });
    const { reader } = connect(`http://127.0.0.1:${await portOf(server)}`);
    expect(await failureOf(reader.get("/v2/users/x"))).toMatchObject({ failure: "network" });
  });

  it.each([
    ["headers", "HTTP/1.1 200 OK\r\nx-a: "],
    ["a body", "HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n"],
    ["chunks", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"],
  ])("that trickles as %s runs out of time", async (what, start) => {
    const timers: NodeJS.Timeout[] = [];
    const server = createTcpServer((socket) => {
      socket.on("error", () => undefined);
      socket.once("data", () => {
        socket.write(start);
        timers.push(setInterval(() => socket.write(what === "chunks" ? "1\r\na\r\n" : "a"), 5));
      });
    });
    const { reader } = connect(`http://127.0.0.1:${await portOf(server)}`, { timeout: 60 });
    expect(await failureOf(reader.get("/v2/users/x"))).toMatchObject({ failure: "timeout" });
    for (const timer of timers) clearInterval(timer);
  });
});
