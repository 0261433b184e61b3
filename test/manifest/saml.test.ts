import { expect, test } from "vitest";
import { loadText } from "./load-text.ts";

test("an identity provider is read with its mappings, names resolved, and what is left out is not managed", async () => {
  const { manifest, diagnostics } = await loadText(`version: 1
manage: { saml: authoritative }
saml:
  ACME.io:
    sync: true
    memberships: managed
    mappings:
      - name: eng
        when: { Department: Engineering, level: lead }
        account_admin: true
        organization: { name: Platform Team, role: read_only }
        spaces: { Platform Team/team-alpha: read_only, A%2FB/c: Custom Role }
      - { when: { a: b } }
  beta.io: {}
`);
  expect(diagnostics).toEqual([]);
  const { mappings, ...acme } = manifest?.saml?.get("acme.io") ?? {};
  expect(acme).toMatchObject({ domain: "acme.io", sync: true, managesMemberships: true });
  expect(mappings).toMatchObject({
    mode: "authoritative",
    list: [
      {
        when: { Department: "Engineering", level: "lead" },
        accountAdmin: true,
        organization: { name: "Platform Team", role: "read-only" },
      },
      { when: { a: "b" }, accountAdmin: false, organization: undefined, spaces: new Map() },
    ],
  });
  expect([...(mappings?.list[0]?.spaces ?? [])]).toEqual([
    ["space:Platform Team/team-alpha", "read-only"],
    ["space:A%2FB/c", "role:Custom Role"],
  ]);
  expect(manifest?.saml?.get("beta.io")).toMatchObject({
    sync: undefined,
    managesMemberships: false,
    mappings: undefined,
  });
});
