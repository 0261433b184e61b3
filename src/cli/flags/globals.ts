import { UsageError } from "../../model/errors.ts";
import { withoutPassword } from "../../state/ledger-location.ts";
import { harmless } from "../render/harmless.ts";
import { FLAG_VARIABLES } from "./environment.ts";

/** The global flags, read and checked. */
export interface Globals {
  /** As given; `access.yaml` when none was. */
  readonly files: readonly string[];
  /** Folder of the embedded simulated account; undefined: a real one. */
  readonly sandbox: string | undefined;
  readonly profile: string | undefined;
  /** Of the vendor's cloud, for the key in the environment. */
  readonly region: string | undefined;
  readonly ledger: string | undefined;
  /** Calls at the same time; undefined: what the platform client thinks right. */
  readonly parallelism: number | undefined;
  readonly ratePerMinute: number | undefined;
  readonly json: boolean;
  readonly color: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly now: Date | undefined;
  readonly chdir: string | undefined;
}

/** The flags as commander leaves them. */
export interface RawGlobals {
  readonly file?: readonly string[];
  readonly sandbox?: string;
  readonly profile?: string;
  readonly region?: string;
  readonly ledger?: string;
  readonly parallelism?: string;
  readonly rate?: string;
  readonly json?: boolean;
  readonly color?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly now?: string;
  readonly chdir?: string;
}

/** Checks the global flags, with the environment's values where a flag is not given. Throws UsageError. */
export function readGlobals(given: RawGlobals, env: Readonly<Record<string, string | undefined>>): Globals {
  const raw = { ...variablesOf(env), ...given };
  refuseContradictions(given, raw);
  return {
    files: raw.file ?? [DEFAULT_MANIFEST],
    sandbox: raw.sandbox === "" ? DEFAULT_SANDBOX : raw.sandbox,
    profile: raw.profile,
    region: raw.region,
    ledger: raw.ledger,
    parallelism: raw.parallelism === undefined ? undefined : readCount("--parallelism", raw.parallelism, 1),
    ratePerMinute: raw.rate === undefined ? undefined : readRate(raw.rate),
    json: raw.json ?? false,
    color: raw.color ?? true,
    quiet: raw.quiet ?? false,
    verbose: raw.verbose ?? false,
    now: raw.now === undefined ? undefined : readInstant("--now", raw.now),
    chdir: raw.chdir,
  };
}

function refuseContradictions(given: RawGlobals, raw: RawGlobals): void {
  if (raw.quiet === true && raw.verbose === true) throw new UsageError("--quiet and --verbose exclude each other.");
  if (raw.sandbox !== undefined && given.profile !== undefined) {
    throw new UsageError(
      "--sandbox and --profile exclude each other.",
      "Leave one out: the sandbox brings its own key.",
    );
  }
  if (raw.region !== undefined && (raw.sandbox ?? raw.profile) !== undefined) {
    throw new UsageError(
      "--region is for the key in ARIZE_API_KEY.",
      "Leave it out: the sandbox has no region, and a profile names its own.",
    );
  }
}

/** The flags that say what a command is about, as words of a command line: for commands that a person is told to run next. */
export function spellGlobals(globals: Globals): readonly string[] {
  return [
    ...(globals.files.join() === DEFAULT_MANIFEST ? [] : globals.files.flatMap((file) => ["--file", file])),
    ...(globals.sandbox === undefined ? [] : [spellSandbox(globals.sandbox)]),
    ...(globals.profile === undefined ? [] : ["--profile", globals.profile]),
    ...(globals.region === undefined ? [] : ["--region", globals.region]),
    ...(globals.ledger === undefined ? [] : ["--ledger", withoutPassword(globals.ledger)]),
    ...(globals.chdir === undefined ? [] : ["--chdir", globals.chdir]),
  ];
}

/** The files of the manifest as they were named, seen from where the command was started: what tells one manifest of a repository from another. */
export function spellFiles({ files, chdir }: Globals): readonly string[] {
  return files.map((file) => (chdir === undefined || file.startsWith("/") ? file : `${chdir}/${file}`));
}

function spellSandbox(folder: string): string {
  return folder === DEFAULT_SANDBOX ? "--sandbox" : `--sandbox=${folder}`;
}

const DEFAULT_MANIFEST = "access.yaml";

/** Where the simulated account lives when `--sandbox` names no folder. */
export const DEFAULT_SANDBOX = ".axcess/sandbox";

/** A whole number of at least `least`. Throws UsageError. */
export function readCount(flag: string, text: string, least: number): number {
  const number = /^\d{1,9}$/u.test(text) ? Number(text) : Number.NaN;
  if (number >= least) return number;
  throw new UsageError(`${flag} wants a whole number of at least ${least}, not "${harmless(text)}".`);
}

/** A moment with an offset, `2027-01-31T12:00:00Z`. Throws UsageError. */
export function readInstant(flag: string, text: string): Date {
  const day = /^(\d{4}-\d\d-(\d\d))T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/iu.exec(text);
  const date = new Date(day === null ? Number.NaN : text.toUpperCase());
  // The engine takes 31 February for 3 March.
  const isReal = new Date(`${day?.[1]}T00:00:00Z`).getUTCDate() === Number(day?.[2]);
  if (isReal && !Number.isNaN(date.getTime())) return date;
  throw new UsageError(`${flag} wants an RFC 3339 moment such as 2027-01-31T12:00:00Z, not "${harmless(text)}".`);
}

function variablesOf(env: Readonly<Record<string, string | undefined>>): RawGlobals {
  const set = Object.entries(FLAG_VARIABLES).flatMap(([variable, flag]) => {
    const value = env[variable];
    return value === undefined || value === "" ? [] : [[flag, value]];
  });
  return Object.fromEntries(set);
}

function readRate(text: string): number {
  const count = /^(\d{1,9})\/min$/u.exec(text)?.[1];
  if (count !== undefined && Number(count) >= 1) return Number(count);
  throw new UsageError(`--rate wants calls per minute such as 300/min, not "${harmless(text)}".`);
}
