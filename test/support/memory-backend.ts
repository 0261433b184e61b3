import type { LockHolder } from "../../src/model/ledger-store.ts";
import type { LeasedBackend } from "../../src/state/leased-store.ts";

/** A store on another machine, without the machine: what several openings of it share. */
export interface MemoryServer {
  lines: string;
  lease: { epoch: number; renewal: number; holder: LockHolder | undefined; renewedAt: number } | undefined;
  /** Its own clock. */
  now: number;
  /** Thrown by everything that is asked while it is set. */
  failure: Error | undefined;
}

/** Makes an empty server. */
export function makeMemoryServer(): MemoryServer {
  return { lines: "", lease: undefined, now: 0, failure: undefined };
}

/** Opens it as a backend. */
export function makeMemoryBackend(server: MemoryServer): LeasedBackend {
  const reach = async (): Promise<void> => {
    await Promise.resolve();
    if (server.failure !== undefined) throw server.failure;
  };
  return {
    shown: "memory://server/ledger",
    readInPieces: async (take, from) => {
      await reach();
      const { lines } = server;
      const bytes = new TextEncoder().encode(lines).subarray(from?.bytes);
      const middle = Math.floor(bytes.length / 2);
      for (const piece of [bytes.subarray(0, middle), bytes.subarray(middle)]) await take(piece);
      return lines === "" ? undefined : lines.length;
    },
    readLease: async () => {
      await reach();
      if (server.lease === undefined) return undefined;
      const { epoch, renewal, holder, renewedAt } = server.lease;
      return { epoch, holder, mark: `${epoch}.${renewal}`, idle: server.now - renewedAt };
    },
    swapLease: async (seen, holder) => {
      await reach();
      const { lease } = server;
      if ((lease && `${lease.epoch}.${lease.renewal}`) !== seen?.mark) return undefined;
      const epoch = (seen?.epoch ?? 0) + 1;
      server.lease = { epoch, renewal: 0, holder, renewedAt: server.now };
      return epoch;
    },
    renewLease: async (epoch) => {
      await reach();
      if (server.lease?.epoch !== epoch) return "lost";
      server.lease.renewal += 1;
      server.lease.renewedAt = server.now;
      return "held";
    },
    append: async (text, { epoch, end }) => {
      await reach();
      if (server.lease?.epoch !== epoch) return "lost";
      if (server.lines.length !== end) return "moved";
      server.lines += text;
      return server.lines.length;
    },
    close: async () => undefined,
  };
}
