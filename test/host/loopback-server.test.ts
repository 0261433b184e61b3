import { connect } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { serveLoopback } from "../../src/host/loopback-server.ts";
import type { LocalReply, LocalRequest, LocalServer } from "../../src/model/ports.ts";
import { send } from "../support/served-review.ts";

async function serve(answer: (request: LocalRequest) => Promise<LocalReply>): Promise<LocalServer> {
  const server = await serveLoopback(answer);
  onTestFinished(() => server.close());
  return server;
}

test("a request comes as it was sent, and the reply goes back as it is", async () => {
  const asked: LocalRequest[] = [];
  const server = await serve(async (request) => {
    asked.push(request);
    return { status: 201, headers: { "x-told": "yes" }, body: "ümlaut" };
  });
  const reply = await send(server, { method: "POST", path: "/a?b", headers: { "X-Mine": "1" }, body: "grüß" });
  expect(reply).toMatchObject({ status: 201, body: "ümlaut" });
  expect(reply.headers).toMatchObject({ "x-told": "yes", connection: "close" });
  expect(asked).toMatchObject([{ method: "POST", path: "/a?b", body: "grüß", headers: { "x-mine": "1" } }]);
});

test("a header that comes more than once is one text", async () => {
  const server = await serve(async ({ headers }) => ({ status: 200, headers: {}, body: headers["set-cookie"] ?? "" }));
  expect((await send(server, { path: "/", headers: { "set-cookie": "a" } })).body).toBe("a");
});

test("a fault while answering is no reason to end, and says nothing of itself", async () => {
  const server = await serve(() => Promise.reject(new Error("secret")));
  expect(await send(server, { path: "/" })).toMatchObject({ status: 500, body: "" });
  expect(await send(server, { path: "/" })).toMatchObject({ status: 500, body: "" });
});

test("whoever goes away while asking is forgotten", async () => {
  const server = await serve(async () => ({ status: 200, headers: {}, body: "" }));
  await new Promise<void>((resolve) => {
    const socket = connect(server.port, "127.0.0.1", () => {
      socket.write("POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nhalf", () => socket.destroy());
    });
    socket.on("close", () => resolve());
  });
  expect(await send(server, { path: "/" })).toMatchObject({ status: 200 });
});
