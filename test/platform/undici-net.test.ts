import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { UsageError } from "../../src/model/errors.ts";
import { type HttpRequest, type Net, NetFailure } from "../../src/model/ports.ts";
import { makeUndiciNet, type UndiciNetOptions } from "../../src/platform/undici-net.ts";

const open: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function listen(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server: Server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  open.push(
    () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  );
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function connect(options: Partial<UndiciNetOptions> = {}): Net {
  const net = makeUndiciNet({ connections: 4, ...options });
  open.push(() => net.close());
  return net;
}

function ask(url: string, more: Partial<HttpRequest> = {}): HttpRequest {
  return { method: "GET", url, headers: {}, body: undefined, timeoutMilliseconds: 5000, ...more };
}

async function failureOf(exchange: Promise<unknown>): Promise<NetFailure> {
  const error: unknown = await exchange.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof NetFailure)) throw new Error(`not a NetFailure: ${String(error)}`);
  return error;
}

describe("the network", () => {
  it("sends method, headers and body, and answers status, headers and body", async () => {
    const url = await listen(async (request, response) => {
      let body = "";
      for await (const chunk of request) body += String(chunk);
      response.writeHead(201, { "X-Thing": ["a", "b"], "content-type": "application/json" });
      response.end(JSON.stringify({ method: request.method, url: request.url, key: request.headers["x-key"], body }));
    });
    const answer = await connect().exchange(
      ask(`${url}/v2/roles?x=1`, { method: "POST", headers: { "x-key": "k" }, body: "{ü}" }),
    );
    expect(answer.status).toBe(201);
    expect(answer.headers["x-thing"]).toBe("a, b");
    expect(JSON.parse(answer.body)).toEqual({ method: "POST", url: "/v2/roles?x=1", key: "k", body: "{ü}" });
  });

  it("unpacks gzip", async () => {
    const url = await listen((request, response) => {
      expect(request.headers["accept-encoding"]).toBe("gzip");
      response.writeHead(200, { "content-encoding": "gzip" });
      response.end(gzipSync("packed ü"));
    });
    expect((await connect().exchange(ask(url))).body).toBe("packed ü");
  });

  it("uses connections again and no more than it is given", async () => {
    const sockets = new Set<unknown>();
    const url = await listen((request, response) => {
      sockets.add(request.socket);
      response.end("{}");
    });
    const net = connect({ connections: 3 });
    await Promise.all(Array.from({ length: 30 }, () => net.exchange(ask(url))));
    expect(sockets.size).toBeLessThanOrEqual(3);
  });

  it("does not follow redirects", async () => {
    let requests = 0;
    const url = await listen((_, response) => {
      requests += 1;
      response.writeHead(302, { location: "/elsewhere" });
      response.end();
    });
    expect((await connect().exchange(ask(url))).status).toBe(302);
    expect(requests).toBe(1);
  });

  it.each([
    ["plain", (response: ServerResponse) => response.end("x".repeat(2000))],
    [
      "packed",
      (response: ServerResponse) => {
        response.writeHead(200, { "content-encoding": "gzip" });
        response.end(gzipSync("x".repeat(2000)));
      },
    ],
  ])("refuses an answer that is too long (%s)", async (_, answer) => {
    const url = await listen((_request, response) => void answer(response));
    const failure = await failureOf(connect({ longestBody: 1000 }).exchange(ask(url)));
    expect(failure).toMatchObject({ sent: true, timedOut: false });
  });

  it("refuses an answer that is packed in a way nobody asked for", async () => {
    const url = await listen((_, response) => {
      response.writeHead(200, { "content-encoding": "br" });
      response.end("?");
    });
    expect(await failureOf(connect().exchange(ask(url)))).toMatchObject({ sent: true });
  });

  it("knows that a refused connection sent nothing", async () => {
    const server = createTcpServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const failure = await failureOf(connect().exchange(ask(`http://127.0.0.1:${port}`)));
    expect(failure).toMatchObject({ sent: false, timedOut: false });
  });

  it("knows that a connection cut after the request may have sent it", async () => {
    const url = await listen((request) => request.socket.destroy());
    const failure = await failureOf(connect().exchange(ask(url, { method: "POST", body: "{}" })));
    expect(failure).toMatchObject({ sent: true, timedOut: false });
  });

  it("knows that a body cut short is no whole answer", async () => {
    const url = await listen((_, response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("{");
      setImmediate(() => response.destroy());
    });
    expect(await failureOf(connect().exchange(ask(url)))).toMatchObject({ sent: true });
  });

  it("times out, also when the body trickles", async () => {
    const timers: NodeJS.Timeout[] = [];
    const url = await listen((request, response) => {
      if (request.url === "/silent") return;
      response.writeHead(200);
      timers.push(setInterval(() => response.write("."), 10));
    });
    const net = connect();
    for (const path of ["/silent", "/trickle"]) {
      const failure = await failureOf(net.exchange(ask(`${url}${path}`, { timeoutMilliseconds: 60 })));
      expect(failure).toMatchObject({ sent: true, timedOut: true });
    }
    for (const timer of timers) clearInterval(timer);
  });

  it("tells what waited for a connection until its time was over, and never sends it", async () => {
    const asked: string[] = [];
    let arrive = (_answer: () => void): void => undefined;
    const arrived = new Promise<() => void>((resolve) => {
      arrive = resolve;
    });
    const url = await listen((request, response) => {
      asked.push(request.url ?? "");
      if (request.url === "/first") arrive(() => response.end("1"));
      else response.end("2");
    });
    const net = connect({ connections: 1 });
    const first = net.exchange(ask(`${url}/first`));
    const answer = await arrived;
    const late = await failureOf(net.exchange(ask(`${url}/late`, { timeoutMilliseconds: 60 })));
    expect(late).toMatchObject({ sent: false, timedOut: true });
    const last = net.exchange(ask(`${url}/last`));
    answer();
    expect([(await first).body, (await last).body]).toEqual(["1", "2"]);
    expect(asked).toEqual(["/first", "/last"]);
  });

  it.each([
    "http://api.example.test/v2",
    "ftp://127.0.0.1/x",
    "http://127.0.0.1.example.test/",
    "http://localhost.example.test/",
    "http://localhost@example.test/",
    "http://127.0.0.1:80@example.test/",
    "http://example.test#@127.0.0.1/",
    "http://10.0.0.1/",
    "http://0/",
    "http://128.0.0.1/",
    "http://0x80.1/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::2]/",
    "http://loc%61lhost.example.test/",
  ])("refuses to send a key to %s", async (url) => {
    await expect(connect().exchange(ask(url))).rejects.toBeInstanceOf(UsageError);
  });

  it.each(["127.0.0.1", "localhost", "0x7f.1", "2130706433", "0177.0.0.1", "127.1", "LOCALHOST", "１２７.0.0.1"])(
    "takes http://%s for this machine, as whoever connects does",
    async (host) => {
      const { port } = new URL(await listen((_, response) => response.end("here")));
      expect((await connect().exchange(ask(`http://${host}:${port}/`))).body).toBe("here");
    },
  );
});
