/** Groups what waits for itself by way of others: a number for each node, shared by exactly those that wait for each other. */
export function groupCycles<T>(nodes: Iterable<T>, waitsFor: (node: T) => Iterable<T>): ReadonlyMap<T, number> {
  const search: Search<T> = {
    order: new Map(),
    low: new Map(),
    open: [],
    isOpen: new Set(),
    groups: new Map(),
    waitsFor,
  };
  for (const node of nodes) if (!search.order.has(node)) explore(node, search);
  return search.groups;
}

/** The state of Tarjan's search for strongly connected components. */
interface Search<T> {
  readonly order: Map<T, number>;
  readonly low: Map<T, number>;
  readonly open: T[];
  readonly isOpen: Set<T>;
  readonly groups: Map<T, number>;
  readonly waitsFor: (node: T) => Iterable<T>;
}

interface Visit<T> {
  readonly node: T;
  readonly rest: Iterator<T>;
}

/** Without recursion: a chain of changes may be longer than the stack is deep. */
function explore<T>(start: T, search: Search<T>): void {
  const path: Visit<T>[] = [enter(start, search)];
  for (let visit = path.at(-1); visit !== undefined; visit = path.at(-1)) {
    const { node, rest } = visit;
    const next = rest.next();
    if (next.done === true) {
      path.pop();
      leave(node, search);
      const above = path.at(-1);
      if (above !== undefined) lower(above.node, search.low.get(node) as number, search);
    } else if (!search.order.has(next.value)) {
      path.push(enter(next.value, search));
    } else if (search.isOpen.has(next.value)) {
      lower(node, search.order.get(next.value) as number, search);
    }
  }
}

function enter<T>(node: T, search: Search<T>): Visit<T> {
  const number = search.order.size;
  search.order.set(node, number);
  search.low.set(node, number);
  search.open.push(node);
  search.isOpen.add(node);
  return { node, rest: search.waitsFor(node)[Symbol.iterator]() };
}

/** Closes the group of a node that reaches nothing earlier. */
function leave<T>(node: T, { order, low, open, isOpen, groups }: Search<T>): void {
  const number = order.get(node) as number;
  if (low.get(node) !== number) return;
  for (const member of open.splice(open.lastIndexOf(node))) {
    isOpen.delete(member);
    groups.set(member, number);
  }
}

function lower<T>(node: T, number: number, { low }: Search<T>): void {
  low.set(node, Math.min(low.get(node) as number, number));
}
