import type { Account } from "./account.ts";
import type { FaultRule, Faults } from "./faults.ts";
import { putApiKey } from "./key-records.ts";
import { invalid, notFound, Refusal } from "./problems.ts";
import { canonicalId } from "./query-parameters.ts";
import type { RequestLog } from "./request-log.ts";
import { describeFailure } from "./rest.ts";
import type { UserRow } from "./rows.ts";
import { type LoginResult, logInOverSaml, type SamlLogin } from "./saml-login.ts";
import type { SandboxSwitches } from "./switches.ts";
import type { Outcome, WireRequest } from "./wire.ts";

/** What the control endpoints can reach. */
export interface ControlParts {
  readonly account: Account;
  readonly faults: Faults;
  readonly log: RequestLog;
  readonly setSwitches: (chosen: Partial<SandboxSwitches>) => void;
}

/**
 * Answers the sandbox's own endpoints under /_sandbox, for the first admin's key only. They are no part of the
 * simulated platform and are not logged: what people do in the platform's user interface, and what tests must steer.
 */
export function answerControl(parts: ControlParts, request: WireRequest): Outcome {
  try {
    requireAdminKey(parts.account, request);
    return runControl(parts, request);
  } catch (error) {
    return describeFailure(error, request.path);
  }
}

function runControl(parts: ControlParts, request: WireRequest): Outcome {
  const [, , subject, id] = request.path.split("/");
  const action = `${request.method} ${subject}`;
  switch (action) {
    case "GET log":
      return { status: 200, body: parts.log.readAll() };
    case "GET faults":
      return { status: 200, body: parts.faults.list() };
    case "POST faults":
      parts.faults.add(readRules(request.text));
      return { status: 200, body: parts.faults.list() };
    case "PUT faults":
      parts.faults.replace(readRules(request.text));
      return { status: 200, body: parts.faults.list() };
    case "DELETE faults":
      parts.faults.replace([]);
      return { status: 204 };
    case "GET switches":
      return { status: 200, body: parts.account.switches() };
    case "PATCH switches":
      return changeSwitches(parts, request.text);
    case "PATCH users":
      return { status: 200, body: changeUser(parts.account, id ?? "", request.text) };
    case "POST users":
      return { status: 201, body: { key: createUserKey(parts.account, id ?? "") } };
    case "POST saml":
      if (id !== "login") throw notFound("Control endpoint");
      return { status: 200, body: logIn(parts.account, request.text) };
    default:
      throw notFound("Control endpoint");
  }
}

/** Null in JSON stands for a switch that is off altogether, such as a limit. */
function changeSwitches(parts: ControlParts, text: string): Outcome {
  const entries = Object.entries(readJson(text) as object).map(([name, value]) => [name, value ?? undefined]);
  try {
    parts.setSwitches(Object.fromEntries(entries));
  } catch (error) {
    throw invalid(error instanceof Error ? error.message : String(error));
  }
  return { status: 200, body: parts.account.switches() };
}

/** Does to a user what only the user interface or a login can: account role, invitation state, single sign-on. */
function changeUser(account: Account, text: string, change: string): UserRow {
  const user = account.store.tables.users.get(canonicalId(text, "User"));
  if (user === undefined) throw notFound("User");
  const { role, status, sso } = readJson(change) as Partial<Pick<UserRow, "role" | "status" | "sso">>;
  const changed = { ...user, role: role ?? user.role, status: status ?? user.status, sso: sso ?? user.sso };
  return account.store.transact(() => account.store.put("users", changed));
}

/** Lets somebody log in over SAML, as their identity provider would send them. */
function logIn(account: Account, text: string): LoginResult {
  const { email, name, attributes } = readJson(text) as Partial<SamlLogin>;
  if (typeof email !== "string" || !email.includes("@")) throw invalid('A login needs an "email".');
  const login = { email, name: name ?? email, attributes: attributes ?? {} };
  return account.store.transact(() => logInOverSaml(account, login));
}

/** Creates a key for any person, as that person could at login; REST creates user keys only for the caller. */
function createUserKey(account: Account, text: string): string {
  const user = account.store.tables.users.get(canonicalId(text, "User"));
  if (user === undefined || user.status === "INACTIVE") throw notFound("User");
  const wish = {
    name: `key of ${user.email}`,
    description: undefined,
    key_type: "USER",
    expires_at: undefined,
    created_by_user_id: user.id,
    acts_as_user_id: user.id,
    space_ids: [],
  } as const;
  return account.store.transact(() => putApiKey(account, wish)).secret;
}

function readRules(text: string): readonly FaultRule[] {
  const value = readJson(text);
  const rules = Array.isArray(value) ? value : [value];
  for (const rule of rules) {
    if (typeof rule?.effect?.kind !== "string") throw invalid('A fault rule needs an "effect" with a "kind".');
  }
  return rules as readonly FaultRule[];
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid("The request body is not valid JSON.");
  }
}

function requireAdminKey(account: Account, request: WireRequest): void {
  const [, secret] = /^Bearer\s+(\S+)$/i.exec(request.header("authorization") ?? "") ?? [];
  if (secret !== account.store.settings().admin_key) throw new Refusal(401, "The key of the first admin is required.");
}
