import type { Call, Company } from "../story/scenario.ts";

const person = (name: string): Call => ({
  method: "POST",
  target: "/v2/users",
  body: { name, email: `${name}@acme.io`, role: { type: "PREDEFINED", name: "MEMBER" }, invite_mode: "NONE" },
  as: name,
});

const join = (kind: "organizations" | "spaces", place: string, who: string, role: string): Call => ({
  method: "POST",
  target: `/v2/${kind}/{${place}}/users`,
  body: { user_id: `{${who}}`, role: { type: "PREDEFINED", name: role } },
});

/**
 * What is there before axcess comes. The organization Reserve is spoken of by no manifest; ira is ignored by all of them, and the
 * membership of pia in a space is protected; both are members of what the manifests manage. The rest is theirs to take over.
 */
export const FURNITURE: readonly Call[] = [
  person("keep"),
  person("ira"),
  person("pia"),
  { method: "POST", target: "/v2/organizations", body: { name: "Reserve" }, as: "reserve" },
  { method: "POST", target: "/v2/spaces", body: { name: "vault", organization_id: "{reserve}" }, as: "vault" },
  { method: "POST", target: "/v2/projects", body: { name: "safe", space_id: "{vault}" }, as: "safe" },
  { method: "POST", target: "/v2/roles", body: { name: "Reserve role", permissions: ["DATASET_READ"] }, as: "role" },
  join("organizations", "reserve", "keep", "ADMIN"),
  join("spaces", "vault", "keep", "ADMIN"),
  { method: "POST", target: "/v2/organizations", body: { name: "Acme" }, as: "acme" },
  { method: "POST", target: "/v2/spaces", body: { name: "alpha", organization_id: "{acme}" }, as: "alpha" },
  { method: "POST", target: "/v2/projects", body: { name: "web", space_id: "{alpha}" }, as: "web" },
  join("organizations", "acme", "ira", "MEMBER"),
  join("spaces", "alpha", "ira", "MEMBER"),
  join("organizations", "acme", "pia", "MEMBER"),
  join("spaces", "alpha", "pia", "MEMBER"),
];

/** What every manifest says of it. */
export const HANDS_OFF: Company = {
  ignore: ["user:ira@acme.io"],
  protect: ["space-member:*/*/pia@acme.io", "org-member:*/pia@acme.io"],
};
