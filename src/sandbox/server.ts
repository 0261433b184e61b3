import type { HttpBindings, ServerType } from "@hono/node-server";
import type { Context, Handler } from "hono";
import { answerControl } from "./control.ts";
import { conductExchange } from "./exchange.ts";
import { guessOperationName } from "./graphql/endpoint.ts";
import type { ServerParts } from "./open-state.ts";
import { notFound } from "./problems.ts";
import { answerRest, describeFailure } from "./rest.ts";
import { allRoutes } from "./routes/all-routes.ts";
import type { WireAnswer, WireRequest } from "./wire.ts";
import { writeAnswer } from "./wire.ts";

/** A server that listens on loopback. */
interface ListeningServer {
  readonly port: number;
  readonly close: () => Promise<void>;
}

type Env = { Bindings: HttpBindings };
type RestContext = Context<Env>;

/** Loads the HTTP library and serves REST under /v2, GraphQL at /graphql and the control endpoints on one port. */
export async function listenOnLoopback(parts: ServerParts, port: number): Promise<ListeningServer> {
  const [{ Hono }, { createAdaptorServer }] = await Promise.all([import("hono"), import("@hono/node-server")]);
  const app = new Hono<Env>();
  for (const route of allRoutes) {
    app.on(
      route.method,
      route.path,
      answerWith(parts, (request, context) => ({
        operation: route.operation,
        run: () => answerRest(parts, route, { request, params: context.req.param() }),
      })),
    );
  }
  app.post(
    "/graphql",
    answerWith(parts, (request) => ({
      operation: guessOperationName(request.text),
      run: () => parts.answerGraphql(request),
    })),
  );
  app.all("/_sandbox/*", async (context) => toResponse(writeAnswer(answerControl(parts, await readRequest(context)))));
  app.all(
    "*",
    answerWith(parts, (request) => ({
      operation: undefined,
      run: () => describeFailure(notFound("Endpoint"), request.path),
    })),
  );
  const server = createAdaptorServer({ fetch: app.fetch, overrideGlobalObjects: false });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve());
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The sandbox has no port.");
  return { port: address.port, close: () => closeServer(server) };
}

type Work = Parameters<typeof conductExchange>[2];

function answerWith(parts: ServerParts, plan: (request: WireRequest, context: RestContext) => Work): Handler<Env> {
  return async (context) => {
    const request = await readRequest(context);
    const answer = await conductExchange(parts, request, plan(request, context));
    if (answer !== "reset") return toResponse(answer);
    context.env.incoming.socket.destroy();
    return new Response(null, { status: 500 });
  };
}

async function readRequest(context: RestContext): Promise<WireRequest> {
  const url = new URL(context.req.url);
  return {
    method: context.req.method,
    path: decodePath(url.pathname),
    query: url.searchParams,
    header: (name) => context.req.header(name),
    text: await context.req.text(),
  };
}

/** IDs end in "=", which some clients escape and some do not; logs and fault rules see one form. */
function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function toResponse(answer: Exclude<WireAnswer, "reset">): Response {
  return new Response(answer.text ?? null, { status: answer.status, headers: answer.headers });
}

/** How long requests that are under way may take to finish when the sandbox closes. */
const GRACE_MS = 300;

function closeServer(server: ServerType): Promise<void> {
  return new Promise((resolve) => {
    const closeAll = "closeAllConnections" in server ? () => server.closeAllConnections() : () => {};
    const timer = setTimeout(closeAll, GRACE_MS);
    // Closing also ends idle connections, so kept-alive clients do not hold the server open.
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
