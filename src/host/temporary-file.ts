import { createHash } from "node:crypto";
import { readdir, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { systemHost } from "./system-host.ts";
import { systemRandom } from "./system-random.ts";

/** Process ids mean something on one machine only, and folders may be shared by several. */
const MACHINE: string = createHash("sha256").update(systemHost.hostname).digest("hex").slice(0, 8);

/** A name beside a file that nobody else has, and that tells which process writes it: `.NAME.axcess-MACHINE-PID-ID`. */
export function temporaryBeside(path: string, pid: number = systemHost.pid): string {
  return join(dirname(path), `.${basename(path)}.axcess-${MACHINE}-${pid}-${systemRandom.id()}`);
}

const TEMPORARY = /^\..+\.axcess-([0-9a-f]{8})-([1-9][0-9]{0,9})-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u;

/** Clears what writers of this machine left in a folder who were killed. What cannot be cleared is left: it harms nobody. */
export async function clearAbandoned(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  const abandoned = names.filter((name) => {
    const [, machine, pid] = TEMPORARY.exec(name) ?? [];
    return machine === MACHINE && !systemHost.isAlive(Number(pid));
  });
  await Promise.all(abandoned.map((name) => rm(join(folder, name), { force: true }).catch(() => undefined)));
}
