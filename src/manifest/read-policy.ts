import { type AccessSettings, ASSUMED } from "../model/access.ts";
import type { ApprovalRules, Excluded } from "../model/approval-rules.ts";
import { HAZARD_TITLES } from "../model/change.ts";
import { DEFAULT_POLICY } from "../model/policy.ts";
import type { DraftApprovalRules, DraftPolicy, DraftSeparation } from "./draft.ts";
import { normalizeWho } from "./read-email.ts";
import type { MapNode, TreeNode } from "./tree.ts";
import {
  listItems,
  mapOf,
  numberOf,
  placedFlagOf,
  placedTextOf,
  readTexts,
  textOf,
  textsOf,
  wordsOf,
} from "./tree-fields.ts";

/** Reads the policy of a merged tree that keeps the schema; what is not written is as by default. */
export function readPolicy(map: MapNode | undefined): DraftPolicy {
  const policy = map ?? NOTHING;
  return {
    minAdmins: numberOf(policy, "min_admins") ?? DEFAULT_POLICY.minAdmins,
    maxRemovals: numberOf(policy, "max_removals") ?? DEFAULT_POLICY.maxRemovals,
    maxRemovalPercent: numberOf(policy, "max_removal_percent") ?? DEFAULT_POLICY.maxRemovalPercent,
    hold: textsOf(policy, "hold") ?? [],
    forbid: textsOf(policy, "forbid") ?? [],
    separate: listItems(policy.entries.get("separate")?.value).map(readSeparation),
    expire: textOf(policy, "expire") === "automatic" ? "automatic" : DEFAULT_POLICY.expire,
    reinvite: textOf(policy, "reinvite") === "on-expiry" ? "on-expiry" : DEFAULT_POLICY.reinvite,
    assume: readAssume(mapOf(policy, "assume")?.map ?? NOTHING),
    approvals: readApprovalRules(mapOf(policy, "approvals")),
  };
}

const NOTHING: MapNode = { kind: "map", entries: new Map(), at: { file: "", line: 1, column: 1, length: 1 } };

/** A pair is written alone, or with the places where it counts. */
function readSeparation(node: TreeNode): DraftSeparation {
  if (node.kind !== "map") return { permissions: readTexts(node), on: undefined };
  return { permissions: textsOf(node, "permissions") ?? [], on: placedTextOf(node, "on") };
}

/** Where signers are listed unless the manifest says otherwise. */
const ALLOWED_SIGNERS = ".axcess/allowed_signers";

function readApprovalRules(written: ReturnType<typeof mapOf>): DraftApprovalRules | undefined {
  if (written === undefined) return undefined;
  const { map, at } = written;
  const codes = ["default", ...Object.keys(HAZARD_TITLES)].flatMap((code) => {
    const number = numberOf(map, code);
    return number === undefined ? [] : [[code, number]];
  });
  const notBy = textsOf(map, "not_by")?.map(({ value }) => value) ?? [];
  const signed = placedFlagOf(map, "signed")?.value ?? false;
  const allowedSigners = textOf(map, "allowed_signers") ?? (signed ? ALLOWED_SIGNERS : undefined);
  return {
    at,
    needed: Object.fromEntries(codes) as ApprovalRules["needed"],
    by: wordsOf(map, "by")?.map((placed) => ({ ...placed, value: normalizeWho(placed.value) })),
    notBy: EXCLUDED.filter((who) => notBy.includes(who)),
    signed,
    ...(allowedSigners !== undefined && { allowedSigners }),
  };
}

const EXCLUDED: readonly Excluded[] = ["author", "beneficiary"];

function readAssume(map: MapNode): AccessSettings {
  const flag = (key: string): boolean | undefined => placedFlagOf(map, key)?.value;
  return {
    bindingOpensPrivateSpace: flag("binding_opens_private_space") ?? ASSUMED.bindingOpensPrivateSpace,
    bindingWorksOutsideOrganization:
      flag("binding_works_outside_organization") ?? ASSUMED.bindingWorksOutsideOrganization,
    annotatorMayHoldBinding: flag("annotator_may_hold_binding") ?? ASSUMED.annotatorMayHoldBinding,
  };
}
