import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { LocalReply, LocalRequest, LocalServer } from "../model/ports.ts";

/** No request of a page is longer. */
const MOST_BYTES = 4_000_000;

/** Serves on 127.0.0.1, at a port that is free; a fault while answering is told as 500 without its reason. */
export async function serveLoopback(answer: (request: LocalRequest) => Promise<LocalReply>): Promise<LocalServer> {
  const server = createServer((incoming, outgoing) => {
    void exchange(incoming, outgoing, answer);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      }),
  };
}

async function exchange(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  answer: (request: LocalRequest) => Promise<LocalReply>,
): Promise<void> {
  const body = await readBody(incoming);
  const reply = body === undefined ? TOO_LONG : await answer(describe(incoming, body)).catch(() => BROKEN);
  // A connection that stays open would keep the server from ending.
  outgoing.writeHead(reply.status, { ...reply.headers, connection: "close" });
  outgoing.end(reply.body);
}

const TOO_LONG: LocalReply = { status: 413, headers: {}, body: "" };
const BROKEN: LocalReply = { status: 500, headers: {}, body: "" };

function describe({ method = "", url = "", headers }: IncomingMessage, body: string): LocalRequest {
  const texts = Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join() : value]);
  return { method, path: url, headers: Object.fromEntries(texts) as LocalRequest["headers"], body };
}

/** The body as text; undefined where it is too long, or the other side went away. */
async function readBody(incoming: IncomingMessage): Promise<string | undefined> {
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of incoming as AsyncIterable<Buffer>) {
      size += part.length;
      if (size > MOST_BYTES) return undefined;
      parts.push(part);
    }
  } catch {
    return undefined;
  }
  return Buffer.concat(parts).toString("utf8");
}
