import type { WrittenEntry } from "../manifest/write-manifest.ts";
import type { Resource } from "../model/resource.ts";
import type { DescribedGrants } from "./describe-grants.ts";
import type { DescribedPlace } from "./describe-places.ts";
import { describeText } from "./describe-roles.ts";
import { toComments } from "./omission.ts";
import type { ProposedGroups } from "./propose-groups.ts";
import type { View } from "./view.ts";

/** Places as the entries of a manifest. */
export function writePlaces(
  places: readonly DescribedPlace[],
  { view, groups }: { readonly view: View; readonly groups: ProposedGroups | undefined },
): readonly WrittenEntry[] {
  const writePlace = ({ name, resource, grants, content, omissions, remarks }: DescribedPlace): WrittenEntry => {
    const isProject = resource.kind === "project";
    const own = view.isTold(resource.address) ? writeOwn(resource, view) : { entries: [], comments: [] };
    const given = writeGrants(isProject ? "bindings" : "members", grants, groups);
    const inner = content.map(writePlace);
    const key = resource.kind === "organization" ? "spaces" : "projects";
    const lines = [...remarks, ...toComments(omissions)];
    const inside: WrittenEntry[] = inner.length === 0 ? [] : [{ key, value: inner, comments: lines }];
    return {
      key: name,
      value: [...own.entries, ...given.entries, ...inside],
      comments: [...own.comments, ...given.comments, ...(inner.length === 0 ? lines : [])],
    };
  };
  return places.map(writePlace);
}

interface Written {
  readonly entries: readonly WrittenEntry[];
  readonly comments: readonly string[];
}

function writeOwn({ kind, address, spec, unknown }: Resource, view: View): Written {
  if (kind === "project") {
    const isRestricted = view.listIn("restriction", address).length > 0;
    return { entries: isRestricted ? [{ key: "restricted", value: true, comments: [] }] : [], comments: [] };
  }
  const { entries, comments } = describeText(String(spec["description"] ?? ""));
  const isPrivate = spec["private"];
  const isHidden = unknown?.includes("private") === true;
  return {
    entries:
      typeof isPrivate === "boolean" ? [...entries, { key: "private", value: isPrivate, comments: [] }] : entries,
    comments: isHidden
      ? [...comments, "Whether the space is private is not shown by the server, and is not managed."]
      : comments,
  };
}

function writeGrants(key: string, grants: DescribedGrants | undefined, groups: ProposedGroups | undefined): Written {
  if (grants === undefined) return { entries: [], comments: [] };
  const comments = [...grants.remarks, ...toComments(grants.omissions)];
  const entries = groups === undefined ? [...grants.roles] : groups.entriesOf(grants);
  if (entries.length === 0) return { entries: [], comments };
  const value = entries.map(([who, role]) => ({ key: who, value: role, comments: [] }));
  return { entries: [{ key, value, comments }], comments: [] };
}
