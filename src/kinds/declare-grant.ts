import type { Address } from "../model/address.ts";
import type { Declaration } from "../model/kind.ts";
import type { Grant } from "../model/manifest.ts";

/** What the manifest says of one person in one place. */
export function declareGrant(
  kind: "org-member" | "space-member" | "binding",
  address: Address,
  grant: Grant,
): Declaration {
  return {
    resource: {
      kind,
      address,
      spec: kind === "space-member" ? { role: grant.role, also: null } : { role: grant.role },
      origin: {
        from: "manifest",
        at: grant.at,
        group: grant.group,
        ...(grant.reason === undefined ? {} : { reason: grant.reason }),
        ...(grant.expires === undefined ? {} : { expires: grant.expires }),
      },
    },
    present: true,
    expires: grant.expires,
  };
}
