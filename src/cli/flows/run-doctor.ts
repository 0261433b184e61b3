import { DiagnosedError, PlatformError, UsageError } from "../../model/errors.ts";
import type { Caller } from "../../model/platform.ts";
import { listShards } from "../../model/shard.ts";
import { showLocation } from "../../state/ledger-location.ts";
import { findDivision, locatePart } from "../../state/ledger-parts.ts";
import { readLedger } from "../../state/read-ledger.ts";
import { openReading, type Reading } from "../context.ts";
import { EXIT } from "../exit.ts";
import { findLedgerPlace } from "../manifest-home.ts";
import { type Check, renderChecks } from "../render/checks-text.ts";
import type { Outcome, Session } from "../session.ts";
import { checkRights } from "./check-rights.ts";

/** Looks at everything a plan needs and tells, line by line, what is there. Nothing is changed. */
export async function runDoctor(session: Session): Promise<Outcome> {
  const checks = [...(await checkAccount(session)), await checkLedger(session)];
  session.print(renderChecks(checks, session.paint));
  const failed = checks.some(({ state }) => state === "fail");
  return { exit: failed ? EXIT.error : EXIT.done, diagnostics: [], document: { checks } };
}

async function checkAccount(session: Session): Promise<readonly Check[]> {
  const opened = await attempt("credentials", async () => await openReading(session));
  if ("check" in opened) return [opened.check];
  const reading = opened.value;
  try {
    const found: Check = { name: "credentials", state: "ok", detail: `${reading.source}, for ${reading.accountUrl}` };
    const about = await checkCaller(reading);
    return [
      found,
      ...(await checkRest(reading)),
      ...about,
      ...(await checkKey(session, reading)),
      pace(session, reading),
    ];
  } finally {
    await reading.close();
  }
}

const COLLECTIONS = ["users", "organizations", "spaces", "roles"] as const;

async function checkRest({ reader }: Reading): Promise<readonly Check[]> {
  const checks: Check[] = [];
  for (const collection of COLLECTIONS) {
    const counted = await attempt(`REST ${collection}`, () =>
      reader.list({ path: `/v2/${collection}`, query: {}, collection }),
    );
    if ("check" in counted) checks.push(counted.check);
    else checks.push({ name: `REST ${collection}`, state: "ok", detail: `${counted.value.length} seen` });
  }
  return checks;
}

async function checkCaller({ reader }: Reading): Promise<readonly Check[]> {
  const identified = await attempt("caller", () => reader.identify());
  if ("check" in identified) return [identified.check];
  const caller = identified.value;
  const roles = await attempt("organization roles", () => reader.readsOrganizationRoles());
  return [describeGraphql(caller), describeCaller(caller), describeAdmin(caller), describeRoles(roles)];
}

async function checkKey(session: Session, { reader }: Reading): Promise<readonly Check[]> {
  const checked = await attempt("rights", async () => checkRights(session, reader, await reader.identify()));
  return "check" in checked ? [checked.check] : checked.value;
}

function describeGraphql({ graphql }: Caller): Check {
  return graphql === "available"
    ? { name: "GraphQL", state: "ok", detail: "it answers; members can be read" }
    : { name: "GraphQL", state: "warn", detail: "it does not answer; members cannot be read, so none are removed" };
}

function describeCaller({ email, accountName }: Caller): Check {
  if (email === undefined)
    return { name: "caller", state: "warn", detail: "who the key belongs to cannot be found out" };
  return {
    name: "caller",
    state: "ok",
    detail: `${email}${accountName === undefined ? "" : `, account ${accountName}`}`,
  };
}

function describeAdmin({ accountAdmin }: Caller): Check {
  if (accountAdmin === "yes") return { name: "account admin", state: "ok", detail: "yes; lists are whole" };
  const detail = `${accountAdmin}; lists may leave things out, so no removal is planned`;
  return { name: "account admin", state: "warn", detail };
}

function describeRoles(roles: Attempt<boolean>): Check {
  if ("check" in roles) return roles.check;
  return roles.value
    ? { name: "organization roles", state: "ok", detail: "can be read" }
    : {
        name: "organization roles",
        state: "warn",
        detail: "cannot be read on this server; they are written and remembered",
      };
}

function pace(session: Session, reading: Reading): Check {
  const { ratePerMinute } = session.globals;
  const rate = ratePerMinute === undefined ? "as fast as the platform lets it" : `${ratePerMinute} a minute at most`;
  return { name: "pace", state: "ok", detail: `${reading.parallelism} calls at the same time, ${rate}` };
}

async function checkLedger(session: Session): Promise<Check> {
  const place = await findLedgerPlace(session);
  const read = await attempt("ledger", () => readLedger(place));
  if ("check" in read) return read.check;
  const { lines } = read.value;
  const location = showLocation(place.location);
  const shards = listShards(findDivision(lines));
  const parts =
    shards.length === 0
      ? ""
      : ` in ${shards.length + 1} parts, the last ${showLocation(locatePart(place.location, shards.length))}`;
  const detail =
    lines.length === 0 ? `none yet at ${location}` : `${lines.length} lines at ${location}${parts}, unbroken`;
  return { name: "ledger", state: "ok", detail };
}

type Attempt<T> = { readonly value: T } | { readonly check: Check };

async function attempt<T>(name: string, work: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { value: await work() };
  } catch (error) {
    if (error instanceof DiagnosedError) {
      return { check: { name, state: "fail", detail: error.diagnostics.map(({ detail }) => detail).join(" ") } };
    }
    if (!(error instanceof PlatformError || error instanceof UsageError)) throw error;
    const fix = error instanceof UsageError ? error.fix : undefined;
    return { check: { name, state: "fail", detail: fix === undefined ? error.message : `${error.message} ${fix}` } };
  }
}
