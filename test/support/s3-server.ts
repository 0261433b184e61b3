import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { findFreePort, waitForPort } from "./free-port.ts";

/** A real S3 server with a bucket, which keeps objects as files in a folder of its own. */
export interface S3Server {
  readonly port: number;
  /** The variables that the SDK takes its credentials from. */
  readonly env: Readonly<Record<string, string>>;
  readonly bucket: string;
  /** The folder of the objects below a prefix. */
  readonly folderOf: (prefix: string) => string;
  /** Makes all objects below a prefix older. */
  readonly age: (prefix: string, seconds: number) => void;
  readonly stop: () => Promise<void>;
}

const BUCKET = "ledgers";
const KEYS = { AWS_ACCESS_KEY_ID: "axcesstest", AWS_SECRET_ACCESS_KEY: "axcesstestsecret", AWS_REGION: "us-east-1" };

/** Starts versitygw on a loopback port. Throws where it is not installed. */
export async function startS3(): Promise<S3Server> {
  const folder = mkdtempSync(join(tmpdir(), "axcess-s3-"));
  const port = await findFreePort();
  const env = { ROOT_ACCESS_KEY: KEYS.AWS_ACCESS_KEY_ID, ROOT_SECRET_KEY: KEYS.AWS_SECRET_ACCESS_KEY };
  const root = join(folder, "root");
  mkdirSync(root);
  const words = ["--quiet", "--port", `127.0.0.1:${port}`, "posix", root];
  const child = spawn(findProgram(), words, { env, cwd: folder, stdio: "ignore" });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  await waitForPort(port, () => (child.exitCode === null ? undefined : `versitygw ended with ${child.exitCode}.`));
  const client = new S3Client({
    endpoint: `http://127.0.0.1:${port}`,
    region: KEYS.AWS_REGION,
    forcePathStyle: true,
    credentials: { accessKeyId: KEYS.AWS_ACCESS_KEY_ID, secretAccessKey: KEYS.AWS_SECRET_ACCESS_KEY },
  });
  await client.send(new CreateBucketCommand({ Bucket: BUCKET }));
  client.destroy();
  const folderOf = (prefix: string): string => join(root, BUCKET, prefix);
  return {
    ...{ port, env: KEYS, bucket: BUCKET, folderOf },
    age: (prefix, seconds) => {
      const then = Date.now() / 1000 - seconds;
      for (const name of readdirSync(folderOf(prefix))) utimesSync(join(folderOf(prefix), name), then, then);
    },
    stop: async () => {
      child.kill();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function findProgram(): string {
  const folders = [...(process.env["PATH"] ?? "").split(":"), join(homedir(), "go", "bin")];
  const found = process.env["VERSITYGW"] ?? folders.map((folder) => join(folder, "versitygw")).find(existsSync);
  if (found !== undefined) return found;
  throw new Error(
    "versitygw is not installed. Run: go install github.com/versity/versitygw/cmd/versitygw@v1.8.0, or set VERSITYGW.",
  );
}
