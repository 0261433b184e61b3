import {
  buildSchema,
  type DocumentNode,
  execute,
  type FieldNode,
  GraphQLError,
  NoSchemaIntrospectionCustomRule,
  parse,
  type SelectionSetNode,
  specifiedRules,
  validate,
} from "graphql";
import type { HttpRequest } from "../../src/model/ports.ts";
import type { ScriptedReply } from "./scripted-net.ts";

export interface ScriptedMember {
  readonly userId: string;
  readonly role?: string | null;
  readonly membership?: string;
  readonly customRoleId?: string;
  readonly userType?: string;
}

/** How the scripted server differs from a plain one. */
export interface ScriptedGraphqlOptions {
  readonly spaces?: Readonly<Record<string, readonly ScriptedMember[]>>;
  readonly organizations?: Readonly<Record<string, readonly ScriptedMember[]>>;
  /** Whom `node` tells of: with it, people are nodes by the schema, too. */
  readonly people?: readonly ScriptedMember[];
  readonly viewer?: object | Error;
  readonly introspection?: boolean;
  /** Changes the schema: what it lacks, nobody can ask for. */
  readonly schema?: (text: string) => string;
  /** Longest page; longer ones are cut, or refused. */
  readonly pageCap?: { readonly entries: number; readonly refuses: boolean };
  readonly complexity?: number;
  /** Ids that fail with an error of their own. */
  readonly failing?: readonly string[];
  /** Changes a connection before it is answered. */
  readonly bend?: (connection: Connection, id: string, query: number) => Connection;
}

export interface Connection {
  readonly totalCount: number;
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  readonly edges: readonly unknown[];
}

export interface ScriptedGraphql {
  readonly reply: (request: HttpRequest) => ScriptedReply;
  /** The texts of the queries, and what each costs by the documented arithmetic. */
  readonly queries: readonly string[];
  readonly costs: readonly number[];
}

const SCHEMA = `
type Query { viewer: Viewer account: Account node(id: ID!): Node }
interface Node { id: ID! }
type Viewer { user: User! }
type Account { name: String! }
type Space implements Node { id: ID! spaceUsers(first: Int, after: String, search: String): SpaceUserConnection }
type SpaceUserConnection { totalCount: Int! pageInfo: PageInfo! edges: [SpaceUserEdge] }
type SpaceUserEdge { cursor: String! node: SpaceUser }
type SpaceUser { role: String membership: String! customRole: CustomRole user: User }
type CustomRole { id: ID! name: String! }
type AccountOrganization implements Node { id: ID!
  accountOrganizationUsers(first: Int, after: String): RosterConnection }
type RosterConnection { totalCount: Int! pageInfo: PageInfo! edges: [RosterEdge] }
type RosterEdge { node: RosterEntry }
type RosterEntry { role: String user: User }
type User { id: ID! name: String email: String accountRole: String userType: String }
type PageInfo { hasNextPage: Boolean! endCursor: String }
`;

/** Makes a GraphQL server with a real engine: introspection and validation are as servers have them. */
export function scriptGraphql(options: ScriptedGraphqlOptions): ScriptedGraphql {
  const text = options.people === undefined ? SCHEMA : SCHEMA.replace("type User {", "type User implements Node {");
  const schema = buildSchema((options.schema ?? ((same) => same))(text));
  const rules = options.introspection === false ? [...specifiedRules, NoSchemaIntrospectionCustomRule] : specifiedRules;
  const queries: string[] = [];
  const costs: number[] = [];
  const rootValue = {
    viewer: () => {
      if (options.viewer instanceof Error) throw options.viewer;
      return { user: options.viewer ?? { id: "me", email: "me@example.com", accountRole: "admin" } };
    },
    account: { name: "Example" },
    node: ({ id }: { readonly id: string }) => findNode(options, id, queries),
  };
  return {
    queries,
    costs,
    reply: (request) => {
      const { query, variables } = JSON.parse(request.body ?? "{}") as { query: string; variables: object };
      queries.push(query);
      const document = parse(query);
      const invalid = validate(schema, document, rules);
      if (invalid.length > 0) return { status: 400, body: { errors: invalid } };
      const cost = costOf(document);
      costs.push(cost);
      if (cost > (options.complexity ?? 1000)) {
        return { status: 200, body: { errors: [{ message: `Query cost ${cost} exceeds the limit` }] } };
      }
      return { status: 200, body: execute({ schema, document, rootValue, variableValues: { ...variables } }) };
    },
  };
}

function findNode(options: ScriptedGraphqlOptions, id: string, queries: readonly string[]): object | null {
  if (options.failing?.includes(id)) throw new GraphQLError(`no access to ${id}`);
  const space = options.spaces?.[id];
  const members = space ?? options.organizations?.[id];
  const person = options.people?.find(({ userId }) => userId === id);
  if (person !== undefined) return { __typename: "User", ...describeUser(person) };
  if (members === undefined) return null;
  const list = ({ first, after }: { readonly first?: number; readonly after?: string }): Connection => {
    const connection = cutPage(options, members, { first, after });
    return options.bend?.(connection, id, queries.length) ?? connection;
  };
  return space === undefined
    ? { __typename: "AccountOrganization", id, accountOrganizationUsers: list }
    : { __typename: "Space", id, spaceUsers: list };
}

function cutPage(
  options: ScriptedGraphqlOptions,
  members: readonly ScriptedMember[],
  asked: { readonly first: number | undefined; readonly after: string | undefined },
): Connection {
  const cap = options.pageCap;
  const first = asked.first ?? cap?.entries ?? 50;
  if (cap?.refuses === true && first > cap.entries) throw new GraphQLError(`first must be at most ${cap.entries}`);
  const start = asked.after === undefined || asked.after === null ? 0 : Number(asked.after);
  const end = start + Math.min(first, cap?.entries ?? first);
  return {
    totalCount: members.length,
    pageInfo: { hasNextPage: end < members.length, endCursor: end < members.length ? String(end) : null },
    edges: members.slice(start, end).map((member) => ({ node: describeEntry(member) })),
  };
}

/** An entry as the server tells it. */
export function describeEntry(member: ScriptedMember): object {
  const { role = "member", membership = "EXPLICIT_MEMBERSHIP", customRoleId } = member;
  return {
    role,
    membership,
    customRole: customRoleId === undefined ? null : { id: customRoleId, name: "custom" },
    user: describeUser(member),
  };
}

function describeUser({ userId, userType = "human" }: ScriptedMember): object {
  return { id: userId, name: userId, email: `${userId}@example.com`, userType };
}

/** One point for each field, and for what lies within `edges` as often as entries were asked for. */
function costOf(document: DocumentNode): number {
  const [operation] = document.definitions;
  if (operation?.kind !== "OperationDefinition" || operation.name?.value === "Schema") return 0;
  return costOfSelection(operation.selectionSet, 1);
}

function costOfSelection(set: SelectionSetNode | undefined, entries: number): number {
  let cost = 0;
  for (const selection of set?.selections ?? []) {
    if (selection.kind === "InlineFragment") cost += costOfSelection(selection.selectionSet, entries);
    else if (selection.kind === "Field") {
      const times = selection.name.value === "edges" ? entries : 1;
      cost += times * (1 + costOfSelection(selection.selectionSet, firstOf(selection) ?? (times === 1 ? entries : 1)));
    }
  }
  return cost;
}

function firstOf(field: FieldNode): number | undefined {
  const value = field.arguments?.find(({ name }) => name.value === "first")?.value;
  return value?.kind === "IntValue" ? Number(value.value) : undefined;
}
