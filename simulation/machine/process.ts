import type { Clock, Host } from "../../src/model/ports.ts";
import type { Timeline } from "./timeline.ts";

/** One run of axcess on the simulated machine. Once it is killed none of its ports answers any more. */
export interface Process {
  readonly pid: number;
  readonly signal: AbortSignal;
  isAlive(): boolean;
  kill(): void;
  /** What a person does with Ctrl-C. */
  interrupt(): void;
  /** Ends the process in order. */
  exit(): void;
  /** Resolves once it was killed. */
  readonly killed: Promise<void>;
  /** The promise of a port: it settles only while the process lives. */
  answer<T>(work: (resolve: (value: T) => void, reject: (cause: unknown) => void) => void): Promise<T>;
}

/** Makes a process that lives. */
export function makeProcess(pid: number): Process {
  const interruption = new AbortController();
  let isAlive = true;
  let tellKilled: () => void = () => undefined;
  const killed = new Promise<void>((resolve) => {
    tellKilled = resolve;
  });
  return {
    pid,
    killed,
    signal: interruption.signal,
    isAlive: () => isAlive,
    kill: () => {
      isAlive = false;
      tellKilled();
    },
    interrupt: () => interruption.abort(),
    exit: () => {
      isAlive = false;
    },
    answer: (work) =>
      new Promise((resolve, reject) => {
        if (!isAlive) return;
        work(
          (value) => isAlive && resolve(value),
          (cause) => isAlive && reject(cause),
        );
      }),
  };
}

/** The machine's clock as a process sees it. `shift` is by how much it is wrong. */
export function makeProcessClock(
  process: Process,
  time: { readonly timeline: Timeline; readonly start: number; readonly shift: () => number },
): Clock {
  const { timeline, start, shift } = time;
  return {
    now: () => new Date(start + timeline.now() + shift()),
    monotonic: () => timeline.now(),
    sleep: (milliseconds, signal) =>
      process.answer((resolve) => {
        if (signal?.aborted === true) return resolve(undefined);
        const callOff = timeline.after(milliseconds, () => {
          signal?.removeEventListener("abort", wake);
          resolve(undefined);
        });
        const wake = (): void => {
          callOff();
          resolve(undefined);
        };
        signal?.addEventListener("abort", wake, { once: true });
      }),
  };
}

/** The machine as a process sees it. */
export function makeHost(process: Process, hostname: string, isAlive: (pid: number) => boolean): Host {
  return { pid: process.pid, hostname, user: "ana", isAlive };
}
