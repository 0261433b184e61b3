import { request } from "node:http";
import type { Ran, Workplace } from "./run-axcess.ts";

/** A review page that is served. */
export interface ServedReview {
  /** With the token. */
  readonly url: string;
  readonly port: number;
  readonly interrupt: () => void;
  /** How the command ended. */
  readonly ended: Promise<Ran>;
}

/** Starts `review --serve` and waits for its address. */
export async function serveReview(
  place: Workplace,
  args: readonly string[],
  env: Readonly<Record<string, string>> = { GIT_AUTHOR_EMAIL: "rita@acme.io" },
): Promise<ServedReview> {
  let interrupt = (): void => undefined;
  let ended: Promise<Ran> | undefined;
  const url = await new Promise<string>((resolve, reject) => {
    ended = place.run(["review", ...args], {
      env,
      onWrite: (text, stop) => {
        interrupt = stop;
        const [found] = /http:\/\/127\.0\.0\.1:\d+\/[\w-]+\//u.exec(text) ?? [];
        if (found !== undefined) resolve(found);
      },
    });
    void ended.then((ran) => reject(new Error(ran.stderr)));
  });
  return {
    url,
    port: Number(new URL(url).port),
    interrupt: () => interrupt(),
    ended: ended as unknown as Promise<Ran>,
  };
}

/** What came back from a request as it was sent, whatever its headers say. */
export interface Exchanged {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** Sends one request with just these headers. */
export function send(
  { port }: Pick<ServedReview, "port">,
  wanted: {
    readonly method?: string;
    readonly path: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
  },
): Promise<Exchanged> {
  const { method = "GET", path, headers = {}, body = "" } = wanted;
  return new Promise((resolve, reject) => {
    const asked = request(
      { host: "127.0.0.1", port, method, path, headers: { host: `127.0.0.1:${port}`, ...headers } },
      (reply) => {
        let text = "";
        reply.setEncoding("utf8");
        reply.on("data", (part: string) => {
          text += part;
        });
        reply.on("end", () => resolve({ status: reply.statusCode ?? 0, headers: reply.headers, body: text }));
      },
    );
    asked.on("error", reject);
    asked.end(body);
  });
}
