import { execFileSync, spawn } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findFreePort, waitForPort } from "./free-port.ts";

/** A real PostgreSQL with a cluster of its own, which is gone with the test. */
export interface PostgresServer {
  readonly port: number;
  /** The certificate that it shows for `localhost`, which signed itself. */
  readonly certificate: string;
  /** The URL of a role in the database `axcess`. */
  readonly urlOf: (role: { readonly user: string; readonly password: string }, port?: number) => string;
  readonly owner: { readonly user: string; readonly password: string };
  readonly stop: () => Promise<void>;
}

const OWNER = { user: "owner", password: "p/w:ö@%" };

/** Starts it on a loopback port. Throws where PostgreSQL is not installed. */
export async function startPostgres(): Promise<PostgresServer> {
  const programs = findPrograms();
  const folder = mkdtempSync(join(tmpdir(), "axcess-postgres-"));
  const nobody = process.getuid?.() === 0 ? idsOf("nobody") : undefined;
  const as = nobody === undefined ? {} : { uid: nobody.uid, gid: nobody.gid };
  const certificate = join(folder, "server.crt");
  const key = join(folder, "server.key");
  const secret = join(folder, "password");
  writeFileSync(secret, `${OWNER.password}\n`);
  makeCertificate(certificate, key);
  for (const path of [folder, certificate, key, secret]) {
    if (nobody !== undefined) chownSync(path, nobody.uid, nobody.gid);
  }
  chmodSync(key, 0o600);
  const cluster = join(folder, "cluster");
  const options = ["-D", cluster, "-U", OWNER.user, "--auth=scram-sha-256", `--pwfile=${secret}`, "--encoding=UTF8"];
  execFileSync(join(programs, "initdb"), [...options, "--locale=C", "--no-sync"], {
    ...as,
    cwd: folder,
    stdio: "pipe",
  });
  const port = await findFreePort();
  const settings = {
    ...{ listen_addresses: "127.0.0.1", port, unix_socket_directories: folder, ssl: "on" },
    ...{ ssl_cert_file: certificate, ssl_key_file: key, fsync: "off" },
  };
  const words = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const child = spawn(join(programs, "postgres"), ["-D", cluster, ...words], { ...as, cwd: folder, stdio: "pipe" });
  let said = "";
  child.stderr.on("data", (chunk) => {
    said += chunk;
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  await waitForPort(port, () => (child.exitCode === null ? undefined : `PostgreSQL ended: ${said}`));
  return {
    ...{ port, certificate, owner: OWNER },
    urlOf: ({ user, password }, at = port) =>
      `postgres://${user}:${encodeURIComponent(password)}@localhost:${at}/postgres`,
    stop: async () => {
      child.kill("SIGQUIT");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Debian keeps the server's programs by version, outside the path. */
function findPrograms(): string {
  const root = "/usr/lib/postgresql";
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [...versions.map((version) => join(root, version, "bin")), ...(process.env["PATH"] ?? "").split(":")];
  const found = folders.find((folder) => existsSync(join(folder, "initdb")));
  if (found === undefined) throw new Error("PostgreSQL is not installed. Run: apt-get install -y postgresql");
  return found;
}

/** It refuses to run as root. */
function idsOf(user: string): { readonly uid: number; readonly gid: number } {
  const ask = (flag: string): number => Number(execFileSync("id", [flag, user], { encoding: "utf8" }));
  return { uid: ask("-u"), gid: ask("-g") };
}

function makeCertificate(certificate: string, key: string): void {
  const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
  execFileSync("openssl", ["req", "-x509", ...kind, ...subject, "-keyout", key, "-out", certificate], {
    stdio: "pipe",
  });
}
