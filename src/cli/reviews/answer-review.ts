import { timingSafeEqual } from "node:crypto";
import { DiagnosedError, UsageError } from "../../model/errors.ts";
import type { LocalReply, LocalRequest } from "../../model/ports.ts";
import type { ApprovalAnswer, ApprovalRequest } from "../../page/page-model.ts";
import { harmless } from "../render/harmless.ts";
import { readApprovalRequest } from "./read-approval-request.ts";

/** What a served review answers with. */
export interface ReviewAnswers {
  /** Known only to whoever was told the URL. */
  readonly token: string;
  readonly port: () => number;
  readonly page: string;
  readonly policy: string;
  /** Writes an approval and says what it comes to. Throws UsageError. */
  readonly approve: (request: ApprovalRequest) => Promise<ApprovalAnswer>;
  readonly finish: () => void;
}

/**
 * Answers one request. Served is nothing but the page, to whoever knows the token; written is only at the wish of that very page.
 * Another host name in the request means that a name was made to lead here; another origin, that another page is asking.
 */
export async function answerReview(request: LocalRequest, answers: ReviewAnswers): Promise<LocalReply> {
  const { method, path, headers } = request;
  const host = `127.0.0.1:${answers.port()}`;
  if (headers["host"] !== host) return refuse(421, "This server is reached by its number only.");
  const [, token = "", ...rest] = path.split("/");
  if (!isSame(token, answers.token)) return refuse(404, "There is nothing here.");
  const place = rest.join("/");
  if (place === "" && rest.length === 1 && method === "GET") return showPage(answers);
  if (place !== "approvals" && place !== "done") return refuse(404, "There is nothing here.");
  if (method !== "POST") return refuse(405, "This is only written to.");
  if (!isOwn(headers, host)) return refuse(403, "Only the page that this server served may ask this.");
  return place === "approvals" ? await approve(request.body, answers) : finish(answers);
}

function isOwn(headers: LocalRequest["headers"], host: string): boolean {
  const site = headers["sec-fetch-site"];
  return (
    headers["origin"] === `http://${host}` &&
    headers["content-type"] === "application/json" &&
    (site === undefined || site === "same-origin")
  );
}

/** Takes the same time wherever the first difference is. */
function isSame(given: string, wanted: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(wanted)];
  return one.length === other.length && timingSafeEqual(one, other);
}

async function approve(body: string, answers: ReviewAnswers): Promise<LocalReply> {
  try {
    return tell(200, await answers.approve(readApprovalRequest(body)));
  } catch (error) {
    if (error instanceof UsageError) return refuse(400, [error.message, error.fix].filter(Boolean).join(" "));
    if (!(error instanceof DiagnosedError)) throw error;
    return refuse(400, error.diagnostics.map(({ detail }) => detail).join(" "));
  }
}

function finish(answers: ReviewAnswers): LocalReply {
  answers.finish();
  return tell(200, {});
}

function showPage({ page, policy }: ReviewAnswers): LocalReply {
  const headers = {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": `${policy}; frame-ancestors 'none'`,
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
  };
  return { status: 200, headers: { ...headers, ...PRIVATE }, body: page };
}

function refuse(status: number, error: string): LocalReply {
  return tell(status, { error: harmless(error) });
}

function tell(status: number, body: object): LocalReply {
  return { status, headers: { "content-type": "application/json", ...PRIVATE }, body: JSON.stringify(body) };
}

/** Nothing is kept, and nobody else is told where it came from. */
const PRIVATE: Readonly<Record<string, string>> = {
  "cache-control": "no-store",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "cross-origin-resource-policy": "same-origin",
};
