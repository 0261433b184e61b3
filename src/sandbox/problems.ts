const TYPE_PREFIX = "https://arize.com/docs/ax/rest-reference/errors";

/** The statuses the platform documents, with title and type suffix as in its error reference. */
const KNOWN: Readonly<Record<ProblemStatus, readonly [title: string, suffix: string]>> = {
  400: ["Invalid request parameters", "#invalid-request"],
  401: ["Authentication required", "#authentication-required"],
  403: ["Access forbidden", "#access-forbidden"],
  404: ["Resource not found", "#resource-not-found"],
  409: ["Resource conflict", "#resource-conflict"],
  422: ["Unprocessable Entity", "#unprocessable-entity"],
  429: ["Rate limit exceeded", "#rate-limit-exceeded"],
  500: ["Internal Server Error", "#internal-server-error"],
};

/** A status the sandbox can answer as a problem. */
type ProblemStatus = 400 | 401 | 403 | 404 | 409 | 422 | 429 | 500;

/** The body of an error answer, RFC 9457 (documented: title and status required). */
export interface ProblemBody {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly instance: string;
  readonly type: string;
}

/** Thrown wherever a request must be refused; the HTTP layer turns it into application/problem+json. */
export class Refusal extends Error {
  readonly status: ProblemStatus;
  readonly retryAfter: number | undefined;

  constructor(status: ProblemStatus, detail: string, retryAfter?: number) {
    super(detail);
    this.name = "Refusal";
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

/** Makes the documented body for a refused request on a path. */
export function describeProblem(status: ProblemStatus, detail: string, instance: string): ProblemBody {
  const [title, suffix] = KNOWN[status];
  return { status, title, detail, instance, type: `${TYPE_PREFIX}${suffix}` };
}

/** The one 404 for "does not exist" and "you cannot read it", which the platform keeps indistinguishable. */
export function notFound(what: string): Refusal {
  return new Refusal(404, `${what} not found.`);
}

/** The refusal for callers who may read a resource but not do this to it. */
export function forbidden(): Refusal {
  return new Refusal(403, "You do not have permission to perform this action.");
}

/** The refusal for requests that break the contract. */
export function invalid(detail: string): Refusal {
  return new Refusal(400, detail);
}

/** The refusal for names, bindings and addresses that are taken. */
export function conflict(detail: string): Refusal {
  return new Refusal(409, detail);
}

/** The refusal for requests that are well formed but not acceptable. */
export function unprocessable(detail: string): Refusal {
  return new Refusal(422, detail);
}
