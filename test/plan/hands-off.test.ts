import { expect, test } from "vitest";
import { KINDS } from "../../src/kinds/registry.ts";
import type { Address } from "../../src/model/address.ts";
import type { Resource } from "../../src/model/resource.ts";
import { takeHandsOff } from "../../src/plan/hands-off.ts";
import { indexKinds } from "../../src/plan/kinds-by-name.ts";
import type { Draft } from "../../src/plan/match.ts";
import { buildDeclared, buildLive, buildWorld } from "../support/world-builder.ts";

const kinds = indexKinds(KINDS);
const PROVIDER = buildLive("saml-provider:acme.io", { sync: true }, { facts: { domains: { "acme.io": true } } });

function creation(address: Address): Draft {
  const after = buildDeclared(address);
  return {
    ...{ op: "create", address, before: undefined, after, wanted: after, origin: after.origin, fields: [] },
    ...{ reason: "declared-not-found", renamedFrom: undefined, isBlind: false },
  };
}

const take = (drafts: readonly Draft[], declared: readonly Resource[], live: readonly Resource[] = [PROVIDER]) =>
  takeHandsOff(drafts, { desired: { world: buildWorld(...declared) }, live: buildWorld(...live), kinds });

test("nothing is told of a platform that overwrites nothing that is declared", () => {
  expect(take([], [])).toEqual({ drafts: [], notes: [] });
  const other = creation("space-member:A/b/x@beta.io");
  expect(take([other], [buildDeclared(other.address)])).toEqual({ drafts: [other], notes: [] });
});

test("what is declared and so now is told, since the next login may change it", () => {
  const { notes } = take([], [buildDeclared("org-member:A/x@acme.io")]);
  expect(notes).toMatchObject([{ code: "AX316", severity: "note", detail: expect.stringContaining("is so now") }]);
});

test("removals are left alone as well, and of many differences some are named", () => {
  const many = Array.from({ length: 12 }, (_, at) => creation(`org-member:A/p${at}@acme.io`));
  const gone: Draft = { ...creation("org-member:A/gone@acme.io"), op: "delete" };
  const { drafts, notes } = take([gone, ...many], []);
  expect(drafts).toEqual([]);
  expect(notes[0]?.severity).toBe("warning");
  expect(notes[0]?.detail).toContain("delete org-member:A/gone@acme.io, create org-member:A/p0@acme.io");
  expect(notes[0]?.detail).toContain(" and 3 more.");
});

test("what the manifest wants of the flag counts, not what it is now", () => {
  const draft = creation("org-member:A/x@acme.io");
  const off = take([draft], [buildDeclared(PROVIDER.address, { sync: false })]);
  expect(off).toEqual({ drafts: [draft], notes: [] });
  const live = { ...PROVIDER, spec: { sync: false } };
  expect(take([draft], [buildDeclared(PROVIDER.address, { sync: true })], [live]).drafts).toEqual([]);
});

test("what is frozen, or stands in what is, is told for each difference; its neighbours are planned", () => {
  const frozen = { ...PROVIDER, frozen: "A file manages it." };
  const [inside, outside] = [creation("saml-mapping:acme.io/a=b"), creation("saml-mapping:beta.io/a=b")];
  const { drafts, notes } = take([inside, outside], [], [frozen, buildLive("saml-provider:beta.io")]);
  expect(drafts).toEqual([outside]);
  expect(notes).toMatchObject([
    { code: "AX315", detail: "create saml-mapping:acme.io/a=b is not planned. A file manages it." },
  ]);
});
