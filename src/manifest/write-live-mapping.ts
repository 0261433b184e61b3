import { type Address, pathPart, pathText } from "../model/address.ts";
import type { Json, JsonObject } from "../model/json.ts";
import { conditionOf, mappingAddress } from "../model/mapping-address.ts";
import type { FileEdit, OpenManifest } from "./edit-manifest.ts";
import type { PlainValue, YamlPath } from "./edit-plain.ts";
import { nodeAt } from "./find-mentions.ts";
import type { LiveTake } from "./live-take.ts";
import { grantValue, NotWritable, plainOf } from "./live-values.ts";
import { type MapNode, plainValueOf, type TreeNode } from "./tree.ts";
import { listItems } from "./tree-fields.ts";

type Trees = OpenManifest["trees"];
type Fields = Readonly<Record<string, Json | undefined>>;

/**
 * The edits by which a manifest follows the account in one role mapping. Mappings stand in a list, and go by their condition.
 * Throws NotWritable.
 */
export function editMapping(trees: Trees, take: LiveTake): readonly FileEdit[] {
  if (take.take === "entry") return [appendMapping(trees, take)];
  const found = listMappings(trees, take.address).find(({ address }) => address === take.address);
  if (found === undefined) throw new NotWritable("no file writes it in a list of its own");
  const { file, path, node } = found;
  if (take.take === "absence") return [{ file, edit: { op: "remove", path } }];
  return setFields({ path, node }, take.fields).map((edit) => ({ file, edit }));
}

/** The roles that a mapping gives in spaces. */
export function listRoles(take: LiveTake): readonly Json[] {
  if (take.take === "absence") return [];
  return Object.values(((take.take === "entry" ? take.spec : take.fields)["spaces"] ?? {}) as JsonObject);
}

interface Item {
  readonly file: string;
  readonly path: YamlPath;
  readonly node: TreeNode;
  readonly address: Address;
}

/** The mappings of a provider as the files write them. */
function listMappings(trees: Trees, of: Address): readonly Item[] {
  return listLists(trees, of).flatMap(({ file, path, node }) =>
    listItems(node).map((item, index): Item => {
      const condition = nodeAt(item, ["when"]);
      const when = condition === undefined ? {} : (plainValueOf(condition) as Readonly<Record<string, string>>);
      const address = mappingAddress(pathPart(of, 0), Object.entries(when));
      return { file, path: [...path, index], node: item, address };
    }),
  );
}

function listLists(trees: Trees, of: Address): readonly Omit<Item, "address">[] {
  return [...trees].flatMap(([file, tree]) => {
    const providers = nodeAt(tree, ["saml"]);
    const keys = providers?.kind === "map" ? [...providers.entries.keys()] : [];
    return keys.flatMap((domain) => {
      const path = ["saml", domain, "mappings"];
      const node = nodeAt(tree, path);
      return domain.toLowerCase() === pathPart(of, 0) && node?.kind === "list" ? [{ file, path, node }] : [];
    });
  });
}

type Edit = FileEdit["edit"];

function setFields({ path, node }: Pick<Item, "path" | "node">, fields: Fields): readonly Edit[] {
  const admin = fields["account_admin"];
  return [
    ...(admin === undefined ? [] : [put({ path, node }, "account_admin", plainOf(admin))]),
    ...("organization" in fields || "organization_role" in fields ? setOrganization({ path, node }, fields) : []),
    ...("spaces" in fields ? setSpaces({ path, node }, (fields["spaces"] ?? {}) as JsonObject) : []),
  ];
}

/** Sets a key of a mapping, or adds it. */
function put({ path, node }: Pick<Item, "path" | "node">, key: string, value: PlainValue): Edit {
  return nodeAt(node, [key]) === undefined
    ? { op: "add", path, key, value }
    : { op: "set", path: [...path, key], value };
}

function setOrganization({ path, node }: Pick<Item, "path" | "node">, fields: Fields): readonly Edit[] {
  const written = nodeAt(node, ["organization"]);
  if (fields["organization"] === null) return [{ op: "remove", path: [...path, "organization"] }];
  if (written === undefined) return [{ op: "add", path, key: "organization", value: organizationValue(fields) }];
  const inside = { path: [...path, "organization"], node: written };
  const { organization, organization_role: role } = fields;
  return [
    ...(organization === undefined ? [] : [put(inside, "name", nameOf(organization))]),
    ...(role === undefined ? [] : [put(inside, "role", plainOf(role))]),
  ];
}

function setSpaces({ path, node }: Pick<Item, "path" | "node">, spaces: JsonObject): readonly Edit[] {
  const written = nodeAt(node, ["spaces"]);
  if (written === undefined) return [{ op: "add", path, key: "spaces", value: spacesValue(spaces) }];
  const known = [...(written as MapNode).entries.keys()];
  const wanted = spacesValue(spaces);
  const inside = { path: [...path, "spaces"], node: written };
  return [
    ...known
      .filter((space) => !(space in wanted))
      .map((space): Edit => ({ op: "remove", path: [...inside.path, space] })),
    ...Object.entries(wanted).flatMap(([space, role]) =>
      isWritten(written, space, role) ? [] : [put(inside, space, role)],
    ),
  ];
}

function isWritten(node: TreeNode, space: string, role: string): boolean {
  const known = nodeAt(node, [space]);
  return known?.kind === "scalar" && known.value === role;
}

function appendMapping(trees: Trees, { address, spec }: LiveTake & { readonly take: "entry" }): FileEdit {
  const [list] = listLists(trees, address);
  if (list === undefined) throw new NotWritable("the manifest has no section for it");
  const organization = spec["organization"] ?? null;
  const spaces = (spec["spaces"] ?? {}) as JsonObject;
  const value = {
    when: Object.fromEntries(conditionOf(address)),
    ...(spec["account_admin"] === true ? { account_admin: true } : {}),
    ...(organization === null ? {} : { organization: organizationValue(spec) }),
    ...(Object.keys(spaces).length === 0 ? {} : { spaces: spacesValue(spaces) }),
  };
  return { file: list.file, edit: { op: "append", path: list.path, value } };
}

function organizationValue(fields: Fields): { readonly name: string; readonly role: PlainValue } {
  return { name: nameOf(fields["organization"]), role: plainOf(fields["organization_role"]) };
}

function nameOf(organization: Json | undefined): string {
  if (typeof organization === "string" && organization.startsWith("organization:")) {
    return pathPart(organization as Address, 0);
  }
  throw new NotWritable("it names an organization that nobody lists");
}

function spacesValue(spaces: JsonObject): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(spaces).map(([space, role]) => [pathText(space as Address), grantValue({ role })]),
  );
}
