// What somebody leaves behind who is deleted: keys. REST v2 `/v2/api-keys` lists the living keys that a person made for themselves to
// account admins; the service keys they made stand in the lists of spaces. Documented: the former end with the person, the latter stay.
import { type Address, type ClassKey, classKey, pathPart } from "../model/address.ts";
import { PlatformError } from "../model/errors.ts";
import { compareText } from "../model/json.ts";
import type { BelongingsScene } from "../model/kind.ts";
import type { Belonging } from "../model/plan.ts";
import type { PlatformReader } from "../model/platform.ts";
import { type Resource, remoteOf, type World } from "../model/resource.ts";
import { KEYS_PATH } from "./key-reads.ts";
import { remotePart } from "./remote-part.ts";
import { spaceOf } from "./space.ts";
import { optionalTextIn } from "./wire.ts";

/** The living keys that a person made for themselves. Throws PlatformError where they cannot be listed. */
export async function readOwnKeys(reader: PlatformReader, person: Resource): Promise<readonly Belonging[]> {
  const id = remotePart(remoteOf(person), "id");
  const query = { user_id: id, key_type: "USER", status: "ACTIVE" };
  const rows = await reader.list({ path: KEYS_PATH, query, collection: "api_keys" });
  if (rows.some((row) => row["created_by_user_id"] !== id)) {
    throw new PlatformError("protocol", `GET ${KEYS_PATH}`, "The list holds keys of somebody else.");
  }
  return rows.map((row) => ({
    name: optionalTextIn(row, "name"),
    redacted: optionalTextIn(row, "redacted_key"),
    used: optionalTextIn(row, "last_used_at"),
    expires: optionalTextIn(row, "expires_at"),
  }));
}

/** What is told of the keys of somebody who is deleted: each with its name, its place, its last use and what becomes of it. */
export function tellKeys(person: Address, scene: BelongingsScene): readonly string[] {
  return [...tellServiceKeys(person, scene), ...tellUnread(scene), ...tellOwnKeys(scene)];
}

function tellServiceKeys(person: Address, scene: BelongingsScene): readonly string[] {
  const maker = remoteOf(scene.live.get(person))?.["id"];
  const keys = listServiceKeys(scene.live);
  const made = keys.filter(({ creator }) => maker !== undefined && creator === maker);
  const nameless = keys.filter(({ creator }) => creator === "").length;
  return [
    ...(made.length === 0 ? ["No service key is known to be of their making."] : []),
    ...made
      .sort((a, b) => compareText(a.name, b.name) || compareText(a.id, b.id))
      .map((key) => `Service key ${describeKey(key)}, in ${key.spaces.join(", ")}: ${fateOf(key, scene)}`),
    ...(nameless === 0
      ? []
      : [
          `Who made ${nameless === 1 ? "one other service key" : `${nameless} other service keys`} is not known: the platform does not tell.`,
        ]),
  ];
}

interface MadeKey extends Belonging {
  readonly id: string;
  readonly creator: string;
  /** One for each space that lists it. */
  readonly addresses: readonly Address[];
  readonly spaces: readonly Address[];
}

/** Every service key that was seen, once, however many spaces list it and however many have its name. */
function listServiceKeys(live: World): readonly MadeKey[] {
  const keys = new Map<string, MadeKey>();
  for (const resource of live.values()) {
    if (resource.kind !== "service-key") continue;
    const id = remotePart(remoteOf(resource), "id");
    const known = keys.get(id);
    const { facts = {}, address } = resource;
    const text = (fact: string): string => (typeof facts[fact] === "string" ? facts[fact] : "");
    keys.set(id, {
      id,
      name: text("name") === "" ? pathPart(address, 2) : text("name"),
      redacted: text("redacted"),
      used: text("last_used"),
      expires: typeof resource.spec["expires"] === "string" ? resource.spec["expires"] : "",
      creator: text("creator"),
      addresses: [...(known?.addresses ?? []), address],
      spaces: [...new Set([...(known?.spaces ?? []), ...spacesOf(resource, live)])],
    });
  }
  return [...keys.values()];
}

function spacesOf({ address, spec }: Resource, live: World): readonly Address[] {
  const others = Object.keys((spec["also_in"] ?? {}) as object) as Address[];
  return [spaceOf(address), ...others.filter((space) => live.has(space))];
}

function describeKey({ name, redacted, used, expires }: Belonging): string {
  const parts = [
    JSON.stringify(name),
    ...(redacted === "" ? [] : [redacted]),
    used === "" ? "no use is told" : `last used at ${used}`,
    ...(expires === "" ? [] : [`ends at ${expires}`]),
  ];
  return parts.join(", ");
}

function fateOf({ addresses }: MadeKey, { planned, isDeclared }: BelongingsScene): string {
  if (addresses.some((address) => !planned.has(address))) return "this plan takes it away.";
  return addresses.some(isDeclared)
    ? "the manifest manages it, and the platform keeps it; `axcess keys rotate` gives it a new secret."
    : "the manifest does not manage it, and the platform keeps it with its bot.";
}

/** How many places are named of those in which more may be. */
const MOST_NAMED = 3;

function tellUnread({ live, coverageOf }: BelongingsScene): readonly string[] {
  const unread: ClassKey[] = coverageOf("organization@") === "complete" ? [] : ["organization@"];
  for (const { kind, address } of live.values()) {
    const spaces = classKey("space", address);
    const keys = classKey("service-key", address);
    if (kind === "organization" && coverageOf(spaces) !== "complete") unread.push(spaces);
    // Less than complete is also where one key stands in several spaces, though every key was seen.
    if (kind === "space" && coverageOf(keys) === "unreadable") unread.push(keys);
  }
  if (unread.length === 0) return [];
  const more = unread.length > MOST_NAMED ? ` and ${unread.length - MOST_NAMED} more` : "";
  return [
    `The person may have made other service keys: ${unread.slice(0, MOST_NAMED).join(", ")}${more} could not be read whole.`,
  ];
}

function tellOwnKeys({ belongings }: BelongingsScene): readonly string[] {
  if (belongings?.state !== "complete") {
    const because = belongings === undefined ? "nobody asked." : belongings.because;
    return [`Which keys the person made for themselves is not known: ${because}`];
  }
  if (belongings.items.length === 0) return ["No key of their own is alive."];
  return belongings.items.map((key) => `Own key ${describeKey(key)}: the platform disables it with the person.`);
}
