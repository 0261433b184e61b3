import { expect, test } from "vitest";
import { loadText } from "./load-text.ts";

/** What a person is told to do, for texts that are wrong in one place. */
const FIXES: readonly (readonly [text: string, fix: string])[] = [
  ["orgnizations: {}", 'Did you mean "organizations"?'],
  ["account: 12", 'Put it in quotes: "12".'],
  ["people: { a@x.io: { developer: yes } }", "Write true."],
  ["people: { a@x.io: { developer: off } }", "Write false."],
  ["people: { a@x.io: { developer: 3 } }", "Write true or false."],
  ["people: { a@x.io: { role: Admin } }", 'Did you mean "admin"?'],
  ["people: { a@x.io: { invite: email-link } }", 'Did you mean "email_link"?'],
  ["offboard: a@x.io", "Put it in square brackets to make it a list."],
  ["offboard:", "Write [] for an empty list, or leave the key out."],
  ["groups:", "Write {} for an empty mapping, or leave the key out."],
  ["people: { a@x.io: { developer: null } }", "Write true or false, or leave the key out."],
  ["organizations: { A: { description: null } }", "Write a value, or leave the key out."],
  ["groups: { g: [x@y.z, null] }", "Write a value, or leave the key out."],
  ["manage: { people: additive }", "Name those who are to be deleted in `offboard`."],
  ["manage: { member: additive }", 'Did you mean "members"?'],
  ["organizations: { A: { manage: { organizations: additive } } }", "Remove it, or set it in an outer scope."],
  ["groups: { ml: [a@x.io], g: [ml] }", "Write group:ml for the group of that name."],
  ["groups: { ml: [a@x.io], g: [group:mll] }", 'Did you mean "group:ml"?'],
  ["people: { jane@acme.io: {} }\ngroups: { g: [jan@acme.io] }", 'Did you mean "jane@acme.io"?'],
  ["roles: { R: { permissions: [SERVICE_KEY_DELETE] } }", 'Did you mean "SERVICE_KEY_REVOKE"?'],
  ["roles: { R: { permissions: [project_read] } }", 'Did you mean "PROJECT_READ"?'],
  ["roles: { R: { permissions: [QWERTYUIOP] } }", "Remove it; if the platform has it by now, use a newer axcess."],
  [inSpace("members: { a@x.io: ADMIN }"), 'Did you mean "admin"?'],
  [inSpace("members: { a@x.io: Read Only }"), 'Did you mean "read-only"?'],
  [inSpace("members: { a@x.io: Project Editor }"), 'Did you mean "member"?'],
  [inSpace("projects: { p: { bindings: { a@x.io: member } } }"), 'Did you mean "Project Editor"?'],
  [inSpace("projects: { p: { bindings: { a@x.io: project viewer } } }"), 'Did you mean "Project Viewer"?'],
  [inSpace("projects: { p: { bindings: { a@x.io: annotator } } }"), "Use one of the roles that are possible here."],
  [`roles: { New: { previously: [Old] } }\n${inSpace("members: { a@x.io: Old }")}`, 'Did you mean "New"?'],
  [
    `roles: {}\n${inSpace("members: { a@x.io: Zzzzzz }")}`,
    "Declare it in roles, or write one of: admin, member, read-only, annotator.",
  ],
  ["organizations: { A: { members: { a@x.io: Zzzzzz } } }", "Write one of: admin, member, read-only, annotator."],
  [
    "roles: { R: {} }\norganizations: { A: { members: { a@x.io: R } } }",
    "Give the custom role in a space or on a project.",
  ],
  [demand('who: admin, on: "space:A/b", can: ROLE_READ'), 'Did you mean "admins"?'],
  [
    demand('who: ml, on: "space:A/b", can: ROLE_READ'),
    "Write an e-mail, an e-mail with * in it, group:name, or admins.",
  ],
  [
    `groups: { ml: [] }\n${demand('who: ml, on: "space:A/b", can: ROLE_READ')}`,
    "Write group:ml for the group of that name.",
  ],
  [`groups: { ml: [] }\n${demand('who: group:mll, on: "space:A/b", can: ROLE_READ')}`, 'Did you mean "group:ml"?'],
  [demand('who: group:ml, on: "space:A/b", can: ROLE_READ'), "Declare it in groups, or write the people."],
  [
    `people: { jane@acme.io: {} }\n${demand('who: jan@acme.io, on: "space:A/b", can: ROLE_READ')}`,
    'Did you mean "jane@acme.io"?',
  ],
  [
    `people: {}\n${demand('who: jan@acme.io, on: "space:A/b", can: ROLE_READ')}`,
    "Add the person to people, or name them by a pattern.",
  ],
  [demand('who: "*", on: "spaces:A/b", can: ROLE_READ'), 'Did you mean "space:"?'],
  [demand('who: "*", on: "user:*", can: ROLE_READ'), "Write one of the kinds, or * for all."],
  [
    demand('who: "*", on: "space:A/b"'),
    "Write exactly one of can, never and only; for several write several assertions.",
  ],
  [demand('who: "*", on: "space:A/b", only: ROLE_READ, at_least: 1'), "Write can, or remove at_least."],
  [demand('who: "*", on: "space:A/b", nevr: ROLE_READ'), 'Did you mean "never"?'],
  ["policy: { separate: [[ROLE_READ]] }", "Write 2 entries."],
  ["policy: { separate: [[ROLE_READ, ROLE_READ]] }", "Write two permissions."],
  ["policy: { separate: [[ROLE_READ, 'ROLE_*']] }", "Write a pair for each permission."],
  ["policy: { hold: [widen-access] }", 'Did you mean "widens-access"?'],
  ['ignore: ["sapce:A/b"]', 'Did you mean "space:"?'],
  ['absent: ["organisation:A"]', 'Did you mean "organization:"?'],
];

test.each(FIXES)("%s: %s", async (text, fix) => {
  const { diagnostics } = await loadText(`version: 1\n${text}\n`);
  expect(diagnostics.map((diagnostic) => diagnostic.fix)).toEqual([fix]);
});

function demand(text: string): string {
  return `assertions: [{ ${text} }]`;
}

function inSpace(content: string): string {
  return `organizations: { A: { spaces: { s: { ${content} } } } }`;
}
