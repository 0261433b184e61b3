import { type Clock, type HttpRequest, type HttpResponse, type Net, NetFailure } from "../../src/model/ports.ts";

/** What the network does with one request. */
export type ScriptedReply =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: unknown }
  | { readonly lost: "before" | "after" | "timeout" };

export interface ScriptedNet extends Net {
  readonly requests: readonly (HttpRequest & { readonly at: number })[];
  readonly mostInFlight: () => number;
}

/** A network whose other end is a function. Each exchange takes `latency` of the clock; bodies that are no texts become JSON. */
export function makeScriptedNet(
  clock: Clock,
  reply: (request: HttpRequest, count: number) => ScriptedReply,
  latency: number = 50,
): ScriptedNet {
  const requests: (HttpRequest & { readonly at: number })[] = [];
  let inFlight = 0;
  let most = 0;
  return {
    requests,
    mostInFlight: () => most,
    exchange: async (request) => {
      requests.push({ ...request, at: clock.monotonic() });
      inFlight += 1;
      most = Math.max(most, inFlight);
      // The other end acts when the request arrives, whatever becomes of its answer.
      const scripted = reply(request, requests.length);
      await clock.sleep(latency);
      inFlight -= 1;
      return deliver(scripted);
    },
    close: async () => {},
  };
}

function deliver(scripted: ScriptedReply): HttpResponse {
  if ("lost" in scripted) {
    throw new NetFailure(`lost ${scripted.lost} sending`, {
      sent: scripted.lost !== "before",
      timedOut: scripted.lost === "timeout",
    });
  }
  const { status, headers = {}, body } = scripted;
  return { status, headers, body: typeof body === "string" ? body : body === undefined ? "" : JSON.stringify(body) };
}
