import type { IntentEntry } from "../../src/model/ledger.ts";

/** What a request to the account is about: the kinds it may be a write of, and the ids in its path. */
interface Aim {
  readonly kinds: readonly string[];
  readonly ids: readonly string[];
}

const KINDS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^\/v2\/organizations\/[^/]+\/users/u, ["org-member"]],
  [/^\/v2\/organizations/u, ["organization"]],
  [/^\/v2\/spaces\/[^/]+\/users/u, ["space-member"]],
  [/^\/v2\/spaces/u, ["space"]],
  [/^\/v2\/users/u, ["user"]],
  [/^\/v2\/projects/u, ["project"]],
  [/^\/v2\/roles/u, ["role"]],
  [/^\/v2\/role-bindings/u, ["binding", "space-member"]],
  [/^\/v2\/resource-restrictions/u, ["restriction"]],
  [/^\/v2\/api-keys/u, ["service-key"]],
  [/^\/graphql/u, ["saml-provider", "saml-mapping"]],
];

/** Reads what a request is about from its path. */
function readAim(target: string): Aim {
  const path = target.split("?")[0] ?? "";
  const kinds = KINDS.find(([form]) => form.test(path))?.[1] ?? [];
  const words = new Set(["v2", "users", "refresh", "revoke", "resend-invitation"]);
  const [, , , ...more] = path.split("/");
  return { kinds, ids: more.map(decodeURIComponent).filter((segment) => segment !== "" && !words.has(segment)) };
}

/** The intents that a request may be the deed of: those of its kind, about the very ids of its path. */
export function findIntents(open: readonly IntentEntry[], target: string): readonly IntentEntry[] {
  const { kinds, ids } = readAim(target);
  return open.filter((intent) => {
    if (!kinds.includes(intent.kind)) return false;
    const known = Object.values(intent.remote ?? {});
    // What is made has no ids yet: then those of the path are of what it is made in.
    return intent.op === "create" || known.length === 0 || ids.every((id) => known.includes(id));
  });
}
