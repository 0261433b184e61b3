import type { WrittenEntry } from "../manifest/write-manifest.ts";
import { makeUnique, simplify } from "./simple-name.ts";

/** Into how many files a manifest is split: one, one for each organization, or one for each space as well. */
export type Split = "none" | "org" | "space";

/** One file of a manifest that is split. */
export interface ManifestPart {
  /** From the folder of the manifest, with `/`. */
  readonly path: string;
  readonly entries: readonly WrittenEntry[];
}

const ACCOUNT_FILE = "account";

/** Splits the entries of a manifest into files. Together they say what the entries say. */
export function splitManifest(entries: readonly WrittenEntry[], split: "org" | "space"): readonly ManifestPart[] {
  const organizations = entries.find(({ key }) => key === "organizations");
  const rest = entries.filter((entry) => entry !== organizations);
  const general: ManifestPart = { path: `${ACCOUNT_FILE}.yaml`, entries: rest };
  const taken = new Set([ACCOUNT_FILE]);
  const parts = listEntries(organizations).flatMap((organization) => {
    const name = takeName(organization.key, "organization", taken);
    return split === "org" ? [wrap(`${name}.yaml`, organization)] : splitOrganization(name, organization);
  });
  const [first, ...others] = parts;
  // What is said of all organizations stands where the first one is.
  const comments = organizations?.comments ?? [];
  return first === undefined ? [general] : [general, addComments(first, comments), ...others];
}

function splitOrganization(folder: string, organization: WrittenEntry): readonly ManifestPart[] {
  const inside = listEntries(organization);
  const spaces = inside.find(({ key }) => key === "spaces");
  const comments = [...organization.comments, ...(spaces?.comments ?? [])];
  const own = { ...organization, value: inside.filter((entry) => entry !== spaces), comments };
  const taken = new Set<string>();
  return [
    wrap(`${folder}.yaml`, own),
    ...listEntries(spaces).map((space) => {
      const path = `${folder}/${takeName(space.key, "space", taken)}.yaml`;
      return wrap(path, {
        key: organization.key,
        value: [{ key: "spaces", value: [space], comments: [] }],
        comments: [],
      });
    }),
  ];
}

function wrap(path: string, organization: WrittenEntry): ManifestPart {
  return { path, entries: [{ key: "organizations", value: [organization], comments: [] }] };
}

function addComments({ path, entries }: ManifestPart, comments: readonly string[]): ManifestPart {
  return { path, entries: entries.map((entry) => ({ ...entry, comments: [...comments, ...entry.comments] })) };
}

function listEntries(entry: WrittenEntry | undefined): readonly WrittenEntry[] {
  const value = entry?.value;
  if (typeof value !== "object" || "items" in value) return [];
  return value.filter((item) => typeof item === "object");
}

function takeName(text: string, otherwise: string, taken: Set<string>): string {
  const name = makeUnique(simplify(text, otherwise), taken);
  taken.add(name);
  return name;
}
