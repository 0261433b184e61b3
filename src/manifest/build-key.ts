import { type Address, formatAddress, parseAddress } from "../model/address.ts";
import type { PredefinedRole, Rotation, ServiceKey } from "../model/manifest.ts";
import type { SecretSink } from "../model/secret.ts";
import type { DraftKey, DraftRotation, DraftSink } from "./draft.ts";
import { readExpiry } from "./read-expiry.ts";
import { resolveRole } from "./resolve-role.ts";

/** What the platform gives a bot unless told. */
const ORGANIZATION_ROLE: PredefinedRole = "read-only";
const ACCOUNT_ROLE: PredefinedRole = "member";

/** Resolves a service key; undefined where its role, its end or the place of its secret cannot be resolved, which the checks report. */
export function buildKey(draft: DraftKey): ServiceKey | undefined {
  const role = resolveRole("space", draft.role.value);
  const secret = buildSink(draft.secret);
  const expires = readExpiry(draft.expires.value);
  if (role === undefined || secret === undefined || expires === undefined) return undefined;
  return {
    name: draft.name,
    at: draft.at,
    description: draft.description,
    role,
    organizationRole: (draft.organizationRole ?? ORGANIZATION_ROLE) as PredefinedRole,
    accountRole: (draft.accountRole ?? ACCOUNT_ROLE) as PredefinedRole,
    alsoIn: draft.alsoIn.flatMap((also) => {
      const space = readSpaceName(also.space.value);
      const there = resolveRole("space", also.role.value);
      return space === undefined || there === undefined ? [] : [{ space, role: there }];
    }),
    expires,
    secret,
    rotation: draft.rotate && buildRotation(draft.rotate),
  };
}

/** The space that `Organization/space` names, encoded as in addresses; undefined for anything else. */
export function readSpaceName(text: string): Address<"space"> | undefined {
  const path = parseAddress(`space:${text}`)?.path;
  return path?.length === 2 ? formatAddress("space", path) : undefined;
}

/** The keys that each place of a secret needs. */
export const SINK_KEYS: Readonly<Record<SecretSink["to"], readonly string[]>> = {
  file: ["path"],
  command: ["command"],
  env: ["file", "name"],
  github: ["repo", "name"],
};

/** Where a secret goes; undefined where a key is missing that the place needs. */
export function buildSink({ to, texts, command }: DraftSink): SecretSink | undefined {
  const [path, file, name, repo] = ["path", "file", "name", "repo"].map((key) => texts.get(key)?.value);
  if (to === "file" && path !== undefined) return { to, path };
  if (to === "command" && command !== undefined) return { to, command: command.map(({ value }) => value) };
  if (to === "env" && file !== undefined && name !== undefined) return { to, file, name };
  if (to === "github" && repo !== undefined && name !== undefined) return { to, repo, name };
  return undefined;
}

function buildRotation({ beforeExpiry, grace }: DraftRotation): Rotation {
  return {
    secondsBeforeExpiry: readDuration(beforeExpiry.value),
    graceSeconds: grace === undefined ? DEFAULT_GRACE_SECONDS : readDuration(grace.value),
  };
}

const DEFAULT_GRACE_SECONDS = 3600;

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** The seconds of a duration that keeps the schema: a whole number and one of s, m, h and d. */
export function readDuration(text: string): number {
  return Number(text.slice(0, -1)) * (SECONDS[text.slice(-1)] ?? 0);
}
