import { type Address, pathText } from "../model/address.ts";
import type { Worlds } from "../model/kind.ts";
import type { AccountIndex } from "./account-index.ts";

/** Places within one container for which access by way of the container is the same, for everybody without a grant of their own there. */
export interface PlaceClass {
  /** Paths, sorted, each with how many projects are in it. */
  readonly members: ReadonlyMap<string, number>;
  /** True where a place that stays is opened or closed: its own change counts for the order, so that each is looked at by itself. */
  readonly isMoved: boolean;
  /** How many projects are in all of them. */
  readonly projects: number;
}

/** The spaces of an organization, by whether they are there and private, before and after. */
export function classifySpaces(organization: string, worlds: Worlds, index: AccountIndex): readonly PlaceClass[] {
  const stateIn = (world: Worlds["live"], path: string): string => {
    const space = world.get(`space:${path}`);
    return space === undefined ? "absent" : space.spec["private"] === true ? "closed" : "open";
  };
  const projects = new Map<string, number>();
  for (const project of index.below("project", organization)) {
    const space = parentOf(pathText(project));
    projects.set(space, (projects.get(space) ?? 0) + 1);
  }
  return classify(index.below("space", organization), worlds, { stateIn, projects });
}

/** The projects of a space, by whether they are there and restricted, before and after. */
export function classifyProjects(space: string, worlds: Worlds, index: AccountIndex): readonly PlaceClass[] {
  const stateIn = (world: Worlds["live"], path: string): string => {
    if (!world.has(`project:${path}`)) return "absent";
    return world.has(`restriction:${path}`) ? "closed" : "open";
  };
  return classify(index.below("project", space), worlds, { stateIn, projects: new Map() });
}

function classify(
  places: readonly Address[],
  { live, planned }: Worlds,
  {
    stateIn,
    projects,
  }: {
    readonly stateIn: (world: Worlds["live"], path: string) => string;
    readonly projects: ReadonlyMap<string, number>;
  },
): readonly PlaceClass[] {
  const classes = new Map<
    string,
    { readonly members: Map<string, number>; readonly isMoved: boolean; projects: number }
  >();
  for (const place of places) {
    const path = pathText(place);
    const [before, after] = [stateIn(live, path), stateIn(planned, path)];
    const key = `${before} ${after}`;
    const isMoved = before !== after && before !== "absent" && after !== "absent";
    const found = classes.get(key) ?? { members: new Map<string, number>(), isMoved, projects: 0 };
    const inside = projects.get(path) ?? 0;
    found.members.set(path, inside);
    found.projects += inside;
    classes.set(key, found);
  }
  return [...classes.values()];
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}
