// Inviting people with POST `/v2/users`, and again where an invitation has expired; what the call does not take is set afterwards.
import { pathPart } from "../model/address.ts";
import { PlatformError } from "../model/errors.ts";
import type { ShownSecret, WriteContext, Written } from "../model/kind.ts";
import type { Row, WriteAnswer } from "../model/platform.ts";
import type { RemoteRef, Resource, Spec } from "../model/resource.ts";
import { encodeRole } from "./role-ref.ts";
import { updateNamed } from "./update-named.ts";
import { decodeUser, findByEmail, isExpired, USERS_PATH } from "./user-row.ts";
import { rowOf, textIn } from "./wire.ts";

/** What an invitation is told of the place of its temporary password; left out where the password is thrown away. */
export const PASSWORD = "password";

/** Changes a person who is there. */
export const patchUser: (context: WriteContext) => Promise<Written> = updateNamed(USERS_PATH, {
  developer: "is_developer",
});

/**
 * Invites somebody. Servers of autumn 2026 no longer take `is_developer` here, and one that finds an open invitation leaves it
 * as it is whatever was asked: both are set right afterwards, from the record that came back.
 */
export async function invite(context: WriteContext): Promise<Written> {
  const email = pathPart(context.address, 0);
  const spec: Spec = context.to ?? {};
  const mode = context.creation["invite"] ?? "email_link";
  const answer = await context.writer.write({
    method: "POST",
    path: USERS_PATH,
    body: {
      name: String(spec["name"]),
      email,
      role: encodeRole(String(spec["role"]), context.idOf),
      invite_mode: mode.toUpperCase(),
    },
    settle: (reader) => findByEmail(reader, email),
  });
  const row = rowOf(answer, `POST ${USERS_PATH}`);
  const made = decodeUser(row);
  const remote = { id: textIn(row, "id", "user") };
  const hasPlace = context.creation[PASSWORD] !== undefined;
  const isOpen = !answer.found && answer.status !== 201;
  const shown = hasPlace && !isOpen ? showPassword(answer, row) : undefined;
  const unset = await settleInvited(context, { made, remote, isUrgent: shown?.text !== undefined });
  const notes = notesOnInvitation({ made, spec, mode, isNew: answer.status === 201, hasPlace, isOpen });
  return { remote, notes: [...notes, ...unset], ...(shown === undefined ? {} : { secret: shown }) };
}

/** The temporary password of a new person, lost where the answer was. */
function showPassword(answer: WriteAnswer, row: Row): ShownSecret {
  const text = row["temporary_password"];
  return {
    text: typeof text === "string" && !answer.found ? () => text : undefined,
    remedy: `The person stays. ${RESET}`,
  };
}

/** What helps whoever has no password. */
const RESET = 'Have the person use "reset password".';

/** Sets what the invitation did not take. A refusal must not lose a password that was shown: then it is told instead. */
async function settleInvited(
  context: WriteContext,
  { made, remote, isUrgent }: { readonly made: Resource; readonly remote: RemoteRef; readonly isUrgent: boolean },
): Promise<readonly string[]> {
  try {
    await settleFields(context, made, remote);
    return [];
  } catch (cause) {
    if (!isUrgent || !(cause instanceof PlatformError)) throw cause;
    return [`Not all that the manifest gives could be set; the next plan shows it. ${cause.call}: ${cause.message}`];
  }
}

/** Sets what the platform did not take from an invitation. */
async function settleFields(context: WriteContext, made: Resource, remote: RemoteRef): Promise<void> {
  const spec = context.to ?? {};
  const fields = ["name", "developer"]
    .filter((field) => spec[field] !== undefined && spec[field] !== made.spec[field])
    .map((field) => ({ field, to: spec[field] ?? null }));
  if (fields.length > 0) await patchUser({ ...context, remote, fields });
}

/**
 * Invites somebody again whose invitation has expired, by e-mail and with the account role they have: a difference in that is
 * told and settled by hand, and no invitation may settle it unseen. The row of before is no proof that a lost call took effect.
 */
export async function inviteAgain(context: WriteContext): Promise<Written> {
  const email = pathPart(context.address, 0);
  const answer = await context.writer.write({
    method: "POST",
    path: USERS_PATH,
    body: {
      name: String(context.to?.["name"]),
      email,
      role: encodeRole(String(context.from?.["role"]), context.idOf),
      invite_mode: "EMAIL_LINK",
    },
    settle: async (reader) => {
      const row = await findByEmail(reader, email);
      return row === undefined || isExpired(row) ? undefined : row;
    },
  });
  const row = rowOf(answer, `POST ${USERS_PATH}`);
  const remote = { id: textIn(row, "id", "user") };
  await settleFields(context, decodeUser(row), remote);
  return { remote, notes: [] };
}

function notesOnInvitation(invited: {
  readonly made: Resource;
  readonly spec: Spec;
  readonly mode: string;
  readonly isNew: boolean;
  readonly hasPlace: boolean;
  /** Whether the platform answered with an invitation that was there before. */
  readonly isOpen: boolean;
}): readonly string[] {
  const notes: string[] = [];
  if (invited.made.spec["role"] !== invited.spec["role"]) {
    notes.push(
      `An invitation as ${String(invited.made.spec["role"])} was open already; an account role can only be changed in the web interface.`,
    );
  }
  if (invited.hasPlace) {
    if (invited.isOpen) notes.push(`An invitation was open already, so no temporary password was shown. ${RESET}`);
  } else if (invited.mode === "temporary_password" && invited.isNew) {
    notes.push("The temporary password was not kept. Have the person ask for a password reset.");
  }
  return notes;
}
