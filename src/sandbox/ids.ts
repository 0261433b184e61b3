import { hash } from "node:crypto";

/** The words that stand in front of the number inside an opaque ID. A project is called "Model" there (documented examples). */
export type IdKind =
  | "Account"
  | "AccountOrganizationMember"
  | "ApiKey"
  | "AuditLog"
  | "Dashboard"
  | "Model"
  | "Organization"
  | "Role"
  | "RoleBinding"
  | "SAMLEmailDomain"
  | "SAMLIdP"
  | "SAMLRoleMapping"
  | "Space"
  | "SpaceMember"
  | "User";

/** What an ID text says about itself; whether it exists is another question. */
interface ReadId {
  readonly kind: string;
  readonly number: number;
  readonly canonical: string;
}

const SHAPE = /^([A-Za-z]+):(\d{1,15})(?::([^:\s]+))?$/;
const ALIASES: Readonly<Record<string, string>> = { Project: "Model", AccountOrg: "Organization" };

/** Makes the opaque ID of one object: base64 of "Kind:number:check", where the check part depends on the account's seed. */
export function makeId(kind: IdKind, number: number, seed: string): string {
  return encode(`${kind}:${number}:${checkPart(`${seed}/${kind}/${number}`)}`);
}

/** Makes an ID without a check part, as documented for audit logs and memberships. */
export function makeBareId(kind: IdKind, number: number): string {
  return encode(`${kind}:${number}`);
}

/** Reads an ID text, with or without padding; undefined when it does not have the form of an ID at all. */
export function readId(text: string): ReadId | undefined {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined;
  const plain = Buffer.from(text, "base64").toString("latin1");
  const match = SHAPE.exec(plain);
  const [, kind, number] = match ?? [];
  if (kind === undefined || number === undefined) return undefined;
  return { kind: ALIASES[kind] ?? kind, number: Number(number), canonical: encode(plain) };
}

/** Makes a secret that depends only on the seed and the name, so that a seeded sandbox hands out the same keys each time. */
export function makeSecret(seed: string, name: string): string {
  return hash("sha256", `${seed}/secret/${name}`, "base64url").slice(0, 36);
}

/** Gives the digest under which a secret is kept; the secret itself is never stored. */
export function digestSecret(secret: string): string {
  return hash("sha256", secret);
}

/** Mixes a number with a seed into another 32-bit number, one to one, for orders and delays that look random and repeat. */
export function mixNumber(number: number, seed: number): number {
  let mixed = (number ^ seed) >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x7feb352d) >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x846ca68b) >>> 0;
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** What few seeds there are, and few words that stand for one, is asked with every list. */
const seedNumbers = new Map<string, number>();
const MOST_SEEDS = 1000;

/** Turns a seed text into a 32-bit number for mixNumber. */
export function seedNumber(seed: string): number {
  const known = seedNumbers.get(seed);
  if (known !== undefined) return known;
  const number = hash("sha256", seed, "buffer").readUInt32BE(0);
  if (seedNumbers.size >= MOST_SEEDS) seedNumbers.clear();
  seedNumbers.set(seed, number);
  return number;
}

function encode(plain: string): string {
  return Buffer.from(plain, "latin1").toString("base64");
}

function checkPart(text: string): string {
  const letters = hash("sha256", text, "base64").replace(/[^A-Za-z0-9]/g, "");
  return letters.slice(0, 4);
}
