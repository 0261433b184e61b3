/** Simulated time: what is to happen, in the order of its moment. Nothing of it waits for the machine's clock. */
export interface Timeline {
  /** Milliseconds since the start. */
  now(): number;
  /** Runs something so many milliseconds from now; gives back how to call it off. */
  after(milliseconds: number, run: () => void): () => void;
  /** Lets time pass until a promise settles, and gives its value. Throws where nothing is left that could settle it. */
  until<T>(work: Promise<T>): Promise<T>;
}

interface Planned {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
  isOff: boolean;
}

/** Work that takes longer than this does not end by itself. */
const LONGEST_MILLISECONDS = 100 * 24 * 60 * 60 * 1000;

/** Makes a timeline that begins so many milliseconds after the start of the simulation. All that runs on it waits for nothing but it, so that one seed always gives one order of things. */
export function makeTimeline(start = 0): Timeline {
  const queue: Planned[] = [];
  let time = start;
  let order = 0;
  const next = (): Planned | undefined => {
    for (let planned = takeFirst(queue); planned !== undefined; planned = takeFirst(queue)) {
      if (!planned.isOff) return planned;
    }
    return undefined;
  };
  return {
    now: () => time,
    after: (milliseconds, run) => {
      order += 1;
      const planned: Planned = { at: time + Math.max(0, milliseconds), order, run, isOff: false };
      insert(queue, planned);
      return () => {
        planned.isOff = true;
      };
    },
    until: async (work) => {
      let isOver = false;
      const end = (): void => {
        isOver = true;
      };
      work.then(end, end);
      const latest = time + LONGEST_MILLISECONDS;
      for (;;) {
        // A turn of the event loop runs everything that can run without time passing.
        await new Promise((resolve) => setImmediate(resolve));
        if (isOver) return work;
        const planned = next();
        if (planned === undefined)
          throw new Error("The simulation stands still: something is waited for that never comes.");
        if (planned.at > latest) throw new Error("The simulation goes on for ever.");
        time = Math.max(time, planned.at);
        planned.run();
      }
    },
  };
}

/** A binary heap: the first is the next. */
function insert(heap: Planned[], planned: Planned): void {
  heap.push(planned);
  let index = heap.length - 1;
  while (index > 0) {
    const above = (index - 1) >> 1;
    if (!isBefore(heap[index], heap[above])) return;
    swap(heap, index, above);
    index = above;
  }
}

function takeFirst(heap: Planned[]): Planned | undefined {
  const first = heap[0];
  const last = heap.pop();
  if (first === undefined || last === undefined || heap.length === 0) return first;
  heap[0] = last;
  let index = 0;
  for (;;) {
    const left = 2 * index + 1;
    const smaller = isBefore(heap[left + 1], heap[left]) ? left + 1 : left;
    if (!isBefore(heap[smaller], heap[index])) return first;
    swap(heap, index, smaller);
    index = smaller;
  }
}

function isBefore(one: Planned | undefined, other: Planned | undefined): boolean {
  if (one === undefined || other === undefined) return false;
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}

function swap(heap: Planned[], one: number, other: number): void {
  [heap[one], heap[other]] = [heap[other] as Planned, heap[one] as Planned];
}
