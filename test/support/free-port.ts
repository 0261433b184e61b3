import { type AddressInfo, connect, createServer } from "node:net";

/** A port of 127.0.0.1 that nobody listens on. */
export function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** Resolves once somebody listens there; rejects where the program that should has ended. */
export async function waitForPort(port: number, ended: () => string | undefined): Promise<void> {
  for (;;) {
    const because = ended();
    if (because !== undefined) throw new Error(because);
    if (await isListening(port)) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
