import type { Machine } from "../machine/machine.ts";
import type { Call } from "../story/scenario.ts";
import type { SideFault } from "./fault.ts";

type Edit = Extract<SideFault, { kind: "person" }>;

/** Lets a person change something in the account, as its first admin and through the same interface. Where there is nothing to change, nothing happens. */
export async function editByHand(machine: Machine, edit: Edit): Promise<void> {
  if (edit.edit === "alike" || edit.edit === "otherwise") machine.state.first = edit.edit;
  machine.state.actor = "person";
  for (const call of listCalls(machine, edit)) await send(machine, call);
}

/** Lets the person be first at what a request is about to make, where somebody waits for that. */
export async function beatToIt(machine: Machine, { method, target, body = "{}" }: CallText): Promise<void> {
  const { state, sandbox } = machine;
  if (state.first === undefined || method !== "POST") return;
  const roles = [...sandbox.account.store.tables.roles.all()].filter(({ level }) => level === "project");
  const others: Readonly<Record<string, object>> = {
    "/v2/organizations": { description: "by hand" },
    "/v2/spaces": { description: "by hand" },
    "/v2/projects": {},
    "/v2/roles": { permissions: ["DATASET_READ"] },
    "/v2/role-bindings": { role_id: roles[0]?.id },
  };
  const other = others[target];
  if (other === undefined) return;
  state.actor = "person";
  await send(machine, { method, target, body: { ...JSON.parse(body), ...(state.first === "otherwise" && other) } });
  state.first = undefined;
}

interface CallText {
  readonly method: string;
  readonly target: string;
  readonly body?: string | undefined;
}

/** Sends a call as the first admin; what is refused is left so. */
export async function send({ sandbox }: Machine, { method, target, body }: Call): Promise<unknown> {
  const key = sandbox.adminKey;
  const headers = { authorization: `Bearer ${key}`, "x-api-key": key, "content-type": "application/json" };
  const answer = await sandbox.answer({
    method,
    target,
    headers,
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  return answer === "reset" || answer.text === undefined ? undefined : JSON.parse(answer.text);
}

const ROLES = ["MEMBER", "READ_ONLY", "ADMIN"];

function listCalls({ sandbox }: Machine, { edit, pick }: Edit): readonly Call[] {
  const { tables } = sandbox.account.store;
  const choose = <T>(rows: Iterable<T>): T | undefined => {
    const all = [...rows];
    return all[pick % Math.max(1, all.length)];
  };
  const people = [...tables.users.all()].filter(({ kind, status, role }) => {
    return kind === "human" && status !== "INACTIVE" && role !== "ADMIN";
  });
  const member = choose(tables.space_members.all());
  const space = choose(tables.spaces.all());
  const role = choose([...tables.roles.all()].filter(({ level, deleted }) => level === "custom" && !deleted));
  const project = choose(tables.projects.all());
  const path = (place: string, id: string, more = ""): string => `/v2/${place}/${encodeURIComponent(id)}${more}`;
  const predefined = { type: "PREDEFINED", name: ROLES[pick % ROLES.length] };
  switch (edit) {
    case "grant": {
      const person = choose(people);
      if (person === undefined || space === undefined) return [];
      const body = { user_id: person.id, role: predefined };
      const target = path("organizations", space.organization_id, "/users");
      return [
        { method: "POST", target, body: { ...body, role: { type: "PREDEFINED", name: "MEMBER" } } },
        { method: "POST", target: path("spaces", space.id, "/users"), body },
      ];
    }
    case "remove":
      if (member === undefined) return [];
      return [
        { method: "DELETE", target: path("spaces", member.space_id, `/users/${encodeURIComponent(member.user_id)}`) },
      ];
    case "change-role":
      if (member === undefined) return [];
      return [
        {
          method: "POST",
          target: path("spaces", member.space_id, "/users"),
          body: { user_id: member.user_id, role: predefined },
        },
      ];
    case "rename":
      if (space === undefined) return [];
      return [{ method: "PATCH", target: path("spaces", space.id), body: { name: `${space.name} by hand` } }];
    case "delete":
      if (project === undefined) return [];
      return [{ method: "DELETE", target: path("projects", project.id) }];
    case "remake":
      if (project === undefined) return [];
      return [
        { method: "DELETE", target: path("projects", project.id) },
        { method: "POST", target: "/v2/projects", body: { name: project.name, space_id: project.space_id } },
      ];
    case "edit-role":
      if (role === undefined) return [];
      return [
        { method: "PATCH", target: path("roles", role.id), body: { permissions: ["DATASET_READ", "PROJECT_READ"] } },
      ];
    case "alike":
    case "otherwise":
      return [];
  }
}
