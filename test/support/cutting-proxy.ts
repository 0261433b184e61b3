import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** Where a connection is cut: before a request reaches the server, before its answer is passed on, or in the middle of the answer. */
export type Cut = "before the request" | "before the answer" | "in the answer";

/** A port between a client and a server, which counts what the client sends and cuts the connection where it is told. */
export interface CuttingProxy {
  readonly port: number;
  /** How many pieces the client has sent. */
  readonly requests: () => number;
  /** Cuts at the request with this number, counted from 1. From then on nobody gets through, unless it `recovers`. */
  readonly cutAt: (request: number, cut: Cut, recovers: boolean) => void;
  /** Lets everything through again, and counts anew. */
  readonly heal: () => void;
  readonly close: () => Promise<void>;
}

interface Plan {
  readonly request: number;
  readonly cut: Cut;
  readonly recovers: boolean;
}

/** Starts one on loopback. A piece that fits `swallows` gets no answer, and is passed on to nobody. */
export async function startCuttingProxy(upstream: number, swallows?: RegExp): Promise<CuttingProxy> {
  let plan: Plan | undefined;
  let requests = 0;
  let isDown = false;
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const far = connect(upstream, "127.0.0.1");
    let doomed: Cut | undefined;
    const end = (): void => {
      client.destroy();
      far.destroy();
    };
    for (const socket of [client, far]) {
      sockets.add(socket);
      socket.on("error", end);
      socket.on("close", () => {
        sockets.delete(socket);
        end();
      });
    }
    if (isDown) end();
    client.on("data", (chunk) => {
      if (isDown) return end();
      if (swallows?.test(chunk.toString("latin1")) === true) return;
      requests += 1;
      if (plan?.request === requests) {
        doomed = plan.cut;
        isDown = !plan.recovers;
        if (doomed === "before the request") return end();
      }
      far.write(chunk);
    });
    far.on("data", (chunk) => {
      if (doomed === "in the answer") client.write(chunk.subarray(0, Math.ceil(chunk.length / 2)), end);
      else if (doomed === "before the answer") end();
      else client.write(chunk);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    requests: () => requests,
    cutAt: (request, cut, recovers) => {
      plan = { request, cut, recovers };
      requests = 0;
      isDown = false;
    },
    heal: () => {
      plan = undefined;
      requests = 0;
      isDown = false;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
