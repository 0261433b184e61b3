import { expect, test } from "vitest";
import { indexAccount } from "../../src/access/account-index.ts";
import { classifyProjects, classifySpaces, type PlaceClass } from "../../src/access/place-classes.ts";
import type { Resource, World } from "../../src/model/resource.ts";
import { live } from "../support/plan-input.ts";

function worldOf(...resources: readonly Resource[]): World {
  return new Map(resources.map((resource) => [resource.address, resource]));
}

/** The classes in a line each, in the order of their first members. */
function outline(classes: readonly PlaceClass[]): readonly string[] {
  return classes.map(
    ({ members, isMoved, projects }) =>
      `${[...members].map(([path, inside]) => `${path}=${inside}`).join(" ")}${isMoved ? " moved" : ""} ${projects}`,
  );
}

test("spaces are of one class where they are alike before and after; one that is opened or closed is looked at by itself", () => {
  const worlds = {
    live: worldOf(
      live("space:A/a", { private: true }),
      live("space:A/b", { private: true }),
      live("space:A/c", { private: false }),
      live("space:A/d", { private: false }),
      live("space:A/gone"),
      live("project:A/a/p"),
      live("project:A/b/p"),
      live("project:A/b/q"),
    ),
    planned: worldOf(
      live("space:A/a", { private: true }),
      live("space:A/b", { private: true }),
      live("space:A/c", { private: true }),
      live("space:A/d", { private: false }),
      live("space:A/new"),
      live("project:A/b/p"),
    ),
  };
  const index = indexAccount(worlds, ["space:A/c", "space:A/gone", "space:A/new"]);
  expect(outline(classifySpaces("A", worlds, index))).toEqual([
    "A/a=1 A/b=2 3",
    "A/c=0 moved 0",
    "A/d=0 0",
    "A/gone=0 0",
    "A/new=0 0",
  ]);
});

test("projects are of one class where they are restricted alike before and after", () => {
  const worlds = {
    live: worldOf(
      live("project:A/x/free"),
      live("project:A/x/shut"),
      live("restriction:A/x/shut"),
      live("project:A/x/moved"),
      live("project:A/x/plain"),
    ),
    planned: worldOf(
      live("project:A/x/free"),
      live("project:A/x/shut"),
      live("restriction:A/x/shut"),
      live("project:A/x/moved"),
      live("restriction:A/x/moved"),
      live("project:A/x/plain"),
      live("project:A/x/new"),
    ),
  };
  const index = indexAccount(worlds, ["restriction:A/x/moved", "project:A/x/new"]);
  expect(outline(classifyProjects("A/x", worlds, index))).toEqual([
    "A/x/free=0 A/x/plain=0 0",
    "A/x/moved=0 moved 0",
    "A/x/new=0 0",
    "A/x/shut=0 0",
  ]);
});
