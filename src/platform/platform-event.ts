/** What the wire did, for people who watch: no bodies, no headers, no queries, so never a secret. */
export type PlatformEvent =
  | { readonly event: "answered"; readonly call: string; readonly status: number; readonly milliseconds: number }
  | { readonly event: "lost"; readonly call: string; readonly because: string; readonly milliseconds: number }
  | {
      readonly event: "retried";
      readonly call: string;
      /** Of the attempt that failed, from 1. */
      readonly attempt: number;
      readonly waitMilliseconds: number;
      readonly because: string;
    }
  | {
      readonly event: "rate-limited";
      readonly call: string;
      readonly pace: string;
      readonly waitMilliseconds: number;
      /** Requests per minute that will be kept to from now on; undefined where none was learned. */
      readonly learnedPerMinute: number | undefined;
    }
  /** What an earlier run learned is kept to from the beginning. */
  | { readonly event: "recalled"; readonly pace: string; readonly perMinute: number };
