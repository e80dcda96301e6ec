interface Timer {
  readonly dueAt: number;
  /** Timers that are due at one instant go off in the order in which they were set. */
  readonly order: number;
  readonly goOff: () => void;
}

/**
 * The one time of a simulation. It stands still while anything can happen, and then jumps to the next timer: nothing in
 * a simulation waits for the machine, so that a virtual hour takes as long as what happens in it.
 */
export class VirtualTime {
  #now: number;
  #order = 0;
  readonly #heap: Timer[] = [];

  constructor(startAt: number) {
    this.#now = startAt;
  }

  /** Milliseconds since 1970. */
  get now(): number {
    return this.#now;
  }

  /** Calls back after `delayMs`. A timer cannot be taken back: whoever set it looks whether it still matters. */
  after(delayMs: number, goOff: () => void): void {
    this.#order += 1;
    push(this.#heap, { dueAt: this.#now + Math.max(0, delayMs), order: this.#order, goOff });
  }

  /** Lets time pass until an instant, or until `isOver` holds after something has happened. */
  async passUntil(untilMs: number, isOver: () => boolean = () => false): Promise<void> {
    await settle();
    while (!isOver()) {
      const next = this.#heap[0];
      if (next === undefined || next.dueAt > untilMs) {
        this.#now = Math.max(this.#now, untilMs);
        return;
      }
      pop(this.#heap);
      this.#now = Math.max(this.#now, next.dueAt);
      next.goOff();
      await settle();
    }
  }
}

/** Everything in a simulation happens in microtasks: they are all done before the event loop's next turn. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function isBefore(a: Timer, b: Timer): boolean {
  return a.dueAt < b.dueAt || (a.dueAt === b.dueAt && a.order < b.order);
}

/** A binary heap: the first timer is at index 0. */
function push(heap: Timer[], timer: Timer): void {
  let index = heap.push(timer) - 1;
  while (index > 0) {
    const parent = (index - 1) >> 1;
    if (!swapIfBefore(heap, index, parent)) return;
    index = parent;
  }
}

function pop(heap: Timer[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  heap[0] = last;
  for (let index = 0; ; ) {
    const [left, right] = [heap[2 * index + 1], heap[2 * index + 2]];
    if (left === undefined) return;
    const child = right !== undefined && isBefore(right, left) ? 2 * index + 2 : 2 * index + 1;
    if (!swapIfBefore(heap, child, index)) return;
    index = child;
  }
}

function swapIfBefore(heap: Timer[], lower: number, upper: number): boolean {
  const [below, above] = [heap[lower], heap[upper]];
  if (below === undefined || above === undefined || !isBefore(below, above)) return false;
  heap[lower] = above;
  heap[upper] = below;
  return true;
}
