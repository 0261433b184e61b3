import type { IdKind } from "./ids.ts";
import { makeBareId, makeId } from "./ids.ts";
import type { RowOf, SettingRow, TableName } from "./rows.ts";
import type { IndexKeys, Table } from "./table.ts";
import { makeTable } from "./table.ts";

/** One change of one row, as it is kept in the journal. */
export type Operation = readonly ["put", TableName, RowOf[TableName]] | readonly ["drop", TableName, string];

interface IndexOf {
  readonly settings: never;
  readonly counters: never;
  readonly users: "email" | "role";
  readonly organizations: "name";
  readonly spaces: "organization" | "name";
  readonly projects: "space" | "name";
  readonly roles: "name";
  readonly org_members: "organization" | "user" | "pair";
  readonly space_members: "space" | "user" | "pair";
  readonly role_bindings: "user" | "resource" | "role" | "pair";
  readonly restrictions: never;
  readonly api_keys: "digest" | "space" | "creator" | "actor";
  readonly saml_idps: never;
}

type Tables = { readonly [K in TableName]: Table<RowOf[K], IndexOf[K]> };

/** The account's rows in memory; writes happen inside `transact` and reach the journal before it returns. */
export interface Store {
  readonly tables: Tables;
  readonly put: <K extends TableName>(table: K, row: RowOf[K]) => RowOf[K];
  readonly drop: (table: TableName, id: string) => void;
  /** Gives the next id and number of a kind; numbers are never used twice. */
  readonly next: (kind: IdKind) => { readonly id: string; readonly n: number };
  /** Runs the work so that either all its writes stand and are journalled, or none. */
  readonly transact: <T>(work: () => T) => T;
  /** Replays an operation read from disk, without journalling it again. */
  readonly replay: (operation: Operation) => void;
  readonly settings: () => SettingRow;
}

const BARE: ReadonlySet<IdKind> = new Set(["AccountOrganizationMember", "SpaceMember"]);

/** The id of the only row of the settings table. */
export const SETTINGS_ID = "account";

/** Makes an empty store that hands each finished transaction to `journal`. */
export function makeStore(journal: (operations: readonly Operation[]) => void): Store {
  const tables = makeTables();
  let done: Operation[] = [];
  let undo: (() => void)[] = [];

  const put = <K extends TableName>(name: K, row: RowOf[K]): RowOf[K] => {
    const table = tables[name];
    const before = table.put(row);
    done.push(["put", name, row]);
    undo.push(() => (before === undefined ? table.drop(row.id) : table.put(before)));
    return row;
  };
  const drop = <K extends TableName>(name: K, id: string): void => {
    const table = tables[name];
    const before = table.drop(id);
    if (before === undefined) return;
    done.push(["drop", name, id]);
    undo.push(() => table.put(before));
  };
  const settings = (): SettingRow => {
    const row = tables.settings.get(SETTINGS_ID);
    if (row === undefined) throw new Error("The sandbox account has not been seeded.");
    return row;
  };
  return {
    tables,
    put,
    drop,
    settings,
    next: (kind) => {
      const n = (tables.counters.get(kind)?.n ?? 0) + 1;
      put("counters", { id: kind, n });
      return { id: BARE.has(kind) ? makeBareId(kind, n) : makeId(kind, n, settings().seed), n };
    },
    transact: (work) => {
      [done, undo] = [[], []];
      try {
        const result = work();
        if (done.length > 0) journal(done);
        return result;
      } catch (error) {
        for (const step of undo.toReversed()) step();
        throw error;
      } finally {
        [done, undo] = [[], []];
      }
    },
    replay: (operation) => replayInto(tables, operation),
  };
}

/** Gives everything in the store as table name and rows, for the snapshot on disk. */
export function listTables(store: Store): Record<TableName, readonly RowOf[TableName][]> {
  const entries = Object.entries(store.tables).map(([name, table]) => [name, [...table.all()]]);
  return Object.fromEntries(entries) as Record<TableName, readonly RowOf[TableName][]>;
}

/** Joins two ids into the key of a pair index. */
export function pairKey(left: string, right: string): string {
  return `${left}|${right}`;
}

function replayInto(tables: Tables, operation: Operation): void {
  const [verb, name] = operation;
  // The journal holds what put and drop wrote, so the row belongs to its table.
  const table = tables[name] as unknown as Table<RowOf[TableName], never>;
  if (verb === "put") table.put(operation[2]);
  else table.drop(operation[2]);
}

function makeTables(): Tables {
  const lower = (text: string): string => text.toLowerCase();
  return {
    settings: makeTable({}),
    counters: makeTable({}),
    users: makeTable({
      email: ((row) => lower(row.email)) as IndexKeys<RowOf["users"]>,
      role: (row) => (row.status === "INACTIVE" ? undefined : row.role),
    }),
    organizations: makeTable({ name: ((row) => lower(row.name)) as IndexKeys<RowOf["organizations"]> }),
    spaces: makeTable({
      organization: ((row) => row.organization_id) as IndexKeys<RowOf["spaces"]>,
      name: (row) => pairKey(row.organization_id, lower(row.name)),
    }),
    projects: makeTable({
      space: ((row) => row.space_id) as IndexKeys<RowOf["projects"]>,
      name: (row) => pairKey(row.space_id, lower(row.name)),
    }),
    roles: makeTable({ name: ((row) => lower(row.name)) as IndexKeys<RowOf["roles"]> }),
    org_members: makeTable({
      organization: ((row) => row.organization_id) as IndexKeys<RowOf["org_members"]>,
      user: (row) => row.user_id,
      pair: (row) => pairKey(row.organization_id, row.user_id),
    }),
    space_members: makeTable({
      space: ((row) => row.space_id) as IndexKeys<RowOf["space_members"]>,
      user: (row) => row.user_id,
      pair: (row) => pairKey(row.space_id, row.user_id),
    }),
    role_bindings: makeTable({
      user: ((row) => row.user_id) as IndexKeys<RowOf["role_bindings"]>,
      resource: (row) => row.resource_id,
      role: (row) => row.role_id,
      pair: (row) => pairKey(row.resource_id, row.user_id),
    }),
    restrictions: makeTable({}),
    saml_idps: makeTable({}),
    api_keys: makeTable({
      digest: ((row) => row.digest) as IndexKeys<RowOf["api_keys"]>,
      space: (row) => row.space_ids,
      creator: (row) => row.created_by_user_id,
      actor: (row) => row.acts_as_user_id,
    }),
  };
}
