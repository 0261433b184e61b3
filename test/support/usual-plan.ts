import type { Plan } from "../../src/model/plan.ts";
import { NO_ACCESS, samplePlan, sampleRemoval, sampleShift, sampleSide, sampleStep } from "./sample-plan.ts";

const CHECKOUT = "project:Platform Team/production/checkout";
const RESTRICTION = "restriction:Platform Team/production/checkout";

/** A plan as a pull request brings it: somebody comes, somebody goes, an admin is made, a project is restricted. */
export function makeUsualPlan(): Plan {
  return samplePlan({
    account: { url: "https://api.arize.com", name: "acme" },
    steps: [
      sampleStep({
        id: "chg_1f0c2d7a9b3e4a51",
        kind: "user",
        address: "user:kim@acme.example",
        source: "access.yaml:9:3",
        to: { role: "member" },
        creation: { name: "Kim Park", invite: "email_link" },
        fields: [],
      }),
      sampleStep({
        id: "chg_2a6b1c8d5e9f4072",
        kind: "space-member",
        address: "space-member:Platform Team/labelling/kim@acme.example",
        source: "access.yaml:48:11",
        group: "labellers",
        justification: "labels the June batch",
        expires: "2027-06-30T00:00:00Z",
        to: { role: "role:Label Reader" },
        fields: [],
        hazards: [{ code: "widens-access", detail: "The role Label Reader is given." }],
      }),
      sampleStep({
        id: "chg_3b7c2d9e6f0a4183",
        op: "update",
        kind: "org-member",
        address: "org-member:Platform Team/ana@acme.example",
        source: "access.yaml:31:7",
        reason: "fields-differ",
        from: { role: "member" },
        to: { role: "admin" },
        fields: [{ field: "role", from: "member", to: "admin" }],
        hazards: [{ code: "gains-admin", detail: "New admins: ana@acme.example in organization:Platform Team." }],
      }),
      sampleStep({
        id: "chg_4c8d3e0f7a1b4294",
        kind: "restriction",
        address: RESTRICTION,
        source: "access.yaml:40:13",
        to: {},
        fields: [],
        hazards: [{ code: "removes-access", detail: "The restriction cuts 3 people off." }],
        gate: { state: "held", by: ["removes-access"] },
        loses: ["user:dan@acme.example", "user:eva@acme.example", "user:ingest@service.example"],
      }),
      sampleRemoval({
        id: "chg_5d9e4f1a8b2c43a5",
        kind: "space-member",
        address: "space-member:Platform Team/labelling/carl@acme.example",
        reason: "no-longer-declared",
        from: { role: "member" },
        hazards: [{ code: "removes-access", detail: "The role member is taken away." }],
        gate: { state: "held", by: ["removes-access"] },
        cascade: ["binding:Platform Team/labelling/june/carl@acme.example"],
        loses: ["user:carl@acme.example"],
      }),
    ],
    access: {
      sets: { p1: ["QUEUE_READ", "QUEUE_RECORD_READ", "SPACE_READ"], p2: permissions(40) },
      shifts: [
        sampleShift({
          person: "user:ana@acme.example",
          place: "organization:Platform Team",
          within: { spaces: 3, projects: 12 },
          before: sampleSide("p2", "member"),
          after: sampleSide("all", "admin"),
          gained: "all",
          lost: "none",
          through: ["org-member:Platform Team/ana@acme.example"],
        }),
        ...["dan@acme.example", "eva@acme.example", "ingest@service.example"].map((email) =>
          sampleShift({
            person: `user:${email}`,
            place: CHECKOUT,
            before: sampleSide("p2", "member"),
            lost: "p2",
            through: [RESTRICTION],
            isBot: email.startsWith("ingest"),
          }),
        ),
        sampleShift({
          person: "user:carl@acme.example",
          place: "space:Platform Team/labelling",
          within: { spaces: 0, projects: 2 },
          before: sampleSide("p2", "member"),
          lost: "p2",
          through: ["space-member:Platform Team/labelling/carl@acme.example"],
        }),
        sampleShift({
          person: "user:kim@acme.example",
          place: "space:Platform Team/labelling",
          before: NO_ACCESS,
          after: sampleSide("p1", "role:Label Reader"),
          gained: "p1",
          lost: "none",
          until: "2027-06-30T00:00:00Z",
          isPending: true,
          through: ["space-member:Platform Team/labelling/kim@acme.example"],
        }),
      ],
      unseen: [],
    },
    lapses: [
      {
        address: "space-member:Platform Team/sandbox/liam@partner.example",
        expires: "2027-01-20T00:00:00Z",
        source: "access.yaml:88:11",
      },
    ],
    unmanaged: { project: 3, user: 1 },
  });
}

function permissions(count: number): readonly string[] {
  return Array.from({ length: count }, (_, at) => `PERMISSION_${String(at + 1).padStart(2, "0")}`);
}
