import type { Files } from "../../src/model/ports.ts";
import type { Process } from "./process.ts";

/** What befalls one write. */
export type DiskFault =
  /** The process dies: before anything was written, in the middle, or right after. */
  | { readonly kind: "kill"; readonly when: "before" | "torn" | "after" }
  /** The machine loses its power in the middle of the write, and with it all that was not flushed. */
  | { readonly kind: "power" }
  /** Nothing more fits: half of an appended text is there. */
  | { readonly kind: "full" }
  /** Nothing can be written any more. */
  | { readonly kind: "read-only" };

export type DiskChange = "append" | "replace" | "create" | "remove";

export interface DiskOptions {
  /** What befalls the write with this number, counted from 1. */
  readonly faultAt: (write: number) => DiskFault | undefined;
  /** Milliseconds that the next write takes. */
  readonly delay: () => number;
  readonly after: (milliseconds: number, run: () => void) => unknown;
  readonly onChange: (change: DiskChange, path: string, text: string, process: Process) => void;
}

/** A disk in memory that outlives the processes on it. */
export interface Disk {
  filesOf(process: Process): Files;
  /** From here on nothing befalls it, and it can be written to again. */
  mend(): void;
  /** How many writes there were since the last `mend` or `restart`. */
  writes(): number;
  restart(): void;
  /** What is on it; nothing of that changes any more. */
  save(): SavedDisk;
  /** Puts a file there that no process of this machine wrote. */
  leave(path: string, text: string): void;
  /** Takes one away. */
  take(path: string): void;
  text(path: string): string | undefined;
  paths(): readonly string[];
}

type Content = Map<string, Uint8Array>;

/** A disk at a moment in which nothing is wrong with it. */
export interface SavedDisk {
  readonly content: ReadonlyMap<string, Uint8Array>;
  readonly flushed: ReadonlyMap<string, Uint8Array>;
}

interface DiskState {
  content: Content;
  /** What a loss of power leaves: new and removed names are flushed with their folder, which not every deed does. */
  flushed: Content;
  writes: number;
  broken: "ENOSPC" | "EROFS" | undefined;
  readonly stamps: Map<Uint8Array, string>;
}

/** Makes a disk that is empty, or as it was saved. */
export function makeDisk(options: DiskOptions, saved?: SavedDisk): Disk {
  const [content, flushed] = [new Map(saved?.content), new Map(saved?.flushed)];
  const state: DiskState = { content, flushed, writes: 0, broken: undefined, stamps: new Map() };
  return {
    filesOf: (process) => makeFiles(state, process, options),
    mend: () => {
      state.broken = undefined;
    },
    writes: () => state.writes,
    restart: () => {
      state.writes = 0;
    },
    save: () => ({ content: new Map(state.content), flushed: new Map(state.flushed) }),
    leave: (path, text) => {
      state.content.set(path, encode(text));
      state.flushed.set(path, encode(text));
    },
    take: (path) => {
      state.content.delete(path);
      state.flushed.delete(path);
    },
    text: (path) => decode(state.content.get(path)),
    paths: () => [...state.content.keys()].sort(),
  };
}

interface Deed {
  readonly change: DiskChange;
  readonly path: string;
  readonly text: string;
  /** Has the effect, as far as `share` of the text goes. */
  readonly have: (share: number) => void;
}

/** Every write makes new bytes: which ones they are tells them apart. */
function stampOf({ content, stamps }: DiskState, path: string): string | undefined {
  const bytes = content.get(path);
  if (bytes === undefined) return undefined;
  const stamp = stamps.get(bytes) ?? `written ${stamps.size + 1}`;
  stamps.set(bytes, stamp);
  return stamp;
}

