/** A manifest with every key in it. */
export const GOOD = `version: 1
account: a
manage: { members: additive }
people: { a@x.io: { name: A, role: member, invite: none, developer: false } }
groups: { g: [a@x.io] }
roles: { R: { previously: [Q], description: d, permissions: [ALYX_RUN] } }
organizations:
  O:
    previously: [N]
    description: d
    manage: { spaces: additive }
    members: { a@x.io: { role: member, reason: r, expires: "2027-01-01" } }
    spaces:
      S: { private: true, manage: { projects: additive }, members: { a@x.io: R }, projects: { P: { restricted: false, manage: { bindings: additive }, bindings: { a@x.io: R } } } }
offboard: [b@x.io]
absent: ["role:z"]
ignore: ["role:y"]
protect: ["role:R"]
policy:
  min_admins: 1
  max_removals: 1
  max_removal_percent: 1
  hold: [blind, "*_DELETE"]
  forbid: [blind]
  separate: [[DATASET_CREATE, DATASET_DELETE], { permissions: [ROLE_CREATE, ROLE_DELETE], on: "space:O/**" }]
  expire: automatic
  assume: { binding_opens_private_space: true, binding_works_outside_organization: true, annotator_may_hold_binding: false }
assertions:
  - { who: a@x.io, on: "organization:O", can: ROLE_READ, at_least: 3 }
  - { who: [group:g, admins], on: ["project:O/**"], only: [ROLE_READ, "*_DELETE"] }
  - { who: "*@x.io", on: "*:O/**", never: ALYX_RUN }
`;

/** A part of the good manifest, and what breaks one rule there. */
export const BROKEN: readonly (readonly [from: string, to: string])[] = [
  ["version: 1", "version: 2"],
  ["version: 1", "version: one"],
  ["version: 1\n", ""],
  ["account: a", "account: ''"],
  ["account: a", "unknown: a"],
  ["{ members: additive }", "{ people: additive }"],
  ["{ members: additive }", "{ members: both }"],
  ["{ spaces: additive }", "{ roles: additive }"],
  ["{ projects: additive }", "{ spaces: additive }"],
  ["{ bindings: additive }", "{ members: additive }"],
  ["name: A", "name: ''"],
  ["name: A", "name: ' A'"],
  ["name: A", "nickname: A"],
  ["role: member, invite", "role: read-only, invite"],
  ["invite: none", "invite: pigeon"],
  ["developer: false", "developer: no"],
  ["[a@x.io] }", "a@x.io }"],
  ["[a@x.io] }", "[''] }"],
  ["g: [", "' g': ["],
  ["R: { prev", "Ü: { prev"],
  ["expire: automatic", "expire: at once"],
  ["expire: automatic", "expire: true"],
  ["[ALYX_RUN]", "[]"],
  ["[ALYX_RUN]", "[1]"],
  ["previously: [Q]", "previously: Q"],
  ["previously: [N]", "previously: ['']"],
  ["    description: d\n", `    description: ${"x".repeat(1001)}\n`],
  ["  O:", "  ' O':"],
  ["{ role: member, reason", "{ reason"],
  ["reason: r", "reason: ''"],
  ["reason: r", "until: r"],
  ['expires: "2027-01-01"', "expires: 2027"],
  ["private: true", "private: 'true'"],
  ["{ a@x.io: R }, projects", "{ a@x.io: null }, projects"],
  ["{ a@x.io: R }, projects", "[a@x.io], projects"],
  ["restricted: false", "restricted: null"],
  ["bindings: { a@x.io: R }", "bindings: { a@x.io: ' R' }"],
  ["P: { r", "'': { r"],
  ["offboard: [b@x.io]", "offboard: b@x.io"],
  ['absent: ["role:z"]', "absent: {}"],
  ['ignore: ["role:y"]', "ignore: [1]"],
  ['protect: ["role:R"]', "protect: ['']"],
  ["min_admins: 1", "min_admins: -1"],
  ["max_removals: 1", "max_removals: -1"],
  ["max_removals: 1", "max_removals: 1.5"],
  ["max_removal_percent: 1", "max_removal_percent: 101"],
  ["hold: [blind,", "hold: [deaf,"],
  ['"*_DELETE"]\n  forbid', "project_delete]\n  forbid"],
  ["hold: [blind,", "hold: [gains-permission,"],
  ["[DATASET_CREATE, DATASET_DELETE]", "[DATASET_CREATE]"],
  ["[DATASET_CREATE, DATASET_DELETE]", "[DATASET_CREATE, DATASET_DELETE, DATASET_READ]"],
  ["[DATASET_CREATE, DATASET_DELETE]", "DATASET_CREATE"],
  ["[ROLE_CREATE, ROLE_DELETE]", "[ROLE_CREATE]"],
  ["permissions: [ROLE_CREATE, ROLE_DELETE], ", ""],
  ['on: "space:O/**"', 'in: "space:O/**"'],
  ['on: "space:O/**"', "on: ''"],
  ["binding_opens_private_space: true", "binding_opens_private_space: 1"],
  ["annotator_may_hold_binding", "annotators_may_hold_binding"],
  ["who: a@x.io, ", ""],
  ['on: "organization:O", ', ""],
  ["who: a@x.io", "who: []"],
  ["who: a@x.io", "who: ''"],
  ['on: ["project:O/**"]', "on: [1]"],
  ["at_least: 3", "at_least: 0"],
  ["at_least: 3", "at_least: 1.5"],
  ["never: ALYX_RUN", "nevr: ALYX_RUN"],
  ["never: ALYX_RUN", "never: { ALYX_RUN: true }"],
  ["forbid: [blind]", "forbid: blind"],
];
