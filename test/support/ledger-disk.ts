import type { Files } from "../../src/model/ports.ts";

/** What a simulated crash throws, and all that is asked of a machine after it. */
export class Crash extends Error {}

/** A machine's power: after so many effects it fails, and nothing works until it is back. */
export interface Power {
  /** Counts an effect; throws Crash, at the chosen one and ever after. */
  use(): void;
  /** True when the next effect is the one that crashes. */
  failsNext(): boolean;
  used(): number;
}

/** Power that fails at the effect with this number, counted from 0; never for undefined. */
export function makePower(failsAt: number | undefined): Power {
  let used = 0;
  return {
    use: () => {
      if (failsAt !== undefined && used >= failsAt) throw new Crash("the machine lost its power");
      used += 1;
    },
    failsNext: () => used === failsAt,
    used: () => used,
  };
}

export interface LedgerDisk extends Files {
  text(path: string): string;
  put(path: string, content: string | Uint8Array): void;
  paths(): readonly string[];
}

export interface DiskOptions {
  readonly power?: Power;
  /** How much of a text is on the disk, from 0 to 1, when the power fails while it is written. */
  readonly torn?: number;
  /** Awaited before each append is durable. */
  readonly pause?: () => Promise<void>;
  readonly onDurable?: (text: string) => void;
}

/** Content that outlives a disk's power: give it to the next disk. */
export type DiskContent = Map<string, Uint8Array>;

/** A disk in memory that can fail in mid-write. */
export function makeDisk(content: DiskContent = new Map(), options: DiskOptions = {}): LedgerDisk {
  const power = options.power ?? makePower(undefined);
  const read = (path: string): Uint8Array => {
    const bytes = content.get(path);
    if (bytes === undefined) throw Object.assign(new Error(`ENOENT: ${path}`), { code: "ENOENT" });
    return bytes;
  };
  const write = (path: string, text: string): void => {
    const before = content.get(path) ?? new Uint8Array();
    const added = new TextEncoder().encode(text);
    const tears = power.failsNext();
    const kept = tears ? added.subarray(0, Math.floor(added.length * (options.torn ?? 0))) : added;
    if (!tears) power.use();
    content.set(path, Buffer.concat([before, kept]));
    if (tears) power.use();
  };
  return {
    read: async (path) => read(path),
    size: async (path) => content.get(path)?.length,
    kind: async (path) => (content.has(path) ? "file" : undefined),
    list: async () => [...content.keys()].sort(),
    replace: async (path, text) => {
      power.use();
      content.set(path, new TextEncoder().encode(text));
    },
    openAppender: async (path) => {
      if (!content.has(path)) content.set(path, new Uint8Array());
      return {
        append: async (text) => {
          await options.pause?.();
          write(path, text);
          options.onDurable?.(text);
        },
        close: async () => {},
      };
    },
    createExclusive: async (path, text) => {
      if (content.has(path)) return false;
      power.use();
      content.set(path, new TextEncoder().encode(text));
      return true;
    },
    stamp: async (path) => stampOf(content.get(path)),
    real: async (path) => path,
    remove: async (path) => {
      power.use();
      content.delete(path);
    },
    text: (path) => new TextDecoder().decode(read(path)),
    put: (path, bytes) => {
      content.set(path, typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes);
    },
    paths: () => [...content.keys()].sort(),
  };
}

const stamps = new WeakMap<Uint8Array, string>();
let lastStamp = 0;

/** Every write makes new bytes. */
function stampOf(bytes: Uint8Array | undefined): string | undefined {
  if (bytes === undefined) return undefined;
  const stamp = stamps.get(bytes) ?? String(++lastStamp);
  stamps.set(bytes, stamp);
  return stamp;
}
