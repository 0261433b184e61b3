import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { afterAll, beforeAll, vi } from "vitest";
import { systemFiles } from "../../src/host/system-files.ts";
import { connectStore } from "../../src/stores/connect-store.ts";
import { describeStore, type StoreBench } from "../support/ledger-contract.ts";
import { type S3Server, startS3 } from "../support/s3-server.ts";

let server: S3Server;
beforeAll(async () => {
  server = await startS3();
  for (const [name, value] of Object.entries(server.env)) vi.stubEnv(name, value);
});
afterAll(() => server.stop());

function locationOf(prefix: string, port: number = server.port): string {
  return `s3://${server.bucket}/${prefix}?endpoint=http://127.0.0.1:${port}&path-style=true`;
}

async function makeBench(): Promise<StoreBench> {
  const prefix = `team/${randomUUID()}`;
  return {
    open: () => connectStore(locationOf(prefix), systemFiles),
    bury: async () => server.age(prefix, 182),
    empty: async () => rmSync(server.folderOf(prefix), { recursive: true }),
  };
}

describeStore("a ledger in S3", makeBench);