function makeFiles(state: DiskState, process: Process, options: DiskOptions): Files {
  const now = <T>(value: () => T): Promise<T> =>
    process.answer((resolve, reject) => {
      try {
        resolve(value());
      } catch (cause) {
        reject(cause);
      }
    });
  const write = (deed: Deed): Promise<void> =>
    process.answer((resolve, reject) => {
      options.after(options.delay(), () => {
        if (!process.isAlive()) return;
        const refused = carryOut(state, process, deed, options);
        if (refused === undefined) resolve(undefined);
        else reject(refused);
      });
    });
  const deed = (change: DiskChange, path: string, text: string, have: Deed["have"]): Promise<void> =>
    write({ change, path, text, have });
  return {
    read: (path) => now(() => require(state, path)),
    size: (path) => now(() => state.content.get(path)?.length),
    stamp: (path) => now(() => stampOf(state, path)),
    kind: (path) => now(() => kindOf(state, path)),
    list: (path) => now(() => listNames(state, path)),
    real: (path) => now(() => (kindOf(state, path) === undefined ? undefined : path)),
    replace: (path, text) =>
      deed("replace", path, text, () => {
        state.content.set(path, encode(text));
        flushFolder(state, path);
      }),
    openAppender: async (path) => {
      if (!state.content.has(path)) await deed("create", path, "", () => state.content.set(path, new Uint8Array()));
      flushFolder(state, path);
      return {
        append: (text) =>
          deed("append", path, text, (share) => {
            const added = encode(text);
            const before = state.content.get(path) ?? new Uint8Array();
            const grown = Buffer.concat([before, added.subarray(0, Math.floor(added.length * share))]);
            state.content.set(path, grown);
            if (share === 1) state.flushed.set(path, grown);
          }),
        close: () => now(() => undefined),
      };
    },
    createExclusive: async (path, text) => {
      let isMade = false;
      await deed("create", path, text, () => {
        if (state.content.has(path)) return;
        isMade = true;
        state.content.set(path, encode(text));
      });
      return isMade;
    },
    remove: (path) => deed("remove", path, "", () => state.content.delete(path)),
  };
}

/** Has the effect of a deed, as far as nothing befalls it. Gives what the deed is refused with. */
function carryOut(state: DiskState, process: Process, deed: Deed, options: DiskOptions): Error | undefined {
  state.writes += 1;
  const fault = options.faultAt(state.writes);
  const { change, path, text } = deed;
  const have = (share: number): void => {
    deed.have(share);
    const written = share === 1 ? text : decode(encode(text).subarray(0, Math.floor(encode(text).length * share)));
    options.onChange(change, path, written ?? "", process);
  };
  const halfway = change === "append" ? 0.5 : 0;
  if (fault?.kind === "full") state.broken = "ENOSPC";
  if (fault?.kind === "read-only") state.broken = "EROFS";
  if (state.broken !== undefined && change !== "remove") {
    if (fault?.kind === "full" && halfway > 0) have(halfway);
    return refuse(state.broken, path);
  }
  if (fault === undefined) {
    have(1);
    return undefined;
  }
  if (fault.kind === "kill" && fault.when === "after") have(1);
  if ((fault.kind === "power" || (fault.kind === "kill" && fault.when === "torn")) && halfway > 0) have(halfway);
  if (fault.kind === "power") {
    const lost = listUnflushed(state, path);
    state.content = new Map(state.flushed);
    for (const each of lost) options.onChange("replace", each, decode(state.content.get(each)) ?? "", process);
  }
  process.kill();
  return undefined;
}

/** What a loss of power leaves otherwise than it is: the file that is being written to, and what others left there before. */
function listUnflushed({ content, flushed }: DiskState, writing: string): ReadonlySet<string> {
  const known = [...new Set([...content.keys(), ...flushed.keys()])];
  return new Set([writing, ...known.filter((path) => content.get(path) !== flushed.get(path))]);
}

/** A name that is new or gone survives a loss of power once its folder was flushed. */
function flushFolder(state: DiskState, path: string): void {
  const folder = folderOf(path);
  for (const known of [...state.flushed.keys()]) {
    if (folderOf(known) === folder && !state.content.has(known)) state.flushed.delete(known);
  }
  for (const [known, bytes] of state.content) if (folderOf(known) === folder) state.flushed.set(known, bytes);
}

function refuse(code: "ENOSPC" | "EROFS", path: string): Error {
  const words = code === "ENOSPC" ? "no space left on device" : "read-only file system";
  return Object.assign(new Error(`${code}: ${words}, write '${path}'`), { code, syscall: "write", path });
}

function require(state: DiskState, path: string): Uint8Array {
  const bytes = state.content.get(path);
  if (bytes !== undefined) return bytes;
  throw Object.assign(new Error(`ENOENT: no such file or directory, open '${path}'`), {
    ...{ code: "ENOENT", syscall: "open", path },
  });
}

function kindOf({ content }: DiskState, path: string): "file" | "directory" | undefined {
  if (content.has(path)) return "file";
  // The folder that everything is in is always there.
  const isFolder = path === "/" || path === HOME || [...content.keys()].some((known) => known.startsWith(`${path}/`));
  return isFolder ? "directory" : undefined;
}

/** The folder that a process works in. */
export const HOME = "/home/ana";

function listNames({ content }: DiskState, path: string): readonly string[] {
  const below = [...content.keys()].filter((known) => known.startsWith(`${path}/`));
  return [...new Set(below.map((known) => known.slice(path.length + 1).split("/")[0] ?? ""))].sort();
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function decode(bytes: Uint8Array | undefined): string | undefined {
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
}
