import { type Address, formatAddress } from "../../model/address.ts";
import type { Position } from "../../model/diagnostic.ts";
import { readDuration, readSpaceName } from "../build-key.ts";
import type { Problems } from "../collect-problems.ts";
import type { Draft, DraftKey, DraftRotation } from "../draft.ts";
import { quoteName } from "../quote-name.ts";
import { readExpiry } from "../read-expiry.ts";
import type { CheckContext } from "./check-context.ts";
import { checkRole } from "./check-roles.ts";

/** The platform lets an old key count for a day at most. */
const LONGEST_GRACE_SECONDS = 86_400;

/** Every service key can be made. */
export function checkKeys({ draft, problems }: CheckContext): void {
  for (const { key, space } of listKeys(draft)) {
    checkKeyRoles(key, draft, problems);
    checkSpaces(key, space, problems);
    checkEnds(key, problems);
  }
}

interface PlacedKey {
  readonly key: DraftKey;
  readonly space: Address;
}

function listKeys(draft: Draft): readonly PlacedKey[] {
  return [...(draft.organizations?.entries.values() ?? [])].flatMap((organization) =>
    [...(organization.spaces?.entries.values() ?? [])].flatMap((space) =>
      [...(space.serviceKeys?.entries.values() ?? [])].map((key) => ({
        key,
        space: formatAddress("space", [organization.name, space.name]),
      })),
    ),
  );
}

function checkKeyRoles({ role, alsoIn }: DraftKey, draft: Draft, problems: Problems): void {
  for (const given of [role, ...alsoIn.map((also) => also.role)]) {
    if (given.value === "annotator") {
      problems.report("AX208", {
        at: given.at,
        detail: "A service key cannot be an annotator; the platform refuses it anywhere.",
        fix: "Write member, read-only, admin, or a custom role.",
      });
    } else checkRole({ draft, level: "space", role: given }, problems);
  }
}

function checkSpaces({ alsoIn }: DraftKey, own: Address, problems: Problems): void {
  const seen = new Map<Address, Position | undefined>([[own, undefined]]);
  for (const { space } of alsoIn) {
    const address = readSpaceName(space.value);
    if (address === undefined) {
      problems.report("AX221", {
        at: space.at,
        detail: `${quoteName(space.value)} does not name a space.`,
        fix: "Write Organization/space, with / and % in names as %2F and %25.",
      });
      continue;
    }
    if (!seen.has(address)) {
      seen.set(address, space.at);
      continue;
    }
    const first = seen.get(address);
    problems.report("AX201", {
      at: space.at,
      detail: `The key is given a role in ${quoteName(space.value)} already.`,
      fix: "Remove one of them.",
      ...(first === undefined ? {} : { related: [{ at: first, message: "It is first written here." }] }),
    });
  }
}

function checkEnds({ expires, rotate }: DraftKey, problems: Problems): void {
  if (readExpiry(expires.value) === undefined) {
    problems.report("AX223", {
      at: expires.at,
      detail: `${quoteName(expires.value)} is not a date that exists, or not written as RFC 3339 wants it.`,
      fix: "Write a date such as 2027-01-31, or an instant with its offset such as 2027-01-31T18:00:00Z.",
    });
  }
  if (rotate !== undefined) checkGrace(rotate, problems);
}

function checkGrace({ grace }: DraftRotation, problems: Problems): void {
  if (grace === undefined || readDuration(grace.value) <= LONGEST_GRACE_SECONDS) return;
  problems.report("AX234", {
    at: grace.at,
    detail: "The old secret may count for a day at most after a rotation.",
    fix: "Write 24h or less.",
  });
}
