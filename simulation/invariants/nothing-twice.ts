import { pathPart } from "../../src/model/address.ts";
import type { IntentEntry, LedgerLine } from "../../src/model/ledger.ts";
import { digestSecret } from "../../src/sandbox/ids.ts";
import type { ApiKeyRow } from "../../src/sandbox/rows.ts";
import type { Store } from "../../src/sandbox/store.ts";
import type { Invariant } from "./invariant.ts";

/** Nothing is made twice, above all no key: a key whose secret nobody has must not live on, nor a second one be made beside it. */
export const nothingTwice: Invariant = {
  name: "nothing-twice",
  claim: "nothing is made twice, and no key lives whose secret reached nobody",
  watch: (tell) => {
    const delivered = new Set<string>();
    const known = new Set<string>();
    /** Keys that were begun when an older ledger was put back, which knows nothing of them. */
    const forgotten = new Set<string>();
    /** Keys of a stage in which the clock jumped and a run was killed: the time at which one was begun fits no more. */
    const mistimed = new Set<string>();
    const faults = { clock: false, kill: false };
    let book: readonly LedgerLine[] = [];
    const isUnheld = ({ id, digest }: ApiKeyRow): boolean =>
      !delivered.has(digest) && !forgotten.has(id) && !mistimed.has(id);
    return {
      see: (happening, { store, lines }) => {
        if (happening.type === "stage") Object.assign(faults, { clock: false, kill: false });
        if (happening.type === "fault") {
          faults.clock ||= happening.name.startsWith("clock");
          faults.kill ||= /^(?:kill|power)/u.test(happening.name);
        }
        if (happening.type === "put-back") {
          for (const key of listLive(store)) if (countBegun(key, book) > countBegun(key, lines)) forgotten.add(key.id);
        }
        book = lines;
        if (faults.clock && faults.kill) for (const { id } of listLive(store)) mistimed.add(id);
        if (happening.type === "write" && happening.path.includes("/.secrets/"))
          delivered.add(digestSecret(happening.text));
        if (happening.type === "commit") {
          for (const key of happening.operations.flatMap(([, table, row]) =>
            table === "api_keys" ? [row as ApiKeyRow] : [],
          )) {
            if (!known.has(key.id))
              for (const { id: other } of findNamesakes(store, key).filter(isUnheld))
                tell(`the key ${key.name} was made while ${other} lived, whose secret nobody has`);
            known.add(key.id);
          }
        }
        if (happening.type !== "settled" || happening.left.state === "unfinished") return;
        for (const { name, id } of listLive(store).filter(isUnheld)) {
          tell(`the key ${name} (${id}) lives, and its secret reached nobody`);
        }
        for (const name of listDoubles(store)) tell(`${name} is there twice`);
      },
    };
  },
};

function listLive({ tables }: Store): readonly ApiKeyRow[] {
  return [...tables.api_keys.all()].filter(({ key_type, status }) => key_type === "SERVICE" && status === "ACTIVE");
}

/** How often a ledger says that a key of that name was about to be made or renewed. */
function countBegun({ name }: ApiKeyRow, lines: readonly LedgerLine[]): number {
  return lines.filter(({ entry }) => entry.type === "intent" && isForKey(entry, name)).length;
}

function isForKey({ kind, op, address }: IntentEntry, name: string): boolean {
  return kind === "service-key" && op !== "delete" && pathPart(address, -1) === name;
}

function findNamesakes(store: Store, key: ApiKeyRow): readonly ApiKeyRow[] {
  if (key.key_type !== "SERVICE") return [];
  const isNamesake = (other: ApiKeyRow): boolean =>
    other.id !== key.id && other.name === key.name && other.space_ids[0] === key.space_ids[0];
  return listLive(store).filter(isNamesake);
}

function listDoubles({ tables }: Store): readonly string[] {
  const names = [
    ...[...tables.organizations.all()].map(({ name }) => `organization ${name}`),
    ...[...tables.spaces.all()].map(({ organization_id, name }) => `space ${organization_id} ${name}`),
    ...[...tables.projects.all()].map(({ space_id, name }) => `project ${space_id} ${name}`),
    ...[...tables.users.all()].filter(({ status }) => status !== "INACTIVE").map(({ email }) => `person ${email}`),
    ...[...tables.roles.all()].filter(({ deleted }) => !deleted).map(({ name, level }) => `role ${level} ${name}`),
    ...[...tables.org_members.all()].map(({ organization_id, user_id }) => `member ${organization_id} ${user_id}`),
    ...[...tables.space_members.all()].map(({ space_id, user_id }) => `member ${space_id} ${user_id}`),
    ...[...tables.role_bindings.all()].map(({ resource_id, user_id }) => `binding ${resource_id} ${user_id}`),
  ];
  return names.filter((name, index) => names.indexOf(name) !== index);
}
