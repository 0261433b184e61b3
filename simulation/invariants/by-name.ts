import { formatAddress, parseAddress } from "../../src/model/address.ts";
import type { Step } from "../../src/model/change.ts";
import { pairKey, type Store } from "../../src/sandbox/store.ts";

/** Rows as a plan names them, and as accounts do. */
export interface Found {
  /** The number of a person, as an access view spells it: `user:3`. */
  readonly person?: string;
  /** The numbers of a place: `space:1/2`. */
  readonly place?: string;
  /** Whether there is such a row: for a membership, that the person is a member there. */
  readonly isThere: boolean;
}

type Renamed = Pick<Step, "address" | "renamedFrom">;

const NOT_THERE: Found = { isThere: false };

/** Finds what an address of a plan means in the account. What the plan renames goes by either name. */
export function findByName(store: Store, address: string, steps: readonly Renamed[]): Found {
  const { kind = "", path = [] } = parseAddress(address) ?? {};
  if (kind === "user") return findPerson(store, path[0] ?? "");
  if (kind !== "org-member" && kind !== "space-member") return findPlace(store, path, steps);
  const place = findPlace(store, path.slice(0, -1), steps);
  const person = findPerson(store, path.at(-1) ?? "");
  return { ...place, ...person, isThere: isMember(store, place.id, person.id) };
}

/** A row, with its id. */
type Row = Found & { readonly id?: string };

function findPerson({ tables }: Store, email: string): Row {
  const row = [...tables.users.all()].find((user) => user.email === email && user.status !== "INACTIVE");
  return row === undefined ? NOT_THERE : { person: `user:${row.n}`, id: row.id, isThere: true };
}

const KINDS = ["organization", "space", "project"] as const;

function findPlace({ tables }: Store, path: readonly string[], steps: readonly Renamed[]): Row {
  let numbers = "";
  let parent: string | undefined;
  for (const [depth, name] of path.entries()) {
    const kind = KINDS[depth];
    const before = steps.find(({ address }) => address === formatAddress(kind ?? "", path.slice(0, depth + 1)));
    const names = [
      name,
      ...(before?.renamedFrom === undefined ? [] : (parseAddress(before.renamedFrom)?.path.slice(-1) ?? [])),
    ];
    const rows =
      kind === "organization"
        ? [...tables.organizations.all()]
        : kind === "space"
          ? tables.spaces.find("organization", parent ?? "")
          : tables.projects.find("space", parent ?? "");
    const row = rows.find((one) => names.includes(one.name));
    if (row === undefined) return NOT_THERE;
    numbers += `${depth === 0 ? "" : "/"}${row.n}`;
    parent = row.id;
  }
  return { place: `${KINDS[path.length - 1]}:${numbers}`, ...(parent !== undefined && { id: parent }), isThere: true };
}

function isMember({ tables }: Store, place: string | undefined, user: string | undefined): boolean {
  if (place === undefined || user === undefined) return false;
  const pair = pairKey(place, user);
  return [tables.org_members, tables.space_members, tables.role_bindings].some(
    (table) => table.one("pair", pair) !== undefined,
  );
}
