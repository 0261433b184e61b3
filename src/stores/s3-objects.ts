import type { GetObjectCommandOutput, S3Client, S3ClientConfig } from "@aws-sdk/client-s3";
import { UsageError } from "../model/errors.ts";
import { loadClient } from "./load-client.ts";
import { describePlain, isTooPlain, type S3Location } from "./s3-location.ts";
import { type StoreFault, storeError } from "./store-errors.ts";

/** An object as it was read. */
export interface FoundObject {
  readonly text: string;
  readonly tag: string;
  /** Milliseconds since it was written, by the clock of the server. */
  readonly age: number;
}

/** On what a write is conditional: that nothing is there, or exactly what has this tag. */
export type Condition = { readonly absent: true } | { readonly tag: string };

/** The objects of one bucket. Throws DiagnosedError. */
export interface Objects {
  /** The names below the prefix, without it, in order. */
  list(): Promise<readonly string[]>;
  /** Undefined where there is no such object. */
  get(name: string): Promise<FoundObject | undefined>;
  /** The tag of what was written; undefined where the condition did not hold. */
  put(name: string, text: string, condition: Condition): Promise<string | undefined>;
  close(): void;
}

const MAX_TRIES = 3;

const ANSWER_MILLISECONDS = 15_000;

/** Opens a bucket. Nothing is sent yet. */
export async function openObjects(place: S3Location): Promise<Objects> {
  const sdk = await loadClient("@aws-sdk/client-s3", "@aws-sdk/client-s3@3", () => import("@aws-sdk/client-s3"));
  const client = new sdk.S3Client(makeConfig(place));
  refusePlain(client, place);
  const dates = noteDates(client);
  const { bucket: Bucket, prefix, shown } = place;
  const ask = async <T>(work: () => Promise<T>, expected: readonly number[]): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      if (error instanceof UsageError) throw error;
      const { status, name } = readFailure(error);
      if (status !== undefined && expected.includes(status) && name !== "NoSuchBucket") return undefined;
      throw explain(error, shown);
    }
  };
  // What lies deeper may be another ledger.
  const listed = { Bucket, Prefix: prefix, Delimiter: "/" };
  const listPage = (token: string | undefined) =>
    ask(() => client.send(new sdk.ListObjectsV2Command({ ...listed, ContinuationToken: token })), []);

  return {
    list: async () => {
      const names: string[] = [];
      let token: string | undefined;
      do {
        const page = await listPage(token);
        // Consoles make an object that stands for the folder.
        for (const { Key = prefix } of page?.Contents ?? []) if (Key !== prefix) names.push(Key.slice(prefix.length));
        token = page?.NextContinuationToken;
      } while (token !== undefined);
      return names.sort();
    },
    get: (name) =>
      ask(async () => {
        for (let tries = 1; ; tries += 1) {
          const answer = await client.send(new sdk.GetObjectCommand({ Bucket, Key: `${prefix}${name}` }));
          // The SDK asks again where no answer came, but not where one ended half-way.
          const text = await answer.Body?.transformToString().catch((error) => {
            if (tries === MAX_TRIES) throw error;
          });
          if (text !== undefined) return { text, tag: answer.ETag ?? "", age: ageOf(answer, dates) };
        }
      }, [404]),
    put: async (name, text, condition) => {
      const only = "tag" in condition ? { IfMatch: condition.tag } : { IfNoneMatch: "*" };
      const written = await ask(
        () => client.send(new sdk.PutObjectCommand({ Bucket, Key: `${prefix}${name}`, Body: text, ...only })),
        // 409: two writes met, and this one was not done; 404: what the tag belonged to is gone.
        [404, 409, 412],
      );
      return written === undefined ? undefined : (written.ETag ?? "");
    },
    close: () => client.destroy(),
  };
}

function makeConfig({ endpoint, region, pathStyle }: S3Location): S3ClientConfig {
  return {
    ...(endpoint !== undefined && { endpoint }),
    ...(region !== undefined && { region }),
    forcePathStyle: pathStyle,
    maxAttempts: MAX_TRIES,
    requestHandler: {
      connectionTimeout: 10_000,
      requestTimeout: ANSWER_MILLISECONDS,
      // Without this a request that nobody answers is only told on the console, and waited for.
      throwOnRequestTimeout: true,
      socketTimeout: ANSWER_MILLISECONDS,
    },
    // Other servers do not know all of Amazon's checksums; that nothing was changed is what the chain tells.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
  };
}

/** An endpoint may also come from the environment or a profile: what counts is where a request really goes. */
function refusePlain(client: S3Client, { mayBePlain }: S3Location): void {
  client.middlewareStack.add(
    (next) => async (args) => {
      const { protocol, hostname } = args.request as { readonly protocol: string; readonly hostname: string };
      if (isTooPlain(protocol, hostname, mayBePlain)) throw describePlain();
      return next(args);
    },
    { step: "build", name: "refusePlain" },
  );
}

/** What the server's clock said in each answer: it is told in a header that the SDK keeps for itself. */
type Dates = WeakMap<object, number>;

function noteDates(client: S3Client): Dates {
  const dates: Dates = new WeakMap();
  client.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const { headers } = result.response as { readonly headers: Readonly<Record<string, string | undefined>> };
      if (result.output !== undefined) dates.set(result.output, Date.parse(headers["date"] ?? ""));
      return result;
    },
    { step: "deserialize", name: "noteDates", priority: "high" },
  );
  return dates;
}

/** Where the server does not tell the time, nobody's lock is ever over. */
function ageOf(answer: GetObjectCommandOutput, dates: Dates): number {
  const age = (dates.get(answer) ?? Number.NaN) - (answer.LastModified?.getTime() ?? Number.NaN);
  return Number.isNaN(age) ? 0 : age;
}

interface Failure {
  readonly status: number | undefined;
  readonly name: string;
}

function readFailure(error: unknown): Failure {
  const { $metadata, name } = error as {
    readonly $metadata?: { readonly httpStatusCode?: number };
    readonly name: string;
  };
  return { status: $metadata?.httpStatusCode, name };
}

function explain(error: unknown, shown: string): Error {
  const failure = readFailure(error);
  const { message, code } = error as NodeJS.ErrnoException;
  return storeError(judge(failure), shown, `${failure.name}: ${message === "" ? (code ?? "no answer") : message}`);
}

function judge({ status, name }: Failure): StoreFault {
  if (name === "NoSuchBucket") return "unprepared";
  if (name === "CredentialsProviderError") return "refused";
  return status === undefined || status >= 500 || status === 429 ? "unreachable" : "refused";
}
