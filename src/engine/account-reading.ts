import type { Pacing, PlatformReader, PlatformWriter } from "../model/platform.ts";

/** An account that can be read. Whoever is handed this cannot write. */
export interface AccountReading {
  readonly reader: PlatformReader;
  /** What stands for the account in plans: the URL of its REST interface, or the folder of the simulated one. */
  readonly accountUrl: string;
  /** Left out where the account has no limits, as in tests of a part. */
  readonly pacing?: Pacing;
}

/** An account that can be written to. */
export interface AccountWriting extends AccountReading {
  readonly writer: PlatformWriter;
  /** Calls at the same time. */
  readonly parallelism: number;
}
