import { type HttpRequest, type HttpResponse, NetFailure } from "../../src/model/ports.ts";
import type { EmbeddedSandbox } from "../../src/sandbox/embed-sandbox.ts";

/** Asks an account in this process. */
export async function ask(sandbox: EmbeddedSandbox, request: HttpRequest, target: string): Promise<HttpResponse> {
  const { method, headers, body } = request;
  const answer = await sandbox.answer({ method, target, headers, body });
  if (answer === "reset") throw new NetFailure("read ECONNRESET", { sent: true, timedOut: false });
  return { status: answer.status, headers: answer.headers, body: answer.text ?? "" };
}
