import { PATH_REASONS } from "../../src/model/access-words.ts";
import { ALL, type PagePath, type PageSide } from "../../src/page/page-model.ts";
import { amountOf, KINDS, membersOf, type Review, roleName, wayOf } from "../review.ts";

/** One box of the graph; `x` and `y` are its upper left corner. */
export interface WhyNode {
  readonly id: string;
  readonly tone: "person" | "grant" | "blocked" | "permissions";
  readonly title: string;
  readonly under: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** One arrow, from the right side of a box to the left side of another. */
export interface WhyEdge {
  readonly id: string;
  readonly from: { readonly x: number; readonly y: number };
  readonly to: { readonly x: number; readonly y: number };
  readonly isCut: boolean;
}

/** How somebody comes to an access, laid out from left to right. */
export interface WhyGraph {
  readonly nodes: readonly WhyNode[];
  readonly edges: readonly WhyEdge[];
  readonly width: number;
  readonly height: number;
}

const BOX = { width: 172, height: 44 };
/** What is left free between columns, and between boxes of one. */
const GAP = { x: 44, y: 12 };

type Box = Pick<WhyNode, "id" | "tone" | "title" | "under">;
interface Link {
  readonly from: string;
  readonly to: string;
  readonly isCut: boolean;
}

/** Lays out one side of a cell in three columns: the person, each grant with its role, and what it gives or what cuts it off. */
export function layOutWhy(review: Review, person: number, place: number, side: PageSide): WhyGraph {
  const { boxes, links } = drawWhy(review, person, place, side);
  const grants = boxes.filter(({ tone }) => tone === "grant");
  const centers = new Map(grants.map(({ id }, row) => [id, row * (BOX.height + GAP.y)]));
  placeBehind(boxes, links, centers);
  const lowest = Math.max(0, ...centers.values());
  centers.set("person", lowest / 2);
  const nodes = boxes.map((box) => ({
    ...box,
    ...BOX,
    x: 1 + COLUMNS[box.tone] * (BOX.width + GAP.x),
    y: 1 + (centers.get(box.id) ?? 0),
  }));
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const edges = links.flatMap(({ from, to, isCut }) => {
    const [start, end] = [byId.get(from), byId.get(to)];
    if (start === undefined || end === undefined) return [];
    const middle = BOX.height / 2;
    return {
      id: `${from} ${to}`,
      isCut,
      from: { x: start.x + BOX.width, y: start.y + middle },
      to: { x: end.x, y: end.y + middle },
    };
  });
  return { nodes, edges, width: 2 + 3 * BOX.width + 2 * GAP.x, height: 2 + lowest + BOX.height };
}

const COLUMNS: Readonly<Record<WhyNode["tone"], number>> = { person: 0, grant: 1, permissions: 2, blocked: 2 };

/** Puts what grants lead to level with the middle of these, in their order, without two boxes upon each other. */
function placeBehind(boxes: readonly Box[], links: readonly Link[], centers: Map<string, number>): void {
  let free = 0;
  for (const { id, tone } of boxes) {
    if (COLUMNS[tone] !== 2) continue;
    const rows = links.flatMap(({ from, to }) => (to === id ? (centers.get(from) ?? 0) : []));
    const middle = rows.reduce((sum, row) => sum + row, 0) / Math.max(1, rows.length);
    const top = Math.max(free, middle);
    centers.set(id, top);
    free = top + BOX.height + GAP.y;
  }
}

function drawWhy(
  review: Review,
  person: number,
  place: number,
  side: PageSide,
): { readonly boxes: readonly Box[]; readonly links: readonly Link[] } {
  const { model } = review;
  const boxes: Box[] = [
    { id: "person", tone: "person", title: model.people[person]?.email ?? "", under: personWords(review, person) },
  ];
  const links: Link[] = [];
  for (const [number, path] of side.paths.entries()) {
    const grant = `path ${number}`;
    const gives = `gives ${path[2]}`;
    boxes.push(grantBox(review, place, path, grant));
    links.push({ from: "person", to: grant, isCut: false }, { from: grant, to: gives, isCut: false });
    if (!boxes.some(({ id }) => id === gives))
      boxes.push({
        id: gives,
        tone: "permissions",
        title: setWords(review, path),
        under: `in ${placeName(review, place)}`,
      });
  }
  for (const [number, path] of (side.cut ?? []).entries()) {
    const grant = `cut ${number}`;
    boxes.push(grantBox(review, place, path, grant));
    links.push({ from: "person", to: grant, isCut: false }, { from: grant, to: "restriction", isCut: true });
  }
  if (side.cut !== undefined)
    boxes.push({
      id: "restriction",
      tone: "blocked",
      title: "cut off: restricted",
      under: placeName(review, place),
    });
  return { boxes, links };
}

function grantBox(review: Review, place: number, path: PagePath, id: string): Box {
  return { id, tone: "grant", title: roleName(review.model, path[1]), under: grantWords(review, place, path) };
}

/** Where a role counts from: `role in the space · checkout`. */
function grantWords(review: Review, place: number, path: PagePath): string {
  const way = wayOf(path);
  if (way === "told") return "a role that counts here";
  const at = DEPTHS[way];
  const words = PATH_REASONS[way];
  return at === undefined
    ? words
    : `${words.replace(", since the space is public", "")} · ${placeName(review, atDepth(review, place, at))}`;
}

/** The place above a place, or itself, at which a grant of some way is given. */
const DEPTHS: Readonly<Record<string, number>> = {
  "organization-admin": 0,
  "organization-fallback": 0,
  "organization-role": 0,
  "space-admin": 1,
  "space-role": 1,
  "project-binding": 2,
};

function atDepth({ model }: Review, place: number, depth: number): number {
  let at = place;
  while ((model.places[at]?.depth ?? 0) > depth) at = model.places[at]?.within ?? -1;
  return at;
}

function placeName({ model }: Review, place: number): string {
  return model.places[place]?.name ?? "";
}

function personWords({ model }: Review, person: number): string {
  const known = model.people[person];
  if (known?.bot === 1) return "bot of a service key";
  return known?.pending === 1 ? "invited, not come yet" : "person";
}

function setWords({ model }: Review, [, , set]: PagePath): string {
  if (set === ALL) return "everything";
  if (set < 0) return "contents not told";
  const { length } = membersOf(model, set);
  return `${length} ${length === 1 ? "permission" : "permissions"}`;
}

/** The same as sentences, for whoever does not see the drawing. */
export function listWhy(review: Review, place: number, side: PageSide): readonly string[] {
  const { model } = review;
  const tell = (path: PagePath): string => `${roleName(model, path[1])} (${grantWords(review, place, path)})`;
  if (side.paths.length === 0 && side.cut === undefined) return ["No grant gives anything here."];
  return [
    ...side.paths.map((path) => `${tell(path)} gives ${setWords(review, path)}.`),
    ...(side.cut ?? []).map((path) => `${tell(path)} is cut off, because the ${KINDS[2]} is restricted.`),
    `Together: ${amountOf(model, side)}.`,
  ];
}
