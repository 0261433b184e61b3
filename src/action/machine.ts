import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { appendFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

/** How a program ended. `exit` is 1 where a signal ended it. */
export interface Ended {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a program is run. */
export interface Running {
  readonly folder: string;
  readonly env: Environment;
}

/** An answer over HTTP. Header names are lower case. */
export interface Answer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Uint8Array;
}

/** A request over HTTP; redirects are not followed, so that no header goes where it was not meant to. */
export interface Asking {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** The runner that a step of a job runs on. */
export interface Machine {
  readonly env: Environment;
  /** Folder of the repository's checkout. */
  readonly folder: string;
  /** A text that nobody can guess. */
  readonly token: () => string;
  /** To the log of the job, where lines may be commands. */
  readonly print: (text: string) => void;
  /** Undefined where there is no such file. */
  readonly read: (path: string) => Promise<string | undefined>;
  /** Makes folders as needed. */
  readonly write: (path: string, text: string) => Promise<void>;
  readonly append: (path: string, text: string) => Promise<void>;
  readonly remove: (path: string) => Promise<void>;
  /** Runs axcess of this package. */
  readonly axcess: (words: readonly string[], running: Running) => Promise<Ended>;
  /** Runs git. */
  readonly git: (words: readonly string[], running: Running) => Promise<Ended>;
  readonly ask: (asking: Asking) => Promise<Answer>;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

const CLI = new URL("../cli/main.js", import.meta.url).pathname;

/** The runner that this process is on. */
export function thisMachine(env: Environment, folder: string, print: (text: string) => void): Machine {
  return {
    env,
    folder,
    token: randomUUID,
    print,
    read: (path) => readFile(path, "utf8").catch(undefinedWhereNothingIs),
    write: async (path, text) => {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text);
    },
    append: (path, text) => appendFile(path, text),
    remove: (path) => rm(path, { recursive: true, force: true }),
    axcess: (words, running) => runProgram([process.execPath, CLI, ...words], running),
    git: (words, running) => runProgram(["git", ...words], running),
    ask: askByFetch,
    sleep: (milliseconds) => wait(milliseconds),
  };
}

function undefinedWhereNothingIs(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
  return undefined;
}

/** Runs a program without a shell and keeps what it prints. */
function runProgram([program = "", ...words]: readonly string[], { folder, env }: Running): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { cwd: folder, env: { ...env }, stdio: ["ignore", "pipe", "pipe"] });
    const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
    child.once("error", reject);
    child.once("close", (code) =>
      resolve({
        exit: code ?? 1,
        stdout: Buffer.concat(stdout).toString("utf8"),
        stderr: Buffer.concat(stderr).toString("utf8"),
      }),
    );
  });
}

/** One exchange over HTTP. */
async function askByFetch({ method, url, headers, body }: Asking): Promise<Answer> {
  const response = await fetch(url, { method, headers, body: body ?? null, redirect: "manual" });
  return {
    status: response.status,
    headers: new Map(response.headers),
    body: new Uint8Array(await response.arrayBuffer()),
  };
}
