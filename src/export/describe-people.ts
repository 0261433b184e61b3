import { isWritable, isWritableEmail } from "../manifest/writable.ts";
import type { WrittenEntry } from "../manifest/write-manifest.ts";
import { pathPart } from "../model/address.ts";
import type { Resource, Spec } from "../model/resource.ts";
import { type Omission, quote } from "./omission.ts";
import type { View } from "./view.ts";

/** The people of an account as a manifest lists them. */
export interface DescribedPeople {
  /** By e-mail. */
  readonly entries: ReadonlyMap<string, WrittenEntry>;
  /** The account role of each, by e-mail. */
  readonly accountRoles: ReadonlyMap<string, string>;
  readonly omissions: readonly Omission[];
}

/** Describes everybody but bots, whether or not they have accepted their invitation. */
export function describePeople(view: View): DescribedPeople {
  const entries = new Map<string, WrittenEntry>();
  const accountRoles = new Map<string, string>();
  const omissions: Omission[] = [];
  for (const person of view.listIn("user", undefined)) {
    const { address } = person;
    const email = pathPart(address, 0);
    if (view.isBot(email)) {
      omissions.push({ address, sentence: `${email} is the bot of a service key; not managed.`, isLoss: false });
    } else if (isWritableEmail(email)) {
      entries.set(email, describePerson(email, person));
      accountRoles.set(email, readPerson(person.spec).role);
    } else {
      omissions.push({ address, sentence: `${quote(email)} cannot be written as an e-mail here.`, isLoss: true });
    }
  }
  return { entries, accountRoles, omissions };
}

const ACCOUNT_ROLES: readonly unknown[] = ["admin", "member", "annotator"];

function describePerson(email: string, { spec }: Resource): WrittenEntry {
  const { name, role, developer } = readPerson(spec);
  const value: WrittenEntry[] = [];
  const comments: string[] = [];
  if (isWritable("name", name)) value.push({ key: "name", value: name, comments: [] });
  else comments.push(`The name ${quote(name)} of ${email} cannot be written here.`);
  if (ACCOUNT_ROLES.includes(role)) value.push({ key: "role", value: role, comments: [] });
  else comments.push(`${email} has the account role ${quote(role)}, which this version does not know.`);
  value.push({ key: "developer", value: developer, comments: [] });
  return { key: email, value, comments, inline: true };
}

function readPerson(spec: Spec): { readonly name: string; readonly role: string; readonly developer: boolean } {
  return {
    name: String(spec["name"] ?? ""),
    role: String(spec["role"] ?? ""),
    developer: spec["developer"] === true,
  };
}
